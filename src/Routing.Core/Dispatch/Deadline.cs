using Routing.Core.Llm;

namespace Routing.Core.Dispatch;

/// <summary>
/// Time limits of one attempt: until the first token, between tokens, and over all attempts together. One cancellation source,
/// re-armed as the answer proceeds; afterwards it tells which limit was hit.
/// </summary>
internal sealed class Deadline : IDisposable
{
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _caller;
    private readonly long _requestStarted;
    private readonly TimeSpan _total;
    private TimeSpan _patience;
    private bool _totalIsNearer;
    private bool _flowing;

    public Deadline(TimeProvider time, long requestStarted, TimeSpan total, CancellationToken caller)
    {
        _time = time;
        _requestStarted = requestStarted;
        _total = total;
        _source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _caller = caller.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), _source);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Gives up after <paramref name="patience"/>, or at the end of the request's total time if that is nearer.</summary>
    public void Arm(TimeSpan patience)
    {
        var left = _total - _time.GetElapsedTime(_requestStarted);
        _patience = patience;
        _totalIsNearer = left <= patience;
        var wait = _totalIsNearer ? left : patience;
        _source.CancelAfter(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
    }

    /// <summary>Content flows: from here on <paramref name="silence"/> is the longest gap.</summary>
    public void Flowing(TimeSpan silence)
    {
        _flowing = true;
        Arm(silence);
    }

    /// <summary>What the passed limit means, in the caller's terms.</summary>
    public Failure Passed() => (_totalIsNearer, _flowing) switch
    {
        (true, _) => Failure.Of(FailureKind.DeadlineTotal, $"No complete answer within {_total.TotalSeconds:0.###} s."),
        (false, true) => Failure.Of(FailureKind.StreamInterrupted, $"The stream fell silent for {_patience.TotalSeconds:0.###} s."),
        (false, false) => Failure.Of(FailureKind.DeadlineFirstToken, $"No first token within {_patience.TotalSeconds:0.###} s."),
    };

    public void Dispose()
    {
        _caller.Dispose();
        _source.Dispose();
    }
}
