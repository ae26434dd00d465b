using Routing.Core.Credentials;
using Routing.Core.Health;
using Routing.Core.Providers;
using Routing.Core.Snapshots;
using Routing.Core.Tables;

namespace Routing.Core.Tests.Simulation;

/// <summary>One edge: its own breakers with its own jitter, and a route to every provider of the scenario.</summary>
internal sealed class SimulatedEdge
{
    // Compiling a table is not what is simulated: what a model endpoint is apart from its health is made once.
    private static readonly ModelEndpoint Template = Compile();

    public SimulatedEdge(int number, Scenario scenario, TimeProvider time)
    {
        Number = number;
        Health = new EndpointHealthRegistry(time, (scenario.Seed * 100) + number) { Edges = scenario.Edges };
        Route = new FeatureRoute((ulong)scenario.Seed)
        {
            Name = "f", FirstToken = TimeSpan.FromSeconds(10), Idle = TimeSpan.FromSeconds(10), Total = TimeSpan.FromSeconds(120), MaxAttempts = 3,
            Candidates = [.. scenario.Providers.Select((_, i) => new Candidate(Endpoint($"e{i}", scenario.Policy, i == 0 ? scenario.Quota : default), i + 1, 100, CandidateRole.Primary))],
        };
    }

    public int Number { get; }
    public EndpointHealthRegistry Health { get; }
    public FeatureRoute Route { get; }

    private ModelEndpoint Endpoint(string id, BreakerPolicyConfig policy, QuotaLimits quota) => new()
    {
        Id = id, Model = id, Adapter = Template.Adapter, Target = Template.Target, Apis = Template.Apis, Credentials = Template.Credentials, Health = Health.Get(id, policy, quota),
    };

    private static ModelEndpoint Compile()
    {
        var snapshot = new RoutingSnapshot
        {
            Accounts = [new() { Id = "a", Provider = ProviderKind.OpenAICompatible, Address = "https://example.com", Credential = new() { Kind = CredentialKind.ApiKey } }],
            ModelEndpoints = [new() { Id = "e", Account = "a", Model = "m" }],
        };
        var compiler = new RoutingTableCompiler(new EndpointHealthRegistry(TimeProvider.System, 1), _ => new StaticTokenSource(new ApiKeyCredential("k")), 1);
        return compiler.Compile(snapshot, new EdgeOverlay(), "epoch").Endpoints["e"];
    }
}
