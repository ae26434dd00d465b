using System.Net;
using Routing.Simulator.Admin;
using Routing.Simulator.Anthropic;
using Routing.Simulator.Bedrock;
using Routing.Simulator.Calls;
using Routing.Simulator.Faults;
using Routing.Simulator.Holds;
using Routing.Simulator.Log;
using Routing.Simulator.OpenAI;
using Routing.Simulator.Tokens;
using Routing.Simulator.Vertex;

namespace Routing.Simulator;

/// <summary>Puts the stand-in clouds together: the list of everything they answer.</summary>
internal static class SimulatorSetup
{
    // Bedrock's own cap on a request body, the largest but Anthropic's.
    private const long LargestBody = 25_000_000;

    public static WebApplication Build(SimulatorOptions options, TimeProvider time, FaultBook faults, HoldBook holds, CallLog log, TokenFaultBook tokenFaults, Action<WebApplicationBuilder>? configure = null)
    {
        SimulatorOptionsCheck.ThrowIfWrong(options);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.AddServerHeader = false;
            var address = new Uri(options.Listen);
            kestrel.Listen(address.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 ? IPAddress.Parse(address.Host.Trim('[', ']')) : IPAddress.Loopback, address.Port);
        });
        builder.Services.AddRoutingCore();
        configure?.Invoke(builder);
        var app = builder.Build();
        app.UseRouting();
        Map(app, options, time, faults, holds, log, tokenFaults);
        return app;
    }

    private static void Map(IEndpointRouteBuilder routes, SimulatorOptions options, TimeProvider time, FaultBook faults, HoldBook holds, CallLog log, TokenFaultBook tokenFaults)
    {
        var ids = new SimulatorIds(options.Seed);
        var runner = new CallRunner(options, new BehaviourBook(options), faults, holds, log, ids, time);
        var issued = new IssuedCredentials(ids, time);
        MapTokens(routes, options, time, tokenFaults, issued, ids);
        new BedrockEndpoints(options, runner, ids, issued, time).Map(routes);
        var googleTokens = new GoogleTokens(options.Google, ids, issued, time);
        new VertexEndpoints(runner, ids, googleTokens, time).Map(routes);
        new ClaudeEndpoints(runner, ids, googleTokens, time).Map(routes);
        var (openAI, anthropic) = (new OpenAIEndpoints(options, runner, ids, issued, time), new AnthropicEndpoints(options, runner, ids, time));
        openAI.Map(routes);
        anthropic.Map(routes);

        // Two clouds share this path; only one of them has the header.
        routes.MapGet("/v1/models", (HttpRequest request) => request.Headers.ContainsKey("anthropic-version") ? anthropic.ListModels(request) : openAI.ListModels(request));
        new AdminEndpoints(options, faults, holds, log, tokenFaults).Map(routes);
        routes.MapGet("/healthz", () => Results.Text("ok"));
        routes.MapGet("/", () => Results.Content(StatusPage.Write(faults, log), "text/html; charset=utf-8"));
    }

    private static void MapTokens(IEndpointRouteBuilder routes, SimulatorOptions options, TimeProvider time, TokenFaultBook faults, IssuedCredentials issued, SimulatorIds ids)
    {
        var (desk, issuer) = (new TokenDesk(faults, time), new OidcIssuer(time));
        new AwsStsEndpoint(options, desk, issuer, issued, ids, time).Map(routes);
        new GoogleStsEndpoint(options, desk, issuer, issued, time).Map(routes);
        new EntraEndpoint(options, desk, issuer, issued, time).Map(routes);
        new MachineEndpoints(options, desk, issuer, issued, time).Map(routes);
    }
}
