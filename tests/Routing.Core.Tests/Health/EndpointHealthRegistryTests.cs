using Routing.Core.Health;
using Routing.Core.Snapshots;
using static Routing.Core.Tests.Health.BreakerLab;

namespace Routing.Core.Tests.Health;

public sealed class EndpointHealthRegistryTests
{
    [Fact]
    public void Get_SameIdWithAnotherPolicy_KeepsTheObjectAndItsState()
    {
        var lab = new BreakerLab();
        lab.Call(Bad(), 3);
        var again = lab.Registry.Get(lab.Health.ModelEndpoint, lab.Policy with { ConsecutiveFailures = 4 });
        Assert.Same(lab.Health, again);
        lab.Call(Bad());
        Assert.Equal(BreakerState.Open, lab.State);
    }

    [Fact]
    public void Get_RampMissing_UsesTheDefault()
    {
        var lab = new BreakerLab(BreakerPolicyConfig.Default with { RampPercent = default });
        lab.Trip();
        lab.WaitForRamp();
        Assert.Equal(1, lab.View.SharePercent);
    }

    [Fact]
    public void KeepOnly_EndpointGone_IsForgotten()
    {
        var lab = new BreakerLab();
        lab.Registry.Get("gone", lab.Policy);
        lab.Registry.KeepOnly(new HashSet<string>(StringComparer.Ordinal) { lab.Health.ModelEndpoint });
        Assert.Equal(lab.Health.ModelEndpoint, Assert.Single(lab.Registry.Views()).ModelEndpoint);
        Assert.Null(lab.Registry.Find("gone"));
    }

    [Fact]
    public void AcknowledgeTransitions_PartOfThem_KeepsTheRest()
    {
        var lab = new BreakerLab();
        lab.Trip();
        lab.WaitForRamp();
        lab.Recover();
        var all = lab.Moves;
        var first = lab.Registry.TakeTransitions(3);
        Assert.Equal(first.AsEnumerable(), lab.Registry.TakeTransitions(3));
        lab.Registry.AcknowledgeTransitions(first);
        lab.Registry.AcknowledgeTransitions(first);
        Assert.Equal(all.Skip(3), lab.Moves);
    }

    [Fact]
    public void TakeTransitions_NobodyAcknowledges_KeepsTheNewestThousandAndCountsTheRest()
    {
        var lab = new BreakerLab();
        for (var i = 0; i < 600; i++)
        {
            lab.Health.Isolate(lab.Time.GetUtcNow().AddMinutes(1), "", "ana");
            lab.Health.Release("ana");
        }
        Assert.Equal(1_000, lab.Registry.TakeTransitions(5_000).Length);
        Assert.Equal(200, lab.Registry.DroppedTransitions);
        Assert.Equal(TransitionCause.Released, lab.Registry.TakeTransitions(5_000)[^1].Cause);
    }

    [Fact]
    public async Task WaitForTransitionAsync_MoveHappens_Completes()
    {
        var lab = new BreakerLab();
        var waiting = lab.Registry.WaitForTransitionAsync(CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);
        lab.Trip();
        await waiting.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Return_EightThreadsAtOnce_LosesNothing()
    {
        var registry = new EndpointHealthRegistry(TimeProvider.System, 3);
        var policy = BreakerPolicyConfig.Default with { OpenSeconds = 1, DwellSeconds = 0, StepSuccesses = 1, StepConsecutiveSuccesses = 1, FailOpenConcurrency = 4 };
        var health = registry.Get("a", policy);
        var failOpen = 0;
        var most = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            var random = new Random(worker);
            for (var i = 0; i < 20_000; i++)
            {
                if (health.TryAcquire(out var permit, out _) || health.TryAcquireFailOpen(out permit))
                {
                    if (permit.IsFailOpen) InterlockedMax(ref most, Interlocked.Increment(ref failOpen));
                    var signal = random.Next(3) == 0 ? Bad() : Ok();
                    if (permit.IsFailOpen) Interlocked.Decrement(ref failOpen);
                    health.Return(permit, signal);
                }
                if (i % 97 == 0) _ = health.View();
                if (i % 501 == 0) registry.Tick();
            }
        })));

        Assert.Equal(0, health.InFlight);
        Assert.InRange(most, 0, 4);
        var moves = registry.TakeTransitions(5_000);
        Assert.All(moves.Zip(moves.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
    }

    private static void InterlockedMax(ref int most, int value)
    {
        var seen = Volatile.Read(ref most);
        while (value > seen)
        {
            var before = Interlocked.CompareExchange(ref most, value, seen);
            if (before == seen) return;
            seen = before;
        }
    }
}
