using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Snapshots;
using static Routing.Core.Tests.Health.BreakerLab;

namespace Routing.Core.Tests.Health;

/// <summary>Whole stories in virtual time, against the pass figures of the fault list.</summary>
public sealed class HealthBreakerSimulationTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(20)]
    [InlineData(200)]
    [InlineData(1_500)]
    public void Flapping_UpAndDownEveryThreeSecondsForFiveMinutes_WastesLittleAndMovesSeldom(int perSecond)
    {
        var lab = new BreakerLab();
        var traffic = new TrafficSimulation(lab, perSecond) { Provider = at => (int)(at / 3) % 2 == 0 ? Ok(durationMs: 400) : Bad() };
        traffic.Run(300);

        var perMinute = lab.Moves.GroupBy(m => (int)(m.At - lab.Moves[0].At).TotalMinutes).Select(g => g.Count());
        Assert.All(perMinute, n => Assert.InRange(n, 0, 12));
        Assert.InRange(traffic.Wasted, 1, traffic.Calls / 5);
    }

    [Theory]
    [InlineData(FailureKind.Transport, 1)]
    [InlineData(FailureKind.UpstreamTimeout, 2_000)]
    public void Outage_EverythingFails_CostsFiveCallersThenAlmostNone(FailureKind kind, int milliseconds)
    {
        var lab = new BreakerLab();
        var traffic = new TrafficSimulation(lab, 5) { Provider = _ => Bad(kind, milliseconds) };
        traffic.Run(20);
        var first = traffic.Wasted;
        // Calls already under way when the fifth failure comes back cannot be recalled.
        Assert.InRange(first, 5, 5 + (5 * milliseconds / 1_000) + 4);
        traffic.Run(600);
        Assert.InRange(traffic.Wasted - first, 0, 20);
    }

    [Fact]
    public void Recovery_FiveCallsPerSecond_ClosesWithinAMinuteThroughEveryStep()
    {
        var lab = new BreakerLab();
        lab.Trip();
        lab.WaitForRamp();
        var began = lab.Time.GetUtcNow();
        var traffic = new TrafficSimulation(lab, 5) { Provider = _ => Ok(durationMs: 1_500) };
        traffic.Run(120, () => lab.Health.State == BreakerState.Closed);

        Assert.Equal(BreakerState.Closed, lab.State);
        Assert.InRange((lab.Time.GetUtcNow() - began).TotalSeconds, 7 * 3, 60);
        Assert.Equal(6, lab.Moves.Count(m => m.Cause == TransitionCause.Widened));
    }

    [Fact]
    public void Recovery_HeavyTraffic_NeverJumpsAStep()
    {
        var lab = new BreakerLab();
        lab.Trip();
        lab.WaitForRamp();
        var traffic = new TrafficSimulation(lab, 500) { Provider = _ => Ok(durationMs: 800) };
        traffic.Run(60, () => lab.Health.State == BreakerState.Closed);
        var ramp = lab.Moves.Where(m => m.To == BreakerState.PartialOpen).ToArray();
        Assert.Equal([1, 2, 5, 10, 25, 50, 100], ramp.Select(m => m.SharePercent));
        Assert.All(ramp.Zip(ramp.Skip(1)), pair => Assert.True(pair.Second.At - pair.First.At >= TimeSpan.FromSeconds(3)));
    }

    [Fact]
    public void Recovery_EndpointFailsAtOnePercent_StillCloses()
    {
        var random = new Random(5);
        var lab = new BreakerLab();
        lab.Trip();
        var traffic = new TrafficSimulation(lab, 50) { Provider = _ => random.Next(100) == 0 ? Bad() : Ok() };
        traffic.Run(180, () => lab.State == BreakerState.Closed);
        Assert.Equal(BreakerState.Closed, lab.State);
    }

    [Fact]
    public void SlowBurn_FirstTokenCreepsUp_TrickleThenRecovers()
    {
        var lab = new BreakerLab(BreakerPolicyConfig.Default with { FirstTokenP90Ms = 2_000 });
        var slow = new TrafficSimulation(lab, 10) { Provider = at => Ok(firstTokenMs: 300 + (at * 20), durationMs: 1_000 + (at * 20)) };
        slow.Run(180);
        Assert.Equal(BreakerState.PartialOpen, lab.State);
        Assert.Equal(TransitionCause.FirstTokenLatency, lab.Moves[0].Cause);
        // Trips when a tenth of the window is over the limit: at 85 s the newest call is.
        Assert.InRange((lab.Moves[0].At - new DateTimeOffset(2026, 11, 24, 14, 0, 0, TimeSpan.Zero)).TotalSeconds, 85, 100);
        Assert.DoesNotContain(lab.Moves, m => m.To == BreakerState.Open);
        Assert.InRange(slow.Attempts, 800, 1_200);

        var healthy = new TrafficSimulation(lab, 10) { Provider = _ => Ok(firstTokenMs: 300) };
        healthy.Run(120, () => lab.Health.State == BreakerState.Closed);
        Assert.Equal(BreakerState.Closed, lab.State);
    }

    [Fact]
    public void SlowOnlyUnderLoad_SettlesInsteadOfSwinging()
    {
        var lab = new BreakerLab(BreakerPolicyConfig.Default with { FirstTokenP90Ms = 2_000 });
        var recent = new Queue<double>();
        var traffic = new TrafficSimulation(lab, 100)
        {
            Provider = at =>
            {
                recent.Enqueue(at);
                while (recent.Peek() < at - 1) recent.Dequeue();
                return Ok(firstTokenMs: recent.Count > 30 ? 4_000 : 300, durationMs: 4_500);
            },
        };
        traffic.Run(600);
        Assert.NotEqual(BreakerState.Open, lab.State);
        Assert.InRange(lab.Moves.Length, 2, 60);
    }

    [Fact]
    public void QuotaStorm_FiveMinutesOf429_NeverTripsAndSendsLittle()
    {
        var lab = new BreakerLab();
        var traffic = new TrafficSimulation(lab, 50) { Provider = _ => Bad(FailureKind.RateLimited) };
        traffic.Run(300);
        Assert.Empty(lab.Moves);
        // The gate reopens every 5 s; what is under way for 50 ms slips through.
        Assert.InRange(traffic.Attempts, 60, 60 * 4);
    }

    [Fact]
    public void AllDown_OnlyCandidate_KeepsTryingAFewAndIsBackWithinFiveSeconds()
    {
        var lab = new BreakerLab();
        var up = false;
        var traffic = new TrafficSimulation(lab, 50) { IsOnlyCandidate = true, Provider = _ => up ? Ok(durationMs: 300) : Bad(FailureKind.Transport, 1_000) };
        traffic.Run(120);
        Assert.InRange(traffic.MostUnderWay, 1, 50 + 8);
        Assert.Equal(BreakerState.Open, lab.State);

        up = true;
        var answeredBefore = traffic.Attempts;
        traffic.Run(5);
        Assert.True(traffic.Attempts - answeredBefore > 20);
        Assert.NotEqual(BreakerState.Open, lab.State);
        traffic.Run(60, () => lab.Health.State == BreakerState.Closed);
        Assert.Equal(BreakerState.Closed, lab.State);
    }

    [Fact]
    public void ProviderWideOutage_OneOfThreeStillAnswers_StaysClosed()
    {
        // A breaker never closes off all targets while one succeeds.
        var lab = new BreakerLab();
        EndpointHealth[] all = [lab.Health, lab.Registry.Get("b", lab.Policy), lab.Registry.Get("c", lab.Policy)];
        for (var i = 0; i < 5_000; i++)
        {
            var health = all.FirstOrDefault(h => h.State == BreakerState.Closed) ?? all[2];
            if (health.TryAcquire(out var permit, out _)) health.Return(permit, health == all[2] ? Ok() : Bad());
            lab.Time.Advance(0.1);
            Assert.Equal(BreakerState.Closed, all[2].State);
        }
    }

    [Fact]
    public void RandomHistories_TenThousandSteps_KeepTheInvariants()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var lab = new BreakerLab(seed: seed);
            var held = new List<Permit>();
            for (var step = 0; step < 500; step++) Act(lab, random, held);
            foreach (var permit in held) lab.Health.Return(permit, Ok());
            Assert.Equal(0, lab.Health.InFlight);
            CheckMoves(lab, seed);
        }
    }

    private static void Act(BreakerLab lab, Random random, List<Permit> held)
    {
        var kinds = Enum.GetValues<FailureKind>();
        switch (random.Next(10))
        {
            case < 4 when lab.Health.TryAcquire(out var permit, out _):
                held.Add(permit);
                break;
            case 4 when lab.Health.TryAcquireFailOpen(out var permit):
                held.Add(permit);
                break;
            case < 8 when held.Count > 0:
                var at = random.Next(held.Count);
                lab.Health.Return(held[at], random.Next(2) == 0 ? Ok() : Bad(kinds[random.Next(kinds.Length)]));
                held.RemoveAt(at);
                break;
            case 8:
                lab.Time.Advance(random.NextDouble() * 20);
                lab.Registry.Tick();
                break;
            case 9 when random.Next(50) == 0:
                lab.Health.Isolate(lab.Time.GetUtcNow().AddSeconds(random.Next(60)), "", "ana");
                break;
        }
        var view = lab.View;
        Assert.True(view.State == BreakerState.PartialOpen == view.Stage >= 0);
        Assert.InRange(view.SharePercent, view.State == BreakerState.PartialOpen ? 1 : 0, 100);
        Assert.Equal(held.Count, view.InFlight);
        Assert.True(view.Until is null || view.Until > lab.Time.GetUtcNow());
        Assert.True(held.Count(p => p.IsFailOpen) <= lab.Policy.FailOpenConcurrency);
    }

    private static void CheckMoves(BreakerLab lab, int seed)
    {
        var state = BreakerState.Closed;
        var at = DateTimeOffset.MinValue;
        foreach (var move in lab.Moves)
        {
            Assert.True(move.From == state, $"seed {seed}: {move.From} after {state}");
            Assert.True(move.At >= at && move.Sentence.Length > 10);
            Assert.True(move.To is BreakerState.Open or BreakerState.Isolated == move.Until is not null);
            (state, at) = (move.To, move.At);
        }
        Assert.Equal(state, lab.Health.State);
    }
}
