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
    private const string Closed = "closed", Open = "open", OpenToo = "open-too", Returning = "returning", Counted = "counted";
    private const int Weighted = 8;

    private static readonly AttemptSignal Answered = AttemptSignal.Answered(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1), 60);
    private static readonly AttemptSignal Failed = AttemptSignal.Failed(FailureKind.UpstreamInternal, TimeSpan.FromMilliseconds(50));

    // A prompt of some 2,000 tokens, of one conversation.
    private static readonly ChatCall Plain = new(() => new ChatRequest { Messages = [] })
    {
        Feature = "f", Stream = true, Needs = Capabilities.Text, AffinityKey = StableHash.Of("conversation"), Original = new OriginalBody(new byte[8_000], default, null, 1),
    };

    private static readonly DateTimeOffset Now = new(2026, 11, 26, 8, 0, 0, TimeSpan.Zero);

    private FeatureRoute _closed = null!; // set up before the first run, as all below
    private FeatureRoute _open = null!;
    private FeatureRoute _returning = null!;
    private FeatureRoute _weighted = null!;
    private FeatureRoute _nobody = null!;
    private FeatureRoute _counted = null!;
    private FeatureRoute _fastest = null!;
    private FeatureRoute _cheapest = null!;
    private FeatureRoute _balanced = null!;
    private FeatureRoute _byKey = null!;
    private FeatureRoute _byCache = null!;
    private FeatureRoute _warm = null!;

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
        (_weighted, _nobody, _counted) = (table.Features["weighted"], table.Features["nobody"], table.Features["counted"]);
        (_fastest, _cheapest, _balanced) = (table.Features["fastest"], table.Features["cheapest"], table.Features["balanced"]);
        (_byKey, _byCache, _warm) = (table.Features["by-key"], table.Features["by-cache"], table.Features["warm"]);
        foreach (var candidate in _fastest.Candidates) ShowSpeed(candidate.Endpoint.Health);
        _byCache.Memory.Holders.Answered(Plain.AffinityKey, (ushort)_byCache.Candidates[5].Salt, readCache: true, Now);
    }

    [Benchmark(Baseline = true)]
    public bool PrimaryClosed() => Decide(_closed);

    /// <summary>Its quota is counted, and its first token compared with what is usual.</summary>
    [Benchmark]
    public bool PrimaryCounted() => Decide(_counted);

    [Benchmark]
    public bool PrimaryOpen() => Decide(_open);

    [Benchmark]
    public bool PrimaryReturning() => Decide(_returning);

    [Benchmark]
    public bool EightByWeight() => Decide(_weighted);

    [Benchmark]
    public bool FastestOfEight() => Decide(_fastest);

    [Benchmark]
    public bool CheapestOfEight() => Decide(_cheapest);

    [Benchmark]
    public bool BalancedOfEight() => Decide(_balanced);

    [Benchmark]
    public bool EightByKey() => Decide(_byKey);

    [Benchmark]
    public bool HolderOfTheCache() => Decide(_byCache);

    [Benchmark]
    public bool BackupKeptWarm() => Decide(_warm);

    [Benchmark]
    public bool NobodyLeft()
    {
        var selector = new CandidateSelector(_nobody, Plain, Now);
        if (selector.TryNext(out _, out _) || !selector.TryFailOpen(out var candidate, out var permit)) return false;
        candidate.Endpoint.Health.Return(permit, Failed);
        return true;
    }

    private static bool Decide(FeatureRoute route)
    {
        var selector = new CandidateSelector(route, Plain, Now);
        if (!selector.TryNext(out var candidate, out var permit)) return false;
        candidate.Endpoint.Health.Return(permit, Answered);
        return true;
    }

    private static void ShowSpeed(EndpointHealth health)
    {
        for (var i = 0; i < 20 && health.TryAcquire(out var permit, out _); i++) health.Return(permit, Answered);
    }

    private static RoutingSnapshot Snapshot()
    {
        string[] weighted = [.. Enumerable.Range(0, Weighted).Select(i => $"w{i}")];
        FeatureConfig Eight(string name) => new() { Name = name, Candidates = [.. weighted.Select((id, i) => new CandidateConfig { ModelEndpoint = id, Weight = i < 4 ? 12 : 13 })] };
        return new()
        {
            Accounts = [new() { Id = "a", Provider = ProviderKind.OpenAICompatible, Address = "https://example.com", Credential = new() { Kind = CredentialKind.ApiKey } }],
            Breakers = [BreakerPolicyConfig.Default with { Id = "usual", FirstTokenBaselinePercent = 200 }],
            ModelEndpoints =
            [
                .. weighted.Concat([Closed, Open, OpenToo, Returning]).Select(id => new ModelEndpointConfig { Id = id, Account = "a", Model = "m" }),
                new() { Id = Counted, Account = "a", Model = "m", Breaker = "usual", RequestsPerMinute = int.MaxValue, TokensPerMinute = int.MaxValue },
            ],
            Features =
            [
                Tiers("closed", Closed, "w0"), Tiers("open", Open, Closed), Tiers("returning", Returning, Closed), Tiers("nobody", Open, OpenToo), Tiers("counted", Counted, Closed),
                Eight("weighted"), Eight("fastest") with { Selection = SelectionStrategy.Fastest }, Eight("cheapest") with { Selection = SelectionStrategy.Cheapest },
                Eight("balanced") with { Selection = SelectionStrategy.Balanced }, Eight("by-key") with { Affinity = AffinityMode.Key },
                Eight("by-cache") with { Affinity = AffinityMode.Cache, Selection = SelectionStrategy.Fastest }, Tiers("warm", Closed, "w0") with { WarmPercent = 10 },
            ],
            Prices = [.. weighted.Select((id, i) => new PriceConfig { ModelEndpoint = id, From = DateTimeOffset.UnixEpoch, Input = 3_000_000 + i, CacheRead = 300_000, Output = 15_000_000 })],
        };
    }

    private static FeatureConfig Tiers(string name, string primary, string backup) =>
        new() { Name = name, Candidates = [new() { ModelEndpoint = primary }, new() { ModelEndpoint = backup, Tier = 2 }] };
}
