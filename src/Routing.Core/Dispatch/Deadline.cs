using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Tables;

namespace Routing.Core.Dispatch;

/// <summary>
/// Time limits of one attempt: until the first token, between tokens, and over all attempts together. One timer, which is set again only
/// when it goes off too early: a chunk costs a reading of the clock, not a change of a timer. Afterwards it tells which limit was hit.
/// </summary>
internal sealed class Deadline : IDisposable
{
    private readonly TimeProvider _time;

    // Never disposed: it holds nothing, and a timer that goes off just then may still cancel it.
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenRegistration _caller;
    private readonly TimeSpan _total;
    private readonly TimeSpan _idle;
    private readonly long _end;
    private readonly ITimer _timer;
    private TimeSpan _patience;
    private Awaited _awaited;
    private long _until = long.MaxValue;
    private long _callerSince;

    public Deadline(TimeProvider time, long requestStarted, FeatureRoute route, CancellationToken caller)
    {
        _time = time;
        (_total, _idle) = (route.Total, route.Idle);
        _end = requestStarted + Clock.Ticks(time, _total);
        _timer = time.CreateTimer(static s => ((Deadline)s!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _caller = caller.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), _source);
    }

    private enum Awaited : byte { FirstToken, NextToken, Caller }

    public CancellationToken Token => _source.Token;

    /// <summary>How long the caller kept us from reading on.</summary>
    public TimeSpan CallerWait { get; private set; }

    /// <summary>Gives up after <paramref name="patience"/>, or at the end of the request's total time if that is nearer.</summary>
    public void Arm(TimeSpan patience)
    {
        Expect(Awaited.FirstToken, patience, _time.GetTimestamp());
        Look();
    }

    /// <summary>Bytes are handed to the caller: how long they take to be read is no silence of the model's. Only the total goes on.</summary>
    public void CallerReads()
    {
        _callerSince = _time.GetTimestamp();
        _awaited = Awaited.Caller;
        Volatile.Write(ref _until, _end);
    }

    /// <summary>The model is waited for again: from here on for no longer than the feature's limit of silence.</summary>
    public void Flowing()
    {
        var now = _time.GetTimestamp();
        if (_awaited == Awaited.Caller) CallerWait += _time.GetElapsedTime(_callerSince, now);
        Expect(Awaited.NextToken, _idle, now);
    }

    /// <summary>What the passed limit means, in the caller's terms.</summary>
    public Failure Passed() => _awaited switch
    {
        Awaited.Caller => Failure.Of(FailureKind.ClientCancelled, $"The caller had not read its answer within {_total.TotalSeconds:0.###} s."),
        _ when _until == _end => Failure.Of(FailureKind.DeadlineTotal, $"No complete answer within {_total.TotalSeconds:0.###} s."),
        Awaited.NextToken => Failure.Of(FailureKind.StreamInterrupted, $"The stream fell silent for {_patience.TotalSeconds:0.###} s."),
        _ => Failure.Of(FailureKind.DeadlineFirstToken, $"No first token within {_patience.TotalSeconds:0.###} s."),
    };

    /// <summary>Nobody waits for this attempt any more. What it waits for itself is given up on another thread.</summary>
    public void Stop() => _ = _source.CancelAsync();

    public void Dispose()
    {
        _timer.Dispose();
        _caller.Dispose();
    }

    private void Expect(Awaited awaited, TimeSpan patience, long now)
    {
        _awaited = awaited;
        _patience = patience;
        Volatile.Write(ref _until, Math.Min(now + Clock.Ticks(_time, patience), _end));
    }

    // Never sleeps longer than the patience, nor than the limit of silence: one that begins meanwhile cannot end before the next look.
    private void Look()
    {
        var now = _time.GetTimestamp();
        var until = Volatile.Read(ref _until);
        if (now >= until)
        {
            _source.Cancel();
            return;
        }

        var left = _time.GetElapsedTime(now, until);
        var wait = left < _patience ? left : _patience;
        if (_idle < wait) wait = _idle;
        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }
}
