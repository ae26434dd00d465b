using Routing.Core.Snapshots;

namespace Routing.Core.Health;

internal enum StepVerdict : byte { Undecided, Widen, Failing, Slow }

/// <summary>One step of the ramp: whom it lets through, and what came back. Judged on its own samples only. Guarded by the breaker's lock.</summary>
internal sealed class RampStep(long frequency, SharedHealth shared)
{
    // Below this a single failure would look like a trend; a run of failures decides sooner.
    private const int LeastSamples = 5;
    private const int FailureRun = 3;

    // A hanging endpoint must not collect a caller per second: no more of the floor's calls than this wait at once.
    private const int FloorConcurrency = 8;

    // One answer may be luck, however many edges there are to ask for it.
    private const int LeastEvidence = 2;

    private int _credit;
    private long _nextFloor;
    private int _failureRun;
    private int _successRun;
    private long _runSince;
    private long _stepStart;
    private int _slowFirstTokens;
    private int _firstTokens;
    private int _slowDurations;

    public int Answered { get; private set; }
    public int Failed { get; private set; }
    public int Outstanding { get; set; }
    public int Samples => Answered + Failed;
    public int SlowFirstTokens => _slowFirstTokens;
    public int FirstTokens => _firstTokens;
    public int SlowDurations => _slowDurations;

    public void Begin(long now)
    {
        (Answered, Failed, Outstanding, _failureRun, _successRun) = (0, 0, 0, 0, 0);
        (_slowFirstTokens, _firstTokens, _slowDurations) = (0, 0, 0);
        _runSince = _stepStart = now;
        // _credit and _nextFloor go on: a new step is no reason for an extra call.
    }

    /// <summary>Of the fleet's evidence an edge waits for its part.</summary>
    public int Needed(int answers) => Math.Max(Math.Min(answers, LeastEvidence), (answers + shared.Edges - 1) / shared.Edges);

    /// <summary>Edges that begin a ramp together begin their trickle at different moments of the interval they share.</summary>
    public void Stagger(long now, int floorPerSecond, Random random)
    {
        if (floorPerSecond > 0) _nextFloor = Math.Max(_nextFloor, now + (long)(random.NextDouble() * (shared.Edges - 1) * frequency / floorPerSecond));
    }

    /// <summary>
    /// Share by error diffusion, so 10 % is each tenth call and not one in ten on average; the floor admits when the share has not
    /// admitted for its interval, which makes the result the larger of the two and never their sum.
    /// </summary>
    public bool TryAdmit(long now, int sharePercent, int floorPerSecond, bool proven)
    {
        // Until something has answered since the endpoint was closed off, it is asked one question at a time.
        if (!proven && Outstanding >= 1) return false;
        _credit = Math.Min(_credit + sharePercent, 199);
        var byShare = _credit >= 100;
        var byFloor = floorPerSecond > 0 && now >= _nextFloor && Outstanding < Math.Max(1, FloorConcurrency / shared.Edges);
        if (!byShare && !byFloor) return false;
        _credit = Math.Max(_credit - 100, 0);
        if (floorPerSecond > 0) _nextFloor = now + (frequency * shared.Edges / floorPerSecond);
        Outstanding++;
        return true;
    }

    public void Answer(bool? slowFirstToken, bool slowDuration)
    {
        Answered++;
        _failureRun = 0;
        _successRun++;
        if (slowFirstToken is { } slow) CountFirstToken(slow);
        if (slowDuration) _slowDurations++;
    }

    public void Fail(long now, bool? slowFirstToken)
    {
        Failed++;
        _failureRun++;
        _successRun = 0;
        _runSince = now;
        if (slowFirstToken is { } slow) CountFirstToken(slow);
    }

    public StepVerdict Judge(long now, long dwell, BreakerPolicyConfig policy, bool proven)
    {
        if (Failed > 0 && !proven) return StepVerdict.Failing;
        if (_failureRun >= Math.Min(FailureRun, policy.ConsecutiveFailures)) return StepVerdict.Failing;
        if (Samples >= LeastSamples && Wilson.LowerBound(Failed, Samples) * 100 >= policy.FailurePercent) return StepVerdict.Failing;
        // A p90 is over its limit when more than a tenth of the answers are.
        if (IsSurelyOverATenth(_slowFirstTokens, _firstTokens) || IsSurelyOverATenth(_slowDurations, Answered)) return StepVerdict.Slow;
        return HasEvidence(now, dwell, policy) && IsWithinLimits(policy) ? StepVerdict.Widen : StepVerdict.Undecided;
    }

    private bool HasEvidence(long now, long dwell, BreakerPolicyConfig policy) =>
        (Answered >= Needed(policy.StepSuccesses) && now - _stepStart >= dwell)
        || (_successRun >= Needed(policy.StepConsecutiveSuccesses) && now - _runSince >= dwell);

    private bool IsWithinLimits(BreakerPolicyConfig policy) =>
        (long)Failed * 100 < (long)policy.FailurePercent * Samples && _slowFirstTokens * 10L <= _firstTokens && _slowDurations * 10L <= Answered;

    private static bool IsSurelyOverATenth(int slow, int samples) => samples >= LeastSamples && Wilson.LowerBound(slow, samples) > 0.1;

    public void CountFirstToken(bool slow)
    {
        _firstTokens++;
        if (slow) _slowFirstTokens++;
    }
}
