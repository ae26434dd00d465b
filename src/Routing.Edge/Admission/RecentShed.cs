using Routing.Core.Health;
using Routing.Core.Snapshots;

namespace Routing.Edge.Admission;

/// <summary>What admission refused lately, and copies that were left out, from running counts: the request path pays nothing for it. Asked by one thread.</summary>
/// <param name="copies">Copies to shadows for which there was no room, since the start.</param>
internal sealed class RecentShed(AdmissionControl admission, Func<long> copies, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(10);

    private readonly Queue<(long At, ShedCalls Total)> _earlier = new();
    private ShedCalls _base = new(0, 0);
    private long? _kept;

    public ShedCalls Read()
    {
        var now = time.GetTimestamp();
        var total = new ShedCalls(admission.Shed(RequestLane.Interactive), admission.Shed(RequestLane.Batch), copies());
        while (_earlier.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At, now) >= Window) _base = _earlier.Dequeue().Total;
        if (_kept is null || time.GetElapsedTime(_kept.Value, now) >= Step)
        {
            _earlier.Enqueue((now, total));
            _kept = now;
        }

        return new ShedCalls(total.Interactive - _base.Interactive, total.Batch - _base.Batch, total.Copies - _base.Copies);
    }
}
