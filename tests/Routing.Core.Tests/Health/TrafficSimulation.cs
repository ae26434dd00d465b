using Routing.Core.Health;
using Routing.Core.Llm;

namespace Routing.Core.Tests.Health;

/// <summary>
/// Callers at a steady rate against one scripted endpoint, in virtual time. A refused caller goes to a backup that always answers and is not modelled.
/// </summary>
internal sealed class TrafficSimulation(BreakerLab lab, double perSecond)
{
    private readonly PriorityQueue<(Permit Permit, AttemptSignal Signal), long> _underWay = new();

    /// <summary>How the endpoint answers a call begun this many seconds into the run.</summary>
    public required Func<double, AttemptSignal> Provider { get; init; }

    /// <summary>Whether refused callers have no backup and ask to fail open.</summary>
    public bool IsOnlyCandidate { get; init; }

    public int Calls { get; private set; }
    public int Attempts { get; private set; }
    public int Wasted { get; private set; }
    public int Refused => Calls - Attempts;
    public int MostUnderWay { get; private set; }

    public void Run(double seconds, Func<bool>? until = null)
    {
        var calls = (int)(seconds * perSecond);
        for (var i = 0; i < calls && until?.Invoke() != true; i++)
        {
            Begin(i / perSecond);
            RunTo(lab.Time.GetTimestamp() + (long)(TimeSpan.TicksPerSecond / perSecond));
        }
    }

    private void Begin(double at)
    {
        Calls++;
        if (!lab.Health.TryAcquire(out var permit, out _) && !(IsOnlyCandidate && lab.Health.TryAcquireFailOpen(out permit))) return;
        Attempts++;
        var signal = Provider(at);
        if (signal.Failure is { } kind && kind != FailureKind.RateLimited) Wasted++;
        _underWay.Enqueue((permit, signal), lab.Time.GetTimestamp() + signal.Duration.Ticks);
        MostUnderWay = Math.Max(MostUnderWay, _underWay.Count);
    }

    private void RunTo(long moment)
    {
        while (_underWay.TryPeek(out var call, out var ends) && ends <= moment)
        {
            _underWay.Dequeue();
            lab.Time.Advance(TimeSpan.FromTicks(ends - lab.Time.GetTimestamp()));
            lab.Health.Return(call.Permit, call.Signal);
        }
        lab.Time.Advance(TimeSpan.FromTicks(moment - lab.Time.GetTimestamp()));
    }
}
