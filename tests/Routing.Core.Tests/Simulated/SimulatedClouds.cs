using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Routing.Core.Credentials;
using Routing.Core.Dispatch;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Providers;
using Routing.Core.Snapshots;
using Routing.Core.Tables;
using Routing.Core.Tests.Dispatch;
using Routing.Core.Usage;
using Routing.Simulator;
using Routing.Simulator.Faults;
using Routing.Simulator.Log;
using TestKit;

namespace Routing.Core.Tests.Simulated;

/// <summary>All four wires against the stand-in clouds: adapter, signature, transport and dispatcher as they run on an edge.</summary>
public sealed class SimulatedClouds : IAsyncLifetime
{
    private const string Prompt = "What did the team decide about the launch?";
    private SimulatorHost? _host;

    /// <summary>Wire names, which are also the features' names here.</summary>
    public static readonly ImmutableArray<string> Wires = ["bedrock", "vertex", "azure", "openai"];

    private SimulatorHost Host => _host ?? throw new InvalidOperationException("The simulator is not running.");

    public async Task InitializeAsync() => _host = await SimulatorHost.StartAsync(new SimulatorOptions
    {
        Listen = "http://127.0.0.1:0", Speed = 0,
        Aws = new AwsCloud { Keys = [new AwsKey { Id = "AKIATESTS", Secret = "a-secret/access+key", SessionToken = "session/token==" }], Regions = ["us-east-1"] },
        Google = new GoogleCloud { Tokens = ["google-token"] },
        Azure = new AzureCloud { Keys = [new AzureKey { Key = "azure-key", Region = "eastus2" }] },
        OpenAI = new OpenAICloud { Keys = ["openai-key"], Models = ["gpt-4.1"] },
        Models = [new ModelBehaviour { CachedShare = 0.25, ThoughtTokens = 5 }],
    }, TimeProvider.System, CancellationToken.None);

    public async Task DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
    }

    /// <summary>One call on a fresh table, so that no breaker remembers the call before.</summary>
    public async Task<SimulatedResult> SendAsync(string wire, bool stream, FaultRule? fault = null)
    {
        Host.Faults.Clear();
        if (fault is not null) Assert.True(Host.Faults.Set($"{wire}/*/*", fault));
        // Signs for this moment, in which no connect takes too long however busy the machine is.
        using var transport = new ProviderTransport(new AddressRules([$"127.0.0.1:{Host.Address.Port}"]), new ManualTime(TimeProvider.System.GetUtcNow()));
        var compiler = new RoutingTableCompiler(new EndpointHealthRegistry(TimeProvider.System, seed: 1), a => new StaticTokenSource(Credential(a.Provider)), seed: 7);
        var table = compiler.Compile(Snapshot(), new EdgeOverlay(), "epoch");
        var now = TimeProvider.System.GetUtcNow();
        var identity = new RequestIdentity(Guid.CreateVersion7(now), now, TimeProvider.System.GetTimestamp(), "tests");
        var answer = new RecordedAnswer();
        var result = await new ChatDispatcher(transport, TimeProvider.System).DispatchAsync(
            Call(wire, stream), table.Features[wire], table, identity, answer, CancellationToken.None);
        return new SimulatedResult(result, Text(wire, stream, answer.Text));
    }

    /// <summary>The last call of a wire and mode, as the cloud saw it.</summary>
    public CallRecord Logged(string wire, bool streamed) => Host.Log.After(0, CallLog.Capacity).Last(c => c.Wire == wire && c.Streamed == streamed);

    private static CloudCredential Credential(ProviderKind kind) => kind switch
    {
        ProviderKind.Bedrock => new AwsCredential("AKIATESTS", "a-secret/access+key", "session/token=="),
        ProviderKind.Vertex => new BearerCredential("google-token", DateTimeOffset.MaxValue),
        ProviderKind.AzureOpenAI => new ApiKeyCredential("azure-key"),
        _ => new ApiKeyCredential("openai-key"),
    };

    private RoutingSnapshot Snapshot() => new()
    {
        Accounts =
        [
            Account("bedrock", ProviderKind.Bedrock), Account("vertex", ProviderKind.Vertex) with { Project = "my-project" },
            Account("azure", ProviderKind.AzureOpenAI) with { ApiVersion = "2024-10-21" }, Account("openai", ProviderKind.OpenAICompatible),
        ],
        ModelEndpoints =
        [
            Endpoint("bedrock", "us-east-1", "anthropic.claude-sonnet-4-5-20250929-v1:0"), Endpoint("vertex", "us-east5", "gemini-2.5-flash"),
            Endpoint("azure", "eastus2", "gpt-4.1"), Endpoint("openai", "", "gpt-4.1"),
        ],
        // Wide limits: what is judged here is how an answer ends, and a busy machine must not end it first.
        Features = [.. Wires.Select(w => new FeatureConfig { Name = w, FirstTokenMs = 60_000, TotalMs = 120_000, MaxAttempts = 1, Candidates = [new CandidateConfig { ModelEndpoint = w }] })],
    };

    private ProviderAccountConfig Account(string id, ProviderKind kind) => new()
    {
        Id = id, Provider = kind, Address = Host.Address.GetLeftPart(UriPartial.Authority), Credential = new CredentialConfig { Kind = CredentialKind.None },
    };

    private static ModelEndpointConfig Endpoint(string id, string region, string model) => new() { Id = id, Account = id, Region = region, Model = model };

    private static ChatCall Call(string wire, bool stream)
    {
        var head = $$"""{"model":"{{wire}}",""";
        var json = head + (stream ? "\"stream\":true," : "") + $$"""
            "messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"{{Prompt}}"}],"max_tokens":200}
            """;
        return new ChatCall(() => new ChatRequest
        {
            Messages = [ChatMessage.Of(ChatRole.System, "Be brief."), ChatMessage.Of(ChatRole.User, Prompt)], MaxOutputTokens = 200,
        })
        {
            Feature = wire, Stream = stream, Needs = Capabilities.Text, Original = new OriginalBody(Encoding.UTF8.GetBytes(json), 9..(head.Length - 1), null, 1),
        };
    }

    /// <summary>What the answer's text is, whichever wire it was passed on in.</summary>
    private static string Text(string wire, bool stream, string passedOn)
    {
        if (wire is "bedrock" or "vertex" || passedOn.Length == 0) return passedOn;
        if (!stream) return Content(passedOn, "message");
        return string.Concat(passedOn.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(e => Content(e["data: ".Length..], "delta")));
    }

    private static string Content(string json, string name)
    {
        // A damaged event after the first content is passed on as it came.
        if (!json.EndsWith('}')) return "";
        using var document = JsonDocument.Parse(json);
        var choices = document.RootElement.GetProperty("choices");
        return choices.GetArrayLength() > 0 && choices[0].TryGetProperty(name, out var piece) && piece.TryGetProperty("content", out var content) ? content.GetString() ?? "" : "";
    }
}

public sealed record SimulatedResult(DispatchResult Result, string Text)
{
    public Failure? Failure => Result.Failure;
    public AttemptRecord Attempt => Assert.Single(Result.Event.Attempts);
}
