using Routing.Core.Llm;

namespace Routing.Core.Health;

/// <summary>What the end of a call means, in every state.</summary>
internal sealed partial class HealthBreaker
{
    private void Result_NeedsLock(long now, in Permit permit, in AttemptSignal signal)
    {
        if (signal.Failure is not { } kind)
        {
            Answered_NeedsLock(now, permit, signal);
            return;
        }
        switch (FailureRules.Of(kind).Health)
        {
            case HealthEffect.Failure:
                Failed_NeedsLock(now, permit, kind, signal);
                break;
            case HealthEffect.Config:
                ConfigFault_NeedsLock(now, kind);
                break;
            case HealthEffect.Ignored:
                Ignored_NeedsLock(now, signal);
                break;
            case HealthEffect.Quota:
                break;
        }
    }

    private void Answered_NeedsLock(long now, in Permit permit, in AttemptSignal signal)
    {
        switch (State)
        {
            case BreakerState.Closed:
                _evidence.Add(now, OutcomeClass.Answered);
                _failureRun = 0;
                TripWhenSlow_NeedsLock(now, signal);
                break;
            case BreakerState.PartialOpen:
                _proven = true;
                _step.Answer(IsSlowFirstToken_NeedsLock(signal), IsSlowDuration(signal));
                break;
            case BreakerState.Open when permit.IsFailOpen && ++_failOpenRun >= FailOpenAnswers && _forced is not { SharePercent: 0 } && !HasMoved(MostMovesToTry, now):
                EnterRamp_NeedsLock(now, proven: true, new Move(TransitionCause.OpenElapsed), HealthSentences.FailOpenAnswered(_failOpenRun, Share(0)));
                break;
            case BreakerState.Open or BreakerState.Isolated:
                break;
        }
    }

    private void Failed_NeedsLock(long now, in Permit permit, FailureKind kind, in AttemptSignal signal)
    {
        if (signal.RetryAfter is { } asked && asked > TimeSpan.Zero)
        {
            var longest = TimeSpan.FromSeconds(_policy.MaxOpenSeconds);
            _retryAfterUntil = Math.Max(_retryAfterUntil, now + Clock.Ticks(_time, asked < longest ? asked : longest));
        }
        switch (State)
        {
            case BreakerState.Closed:
                _evidence.Add(now, OutcomeClass.Failed);
                _failureRun++;
                TripWhenFailing_NeedsLock(now, kind, signal);
                break;
            case BreakerState.PartialOpen:
                _step.Fail(now, IsSlowFirstToken_NeedsLock(signal));
                break;
            case BreakerState.Open:
                if (permit.IsFailOpen) _failOpenRun = 0;
                break;
            case BreakerState.Isolated:
                break;
        }
    }

    /// <summary>Neither success nor failure; but a caller who gave up waiting has seen how slow it is.</summary>
    private void Ignored_NeedsLock(long now, in AttemptSignal signal)
    {
        switch (State)
        {
            case BreakerState.Closed:
                TripWhenSlow_NeedsLock(now, signal);
                break;
            case BreakerState.PartialOpen:
                if (IsSlowFirstToken_NeedsLock(signal) is { } slow) _step.CountFirstToken(slow);
                break;
            case BreakerState.Open or BreakerState.Isolated:
                break;
        }
    }

    private void ConfigFault_NeedsLock(long now, FailureKind kind)
    {
        switch (State)
        {
            case BreakerState.Closed or BreakerState.PartialOpen or BreakerState.Open:
                var wait = FirstConfigWait * (1 << Math.Min(_configFaults++, 4));
                Enter_NeedsLock(now, BreakerState.Isolated, -1, wait < MaxConfigWait ? wait : MaxConfigWait, new Move(TransitionCause.ConfigFault, 1, 1), until =>
                    HealthSentences.ConfigFault(kind, until));
                _fault = kind;
                break;
            case BreakerState.Isolated:
                break;
        }
    }
}
