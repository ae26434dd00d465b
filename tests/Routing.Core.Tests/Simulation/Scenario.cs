using System.Collections.Immutable;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Snapshots;

namespace Routing.Core.Tests.Simulation;

public enum Story { HerdOnRecovery, Flapping, SlowBurn, ProviderWideOutage, QuotaStorm, ColdCacheAtReturn, ThinTraffic, ClientCancellations, Everything, SlowerThanUsual, LongPrompts, KnownQuota }

/// <summary>One run's circumstances, all drawn from its seed.</summary>
internal sealed record Scenario
{
    public required Story Story { get; init; }
    public required int Seed { get; init; }
    public required int Edges { get; init; }
    public required double PerSecond { get; init; }
    public required double Seconds { get; init; }

    /// <summary>Scripts of the candidates, one tier each.</summary>
    public required ImmutableArray<Func<SimulatedProvider, double, Random, Reply>> Providers { get; init; }

    /// <summary>How far back a provider remembers its calls, in seconds.</summary>
    public double Memory { get; init; } = 1;
    public BreakerPolicyConfig Policy { get; init; } = BreakerPolicyConfig.Default;

    /// <summary>Share of the callers who give up, and the longest they wait.</summary>
    public double GivesUp { get; init; }
    public double LongestWait { get; init; }

    /// <summary>From when on every provider is well; infinite when one never is.</summary>
    public double WellFrom { get; init; } = double.PositiveInfinity;

    /// <summary>From when on the first token may be called late, and by when each edge must have seen it; infinite when it never is.</summary>
    public double SlowFrom { get; init; }
    public double TripsBy { get; init; } = double.PositiveInfinity;

    /// <summary>How long the prompt of a call begun at that second is; null: all alike.</summary>
    public Func<double, Random, int>? PromptTokens { get; init; }

    /// <summary>What the edges believe their quota at the first candidate to be, and what part of it they have.</summary>
    public QuotaLimits Quota { get; init; }
    public double TrueQuota { get; init; } = 1;

    public static Scenario Draw(Story story, int seed)
    {
        var random = new Random((seed * 8) + (int)story);
        var edges = random.Next(1, 9);
        return story switch
        {
            Story.HerdOnRecovery => HerdOnRecovery(seed, edges, random),
            Story.Flapping => Flapping(seed, edges, random),
            Story.SlowBurn => SlowBurn(seed, edges, random),
            Story.ProviderWideOutage => ProviderWideOutage(seed, edges, random),
            Story.QuotaStorm => QuotaStorm(seed, edges, random),
            Story.ColdCacheAtReturn => ColdCacheAtReturn(seed, edges, random),
            Story.ThinTraffic => ThinTraffic(seed, edges, random),
            Story.SlowerThanUsual => SlowerThanUsual(seed, edges, random),
            Story.LongPrompts => LongPrompts(seed, edges, random),
            Story.KnownQuota => KnownQuota(seed, edges, random),
            Story.ClientCancellations => ClientCancellations(seed, edges, random),
            _ => Everything(seed, edges, random),
        };
    }

    /// <summary>Out, and on its return able to take little at first: whoever sends it everything at once knocks it over again.</summary>
    private static Scenario HerdOnRecovery(int seed, int edges, Random random)
    {
        var (perSecond, from, to, down) = (Between(random, 3, 20), 10.0, 10 + Between(random, 10, 80), Outage(random));
        return new Scenario
        {
            Story = Story.HerdOnRecovery, Seed = seed, Edges = edges, PerSecond = perSecond, Seconds = to + 170, WellFrom = to + 30, Memory = 2,
            Providers =
            [
                (p, at, r) => at < from ? Well(r) : at < to ? down(r)
                    : p.Recent > 2 * perSecond * (0.3 + ((at - to) / 20)) ? Reply.Refusal(FailureKind.CapacityExhausted, 0.05) : Well(r),
                (_, _, r) => Well(r),
            ],
        };
    }

    private static Scenario Flapping(int seed, int edges, Random random)
    {
        var (up, period, down) = (Between(random, 1, 45), 0.0, Outage(random));
        period = up + Between(random, 1, 20);
        return new Scenario
        {
            Story = Story.Flapping, Seed = seed, Edges = edges, PerSecond = Between(random, 2, 16), Seconds = 240,
            Providers = [(_, at, r) => at % period < up ? Well(r) : down(r), (_, _, r) => Well(r)],
        };
    }

    /// <summary>The first token comes later and later, stays late, and is in time again.</summary>
    private static Scenario SlowBurn(int seed, int edges, Random random)
    {
        var (rise, late, end) = (Between(random, 20, 60), Between(random, 2.5, 6), 0.0);
        end = rise + 30;
        return new Scenario
        {
            Story = Story.SlowBurn, Seed = seed, Edges = edges, PerSecond = Between(random, 8, 20), Seconds = end + 150, WellFrom = end,
            Policy = BreakerPolicyConfig.Default with { FirstTokenP90Ms = 2_000 },
            Providers =
            [
                (_, at, r) => at < end ? Reply.Answer((0.4 + (late * Math.Min(at / rise, 1))) * Between(r, 0.8, 1.2), Between(r, 0.2, 1)) : Well(r),
                (_, _, r) => Well(r),
            ],
        };
    }

    /// <summary>
    /// After half an hour as usual the first token comes later and later, under any absolute limit, while a tenth to a half of the prompts are long,
    /// with a first token that is later anyway.
    /// </summary>
    private static Scenario SlowerThanUsual(int seed, int edges, Random random)
    {
        var (from, rise, late, usual, longs) = (Between(random, 1_900, 2_300), Between(random, 20, 600), Between(random, 3.5, 6), Between(random, 0.05, 0.2), Between(random, 0.1, 0.5));
        var (surely, end) = (from + (rise * 2 / (late - 1)), from + rise + 200);
        return new Scenario
        {
            Story = Story.SlowerThanUsual, Seed = seed, Edges = edges, PerSecond = Between(random, 0.7, 1.5) * edges, Seconds = end + 600, WellFrom = end,
            SlowFrom = from, TripsBy = surely + 120, Policy = ByBaseline, PromptTokens = (_, r) => r.NextDouble() < longs ? 30_000 : 800,
            Providers =
            [
                (p, at, r) => Reply.Answer(Usual(p, usual, r) * (at < from || at >= end ? 1 : 1 + ((late - 1) * Math.Min((at - from) / rise, 1))), 0.5),
                (p, _, r) => Reply.Answer(Usual(p, usual, r), 0.5),
            ],
        };
    }

    /// <summary>Nobody is slower than usual, but from some moment on most prompts are long.</summary>
    private static Scenario LongPrompts(int seed, int edges, Random random)
    {
        var (from, usual, before, after) = (Between(random, 1_900, 2_300), Between(random, 0.05, 0.2), Between(random, 0, 0.1), Between(random, 0.5, 1));
        return new Scenario
        {
            Story = Story.LongPrompts, Seed = seed, Edges = edges, PerSecond = Between(random, 0.7, 1.5) * edges, Seconds = from + 900,
            Policy = ByBaseline, PromptTokens = (at, r) => r.NextDouble() < (at < from ? before : after) ? 30_000 : 800,
            Providers = [(p, _, r) => Reply.Answer(Usual(p, usual, r), 0.5), (p, _, r) => Reply.Answer(Usual(p, usual, r), 0.5)],
        };
    }

    private static readonly BreakerPolicyConfig ByBaseline = BreakerPolicyConfig.Default with { FirstTokenBaselinePercent = 200, WindowSeconds = 60, MinimumLatencySamples = 20 };

    /// <summary>A first token takes four times as long behind a long prompt, and one in fifty twice as long for no reason.</summary>
    private static double Usual(SimulatedProvider provider, double seconds, Random random) =>
        seconds * (provider.PromptTokens > 10_000 ? 4 : 1) * Between(random, 0.5, 1) * (random.Next(50) == 0 ? 2 : 1);

    /// <summary>Both models of one provider are out at once; a third elsewhere is well all the time.</summary>
    private static Scenario ProviderWideOutage(int seed, int edges, Random random)
    {
        var (from, to, down) = (10.0, 10 + Between(random, 20, 120), Outage(random));
        return new Scenario
        {
            Story = Story.ProviderWideOutage, Seed = seed, Edges = edges, PerSecond = Between(random, 4, 15), Seconds = to + 170, WellFrom = to,
            Providers = [(_, at, r) => at >= from && at < to ? down(r) : Well(r), (_, at, r) => at >= from && at < to ? down(r) : Well(r), (_, _, r) => Well(r)],
        };
    }

    /// <summary>Everybody answers 429 for the whole run, some with a hint and some without, quickly or not.</summary>
    private static Scenario QuotaStorm(int seed, int edges, Random random)
    {
        double? hint = random.Next(3) == 0 ? null : Between(random, 0.5, 30);
        var slowest = Between(random, 0.02, 1);
        Reply Refuse(Random r) => Reply.Refusal(FailureKind.RateLimited, Between(r, 0.02, slowest), hint);
        return new Scenario
        {
            Story = Story.QuotaStorm, Seed = seed, Edges = edges, PerSecond = Between(random, 1, 8) * edges, Seconds = 90,
            Providers = [.. Enumerable.Repeat<Func<SimulatedProvider, double, Random, Reply>>((_, _, r) => Refuse(r), random.Next(1, 4))],
        };
    }

    /// <summary>
    /// The first candidate's quota is known, and callers want a multiple of it; the second has room. In half of the seeds less is granted than is believed.
    /// </summary>
    private static Scenario KnownQuota(int seed, int edges, Random random)
    {
        var (quota, granted) = (random.Next(20, 300) * edges, random.Next(2) == 0 ? 1 : Between(random, 0.5, 1));
        return new Scenario
        {
            Story = Story.KnownQuota, Seed = seed, Edges = edges, PerSecond = quota / 60.0 * Between(random, 1.5, 4), Seconds = 300, Memory = 60,
            Quota = new QuotaLimits(quota, 0), TrueQuota = granted,
            Providers = [(p, _, r) => p.Recent > (granted * quota * 7 / 6) + edges ? Reply.Refusal(FailureKind.RateLimited, 0.05) : Well(r), (_, _, r) => Well(r)],
        };
    }

    /// <summary>After an outage no prompt is cached any more: the first token is late until a few dozen calls have come by.</summary>
    private static Scenario ColdCacheAtReturn(int seed, int edges, Random random)
    {
        var (from, to, cold, down) = (10.0, 10 + Between(random, 15, 90), Between(random, 1.5, 4), Outage(random));
        return new Scenario
        {
            Story = Story.ColdCacheAtReturn, Seed = seed, Edges = edges, PerSecond = Between(random, 6, 16), Seconds = to + 200, WellFrom = to, Memory = 60,
            Policy = BreakerPolicyConfig.Default with { FirstTokenP90Ms = 2_000 },
            Providers =
            [
                (p, at, r) => at >= from && at < to ? down(r) : r.Next(30) < p.Recent ? Well(r) : Reply.Answer(cold * Between(r, 0.8, 1.2), 0.5),
                (_, _, r) => Well(r),
            ],
        };
    }

    /// <summary>A call now and then: no ratio ever has enough samples.</summary>
    private static Scenario ThinTraffic(int seed, int edges, Random random)
    {
        var (from, to, down) = (120.0, 120 + Between(random, 60, 600), Outage(random));
        return new Scenario
        {
            Story = Story.ThinTraffic, Seed = seed, Edges = edges, PerSecond = Between(random, 0.05, 0.8), Seconds = to + 900,
            Providers = [(_, at, r) => at >= from && at < to ? down(r) : Well(r), (_, _, r) => Well(r)],
        };
    }

    private static Scenario ClientCancellations(int seed, int edges, Random random) => new()
    {
        Story = Story.ClientCancellations, Seed = seed, Edges = edges, PerSecond = Between(random, 5, 20), Seconds = 100, GivesUp = Between(random, 0.3, 1), LongestWait = Between(random, 0.1, 5),
        Policy = BreakerPolicyConfig.Default with { FirstTokenP90Ms = random.Next(2) * 2_000 },
        Providers = [(_, _, r) => Well(r), (_, _, r) => Well(r)],
    };

    /// <summary>Every provider goes from one trouble to the next, and callers leave. Nothing is well for good.</summary>
    private static Scenario Everything(int seed, int edges, Random random) => new()
    {
        Story = Story.Everything, Seed = seed, Edges = edges, PerSecond = Between(random, 1, 15), Seconds = 240, GivesUp = Between(random, 0, 0.2), LongestWait = 3,
        Policy = BreakerPolicyConfig.Default with { FirstTokenP90Ms = random.Next(2) * 2_000, OpenSeconds = random.Next(1, 20) },
        Providers = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Episodes(random))],
    };

    private static Func<SimulatedProvider, double, Random, Reply> Episodes(Random random)
    {
        List<(double Until, Func<Random, Reply> Script)> episodes = [];
        for (var until = 0.0; until < 240;)
        {
            until += Between(random, 1, random.Next(2) == 0 ? 5 : 40);
            var late = Between(random, 1, 6);
            episodes.Add((until, random.Next(7) switch
            {
                < 3 => Well,
                3 => r => Reply.Answer(late * Between(r, 0.5, 1.5), 0.5),
                4 => _ => Reply.Refusal(FailureKind.RateLimited, 0.1, late),
                5 => r => r.Next(3) == 0 ? Reply.Refusal(FailureKind.UpstreamInternal, 0.1) : Well(r),
                _ => Outage(random),
            }));
        }

        return (_, at, r) => episodes.Find(e => at < e.Until).Script?.Invoke(r) ?? Well(r);
    }

    private static Reply Well(Random random) => Reply.Answer(Between(random, 0.1, 0.8), Between(random, 0.2, 1.5));

    private static Func<Random, Reply> Outage(Random random)
    {
        var hint = Between(random, 1, 20);
        return random.Next(6) switch
        {
            0 => _ => Reply.Refusal(FailureKind.Transport, 0.002),
            1 => r => Reply.Refusal(FailureKind.UpstreamInternal, Between(r, 0.05, 0.5)),
            2 => _ => Reply.Refusal(FailureKind.CapacityExhausted, 0.03, hint),
            3 => _ => Reply.Refusal(FailureKind.UpstreamTimeout, 2),
            4 => r => Reply.Refusal(FailureKind.StreamInterrupted, Between(r, 0.3, 1)),
            _ => _ => Reply.Refusal(FailureKind.UpstreamInternal, double.PositiveInfinity),
        };
    }

    private static double Between(Random random, double least, double most) => least + (random.NextDouble() * (most - least));
}
