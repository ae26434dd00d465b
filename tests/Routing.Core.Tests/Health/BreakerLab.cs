using System.Collections.Immutable;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Snapshots;
using TestKit;

namespace Routing.Core.Tests.Health;

/// <summary>One endpoint, a clock moved by hand, and short words for what happens to it.</summary>
internal sealed class BreakerLab
{
    public BreakerLab(BreakerPolicyConfig? policy = null, int seed = 1)
    {
        Policy = policy ?? BreakerPolicyConfig.Default;
        Registry = new EndpointHealthRegistry(Time, seed);
        Health = Registry.Get("bedrock-east-sonnet", Policy);
    }

    public ManualTime Time { get; } = new();
    public BreakerPolicyConfig Policy { get; }
    public EndpointHealthRegistry Registry { get; }
    public EndpointHealth Health { get; }

    public EndpointHealthView View => Health.View();
    public BreakerState State => View.State;

    public ImmutableArray<BreakerTransition> Moves => Registry.TakeTransitions(1_000);

    public static AttemptSignal Ok(double firstTokenMs = 200, double durationMs = 1_000, long tokens = 100) =>
        AttemptSignal.Answered(TimeSpan.FromMilliseconds(firstTokenMs), TimeSpan.FromMilliseconds(durationMs), tokens);

    public static AttemptSignal Bad(FailureKind kind = FailureKind.UpstreamInternal, double durationMs = 50, TimeSpan? retryAfter = null) =>
        AttemptSignal.Failed(kind, TimeSpan.FromMilliseconds(durationMs), retryAfter);

    public Permit Acquire()
    {
        Assert.True(Health.TryAcquire(out var permit, out var rejection), $"refused: {rejection}");
        return permit;
    }

    public bool TryCall(AttemptSignal signal)
    {
        if (!Health.TryAcquire(out var permit, out _)) return false;
        Health.Return(permit, signal);
        return true;
    }

    public void Call(AttemptSignal signal, int times = 1)
    {
        for (var i = 0; i < times; i++) Assert.True(TryCall(signal), $"call {i + 1} was refused");
    }

    public void Trip()
    {
        Call(Bad(), Policy.ConsecutiveFailures);
        Assert.Equal(BreakerState.Open, State);
    }

    /// <summary>Waits out Open, whatever its jitter.</summary>
    public void WaitForRamp()
    {
        Time.Advance(Health.Wait);
        Assert.Equal(BreakerState.PartialOpen, State);
    }

    /// <summary>One answered call a second until the breaker closes.</summary>
    public void Recover(int limitSeconds = 600)
    {
        for (var i = 0; i < limitSeconds && State != BreakerState.Closed; i++)
        {
            TryCall(Ok());
            Time.Advance(1);
        }
        Assert.Equal(BreakerState.Closed, State);
    }
}
