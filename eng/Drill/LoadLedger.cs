using System.Collections.Concurrent;

namespace Drill;

/// <summary>What the client itself knows: which answers it received whole, and which calls ended otherwise.</summary>
internal sealed class LoadLedger
{
    private int _finished;

    public ConcurrentBag<string> Completed { get; } = [];
    public ConcurrentBag<FailedCall> Failed { get; } = [];

    /// <summary>Calls that ended, well or badly.</summary>
    public int Finished => Volatile.Read(ref _finished);

    public void Complete(string requestId)
    {
        Completed.Add(requestId);
        Interlocked.Increment(ref _finished);
    }

    public void Fail(Uri edge, string phase, string reason)
    {
        Failed.Add(new FailedCall(edge, phase, reason));
        Interlocked.Increment(ref _finished);
    }
}

internal sealed record FailedCall(Uri Edge, string Phase, string Reason);
