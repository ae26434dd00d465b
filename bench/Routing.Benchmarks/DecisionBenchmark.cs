using BenchmarkDotNet.Attributes;
using Routing.Core.Credentials;
using Routing.Core.Dispatch;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Providers;
using Routing.Core.Snapshots;
using Routing.Core.Tables;

namespace Routing.Benchmarks;

/// <summary>What breaker and selection add to a request: candidate, permit, reasons, and the result to the breaker. In good times and in bad ones.</summary>
public class DecisionBenchmark
{
    private const string Closed = "closed", Open = "open", OpenToo = "open-too", Returning = "returning";
    private const int Weighted = 8;

    private static readonly AttemptSignal Answered = AttemptSignal.Answered(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1), 60);
    private static readonly AttemptSignal Failed = AttemptSignal.Failed(FailureKind.UpstreamInternal, TimeSpan.FromMilliseconds(50));

    private FeatureRoute _closed = null!; // set up before the first run, as all below
    private FeatureRoute _open = null!;
    private FeatureRoute _returning = null!;
    private FeatureRoute _weighted = null!;
    private FeatureRoute _nobody = null!;

    [GlobalSetup]
    public void SetUp()
    {
        var health = new EndpointHealthRegistry(TimeProvider.System, 1) { Edges = 4 };
        var table = new RoutingTableCompiler(health, _ => new StaticTokenSource(new ApiKeyCredential("k")), 1).Compile(Snapshot(), new EdgeOverlay(), "bench");
        foreach (var (id, share) in (ReadOnlySpan<(string, int)>)[(Open, 0), (OpenToo, 0), (Returning, 10)])
        {
            health.Find(id)!.Force(share, DateTimeOffset.MaxValue, "bench", "bench"); // just compiled
        }

        (_closed, _open, _returning) = (table.Features["closed"], table.Features["open"], table.Features["returning"]);
        (_weighted, _nobody) = (table.Features["weighted"], table.Features["nobody"]);
    }

    [Benchmark(Baseline = true)]
    public bool PrimaryClosed() => Decide(_closed);

    [Benchmark]
    public bool PrimaryOpen() => Decide(_open);

    [Benchmark]
    public bool PrimaryReturning() => Decide(_returning);

    [Benchmark]
    public bool EightByWeight() => Decide(_weighted);

    [Benchmark]
    public bool NobodyLeft()
    {
        var selector = new CandidateSelector(_nobody, CallerApi.ChatCompletions, Capabilities.Text);
        if (selector.TryNext(out _, out _) || !selector.TryFailOpen(out var candidate, out var permit)) return false;
        candidate.Endpoint.Health.Return(permit, Failed);
        return true;
    }

    private static bool Decide(FeatureRoute route)
    {
        var selector = new CandidateSelector(route, CallerApi.ChatCompletions, Capabilities.Text);
        if (!selector.TryNext(out var candidate, out var permit)) return false;
        candidate.Endpoint.Health.Return(permit, Answered);
        return true;
    }

    private static RoutingSnapshot Snapshot()
    {
        string[] weighted = [.. Enumerable.Range(0, Weighted).Select(i => $"w{i}")];
        return new()
        {
            Accounts = [new() { Id = "a", Provider = ProviderKind.OpenAICompatible, Address = "https://example.com", Credential = new() { Kind = CredentialKind.ApiKey } }],
            ModelEndpoints = [.. weighted.Concat([Closed, Open, OpenToo, Returning]).Select(id => new ModelEndpointConfig { Id = id, Account = "a", Model = "m" })],
            Features =
            [
                Tiers("closed", Closed, "w0"), Tiers("open", Open, Closed), Tiers("returning", Returning, Closed), Tiers("nobody", Open, OpenToo),
                new() { Name = "weighted", Candidates = [.. weighted.Select((id, i) => new CandidateConfig { ModelEndpoint = id, Weight = i < 4 ? 12 : 13 })] },
            ],
        };
    }

    private static FeatureConfig Tiers(string name, string primary, string backup) =>
        new() { Name = name, Candidates = [new() { ModelEndpoint = primary }, new() { ModelEndpoint = backup, Tier = 2 }] };
}
