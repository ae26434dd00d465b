using Routing.Core.Llm;

namespace Routing.Core.Health;

/// <summary>When the breaker trips, widens, steps back; and how it enters a state.</summary>
internal sealed partial class HealthBreaker
{
    private readonly record struct Move(TransitionCause Cause, int Failures = 0, int Samples = 0, int Observed = 0, int Limit = 0);

    private int Share(int stage) => Math.Min(_policy.RampPercent[stage], _forced?.SharePercent ?? 100);

    private void TripWhenFailing_NeedsLock(long now, FailureKind kind, in AttemptSignal signal)
    {
        var failed = _evidence.Failed(now);
        var samples = failed + _evidence.Answered(now);
        var bound = (int)(Wilson.LowerBound(failed, samples) * 100);
        if (samples >= _policy.MinimumSamples && bound >= _policy.FailurePercent) TripByRatio_NeedsLock(now, failed, samples, bound);
        else if (_failureRun >= _policy.ConsecutiveFailures) TripByRun_NeedsLock(now, _failureRun, kind);
        else TripWhenSlow_NeedsLock(now, signal);
    }

    private void TripByRatio_NeedsLock(long now, int failed, int samples, int bound)
    {
        var limit = _policy.FailurePercent;
        var move = new Move(TransitionCause.FailureRatio, failed, samples, bound, limit);
        Open_NeedsLock(now, move, until => HealthSentences.FailureRatio(failed, samples, bound, limit, until));
    }

    private void TripByRun_NeedsLock(long now, int run, FailureKind kind)
    {
        var move = new Move(TransitionCause.ConsecutiveFailures, run, run, run, _policy.ConsecutiveFailures);
        Open_NeedsLock(now, move, until => HealthSentences.ConsecutiveFailures(run, kind, until));
    }

    private void TripWhenSlow_NeedsLock(long now, in AttemptSignal signal)
    {
        if (P90Over(_firstToken, _policy.FirstTokenP90Ms, now) is { } firstToken)
        {
            var move = new Move(TransitionCause.FirstTokenLatency, 0, firstToken.Samples, firstToken.P90, _policy.FirstTokenP90Ms);
            EnterRamp_NeedsLock(now, proven: true, move, HealthSentences.FirstToken(firstToken.P90, _policy.FirstTokenP90Ms, firstToken.Samples, Share(0)));
        }
        else if (LaterThanUsual_NeedsLock(now, signal) is { } late)
        {
            var move = new Move(TransitionCause.FirstTokenLatency, 0, late.Samples, late.P90, late.Limit);
            EnterRamp_NeedsLock(now, proven: true, move, HealthSentences.LaterThanUsual(late, _policy.FirstTokenBaselinePercent, Share(0)));
        }
        else if (P90Over(_perHundred, _policy.DurationP90MsPer100Tokens, now) is { } duration)
        {
            var move = new Move(TransitionCause.Duration, 0, duration.Samples, duration.P90, _policy.DurationP90MsPer100Tokens);
            EnterRamp_NeedsLock(now, proven: true, move, HealthSentences.Duration(duration.P90, _policy.DurationP90MsPer100Tokens, duration.Samples, Share(0)));
        }
    }

    private (int P90, int Samples)? P90Over(LatencyWindow window, int limit, long now)
    {
        if (limit == 0) return null;
        var histogram = window.At(now);
        return histogram.Count >= _policy.MinimumLatencySamples && histogram.P90 is { } p90 && p90 > limit ? (p90, (int)histogram.Count) : null;
    }

    private void Judge_NeedsLock(long now)
    {
        var dwell = Clock.Ticks(_time, TimeSpan.FromSeconds(_policy.DwellSeconds)) << _dwellDoublings;
        switch (_step.Judge(now, dwell, _policy, _proven))
        {
            case StepVerdict.Widen when IsHeld:
                // Nothing wider is allowed: same step, new samples, so that it goes on being judged by what is recent.
                Renew_NeedsLock(now, BreakerState.PartialOpen);
                break;
            case StepVerdict.Widen when HasMoved(MostMovesToWiden, now):
                // It stays where it is, which is the safe side, until the last minute has seen fewer moves.
                break;
            case StepVerdict.Widen:
                Widen_NeedsLock(now);
                break;
            case StepVerdict.Failing when !_proven:
                Open_NeedsLock(now, new Move(TransitionCause.Relapsed, _step.Failed, _step.Samples), HealthSentences.StillFailing);
                break;
            case StepVerdict.Failing when _failedStep:
                Relapse_NeedsLock(now, _step.Failed, _step.Samples);
                break;
            case StepVerdict.Failing:
                _failedStep = true;
                StepBack_NeedsLock(now, new Move(TransitionCause.SteppedBack, _step.Failed, _step.Samples), HealthSentences.SteppedBackFailing(Share(Back(now)), _step.Failed, _step.Samples));
                break;
            case StepVerdict.Slow:
                // Slow is not dead: it keeps its trickle at the first step for as long as it takes, and never opens for being slow.
                StepBackSlow_NeedsLock(now);
                break;
            case StepVerdict.Undecided:
                break;
        }
    }

    // Of its own, as those that trip: a captured variable is allocated where its scope begins, and that would be with every call.
    private void Relapse_NeedsLock(long now, int failed, int samples) =>
        Open_NeedsLock(now, new Move(TransitionCause.Relapsed, failed, samples), until => HealthSentences.Relapsed(failed, samples, until));

    // All the way when few moves are left: then what comes after it is one move too.
    private int Back(long now) => HasMoved(MostMovesToTry, now) ? 0 : Math.Max(0, _stage - 2);

    private void StepBackSlow_NeedsLock(long now)
    {
        var byFirstToken = _step.SlowFirstTokens * 10L > _step.FirstTokens;
        var (slow, samples) = byFirstToken ? (_step.SlowFirstTokens, _step.FirstTokens) : (_step.SlowDurations, _step.Answered);
        var move = new Move(TransitionCause.SteppedBack, _step.Failed, samples, slow * 100 / samples, 10);
        StepBack_NeedsLock(now, move, byFirstToken
            ? HealthSentences.SteppedBackFirstToken(Share(Back(now)), slow, samples, _policy)
            : HealthSentences.SteppedBackSlow(Share(Back(now)), slow, samples, _policy.DurationP90MsPer100Tokens));
    }

    private void Widen_NeedsLock(long now)
    {
        var seconds = _time.GetElapsedTime(_since, now).TotalSeconds;
        var move = new Move(TransitionCause.Widened, _step.Failed, _step.Samples);
        if (_stage + 1 >= _policy.RampPercent.Length)
        {
            var answered = _step.Answered;
            Enter_NeedsLock(now, BreakerState.Closed, -1, null, move with { Cause = TransitionCause.Recovered }, _ => HealthSentences.Recovered(answered, seconds));
            return;
        }
        var next = _stage + 1;
        if (next > _badStage) (_failedStep, _badStage, _dwellDoublings) = (false, -1, 0);
        var sentence = HealthSentences.Widened(Share(next), _step.Answered, seconds);
        Enter_NeedsLock(now, BreakerState.PartialOpen, next, null, move, _ => sentence);
    }

    private void StepBack_NeedsLock(long now, Move move, string sentence)
    {
        _badStage = Math.Max(_badStage, _stage);
        if (_stage == 0)
        {
            // Nothing narrower to go to: same step, new samples, and nothing to report.
            Renew_NeedsLock(now, BreakerState.PartialOpen);
            return;
        }
        // A step that did not hold is held longer next time, else an endpoint that is slow only under load would swing for ever.
        _dwellDoublings = Math.Min(_dwellDoublings + 1, 4);
        Enter_NeedsLock(now, BreakerState.PartialOpen, Back(now), null, move, _ => sentence);
    }

    private void Open_NeedsLock(long now, Move move, Func<DateTimeOffset, string> sentence)
    {
        if (State == BreakerState.Closed && _time.GetElapsedTime(_since, now) >= HealthyToForget) _openings = 0;
        if (_openings == 0) _troubleSince = now;
        // ±20 %, so that edges which tripped together do not come back together.
        var wait = TimeSpan.FromSeconds(OpenSeconds(now) * (0.8 + (0.4 * _random.NextDouble())));
        _openings++;
        if (_retryAfterUntil > now && _time.GetElapsedTime(now, _retryAfterUntil) is var asked && asked > wait) wait = asked;
        Enter_NeedsLock(now, BreakerState.Open, -1, wait, move, sentence);
    }

    /// <summary>
    /// Doubles with each relapse, but beyond twice the first stay only as far as a third of the trouble so far: whatever lasted a minute is
    /// seen to be over within half a minute, and what lasts for hours is asked a few times an hour.
    /// </summary>
    private double OpenSeconds(long now)
    {
        var doubled = _policy.OpenSeconds * Math.Pow(2, Math.Min(_openings, 20));
        var patient = Math.Max(_policy.OpenSeconds * 2.0, _time.GetElapsedTime(_troubleSince, now).TotalSeconds / 3);
        return Math.Min(Math.Min(doubled, patient), _policy.MaxOpenSeconds);
    }

    private void EnterRamp_NeedsLock(long now, bool proven, Move move, string sentence)
    {
        if (_forced is { SharePercent: 0 } forced)
        {
            Enter_NeedsLock(now, BreakerState.Open, -1, _time.GetElapsedTime(now, forced.End), move, until => HealthSentences.StillForcedOpen(forced.By, until));
            return;
        }
        (_proven, _failedStep, _badStage, _dwellDoublings) = (proven, false, -1, 0);
        _step.Stagger(now, _policy.FloorPerSecond, _random);
        Enter_NeedsLock(now, BreakerState.PartialOpen, 0, null, move, _ => sentence);
    }

    private void Enter_NeedsLock(long now, BreakerState to, int stage, TimeSpan? stay, Move move, Func<DateTimeOffset, string> sentence)
    {
        var from = State;
        var utc = _time.GetUtcNow();
        _moved[_moves++ % _moved.Length] = now;
        (_since, _sinceUtc, _stage) = (now, utc, stage);
        _untilUtc = stay is { } length ? utc + length : null;
        Volatile.Write(ref _until, stay is { } span ? now + Clock.Ticks(_time, span) : 0);
        _reason = sentence(_untilUtc ?? utc);
        Renew_NeedsLock(now, to);
        _shared.Log.Append(new BreakerTransition
        {
            Id = Guid.CreateVersion7(utc),
            ModelEndpoint = _endpoint,
            At = utc,
            From = from,
            To = to,
            SharePercent = SharePercent(to),
            Cause = move.Cause,
            Failures = move.Failures,
            Samples = move.Samples,
            Observed = move.Observed,
            Limit = move.Limit,
            Until = _untilUtc,
            Sentence = _reason,
        });
    }

    /// <summary>Whether it has moved as often within the last minute.</summary>
    private bool HasMoved(int times, long now) => _moves >= times && _time.GetElapsedTime(MoveBefore(times), now) < MoveWindow;

    private long MoveBefore(int times) => _moved[(_moves - times) % _moved.Length];

    /// <summary>Open goes on until the minute's moves are few enough. Returns for how long.</summary>
    private TimeSpan StayOut_NeedsLock(long now)
    {
        var until = MoveBefore(MostMovesToTry) + Clock.Ticks(_time, MoveWindow);
        Volatile.Write(ref _until, until);
        return _time.GetElapsedTime(now, until);
    }

    /// <summary>A new epoch: results of calls that are under way no longer count.</summary>
    private void Renew_NeedsLock(long now, BreakerState state)
    {
        FreezeBaselines_NeedsLock(now, state);
        _step.Begin(now);
        _failureRun = _failOpenRun = 0;
        if (state != BreakerState.Isolated) (_isolatedBy, _fault) = (null, null);
        if (state == BreakerState.Closed)
        {
            _evidence.Clear();
            _firstToken.Clear();
            _duration.Clear();
            _perHundred.Clear();
            (_configFaults, _retryAfterUntil) = (0, 0);
        }
        Volatile.Write(ref _phase, ((Epoch + 1) << 2) | (long)state);
    }

    private int SharePercent(BreakerState state) => state switch
    {
        BreakerState.Closed => 100,
        BreakerState.PartialOpen => Share(_stage),
        _ => 0,
    };
}
