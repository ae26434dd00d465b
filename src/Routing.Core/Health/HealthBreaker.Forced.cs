namespace Routing.Core.Health;

/// <summary>
/// A share forced by an operator: entered once, and until its end an upper bound. Below it the breaker goes on judging by evidence:
/// a share is never a promise that an endpoint which fails keeps its traffic.
/// </summary>
internal sealed partial class HealthBreaker
{
    private readonly record struct ForcedBound(int SharePercent, DateTimeOffset Until, long End, string By);

    private ForcedBound? _forced;

    private bool IsHeld => _forced is { SharePercent: < 100 } forced && _policy.RampPercent[_stage] >= forced.SharePercent;

    private void Force_NeedsLock(long now, ForcedBound forced, string reason)
    {
        // The same one arrives with each overlay; what the breaker has learned since stands.
        if (_forced is { } known && (known.SharePercent, known.Until, known.By) == (forced.SharePercent, forced.Until, forced.By)) return;
        var proven = State == BreakerState.Closed || (State == BreakerState.PartialOpen && _proven);
        _forced = forced;
        var move = new Move(TransitionCause.Forced, Limit: forced.SharePercent);
        var sentence = HealthSentences.Forced(forced.By, reason, forced.SharePercent, forced.Until);
        switch (forced.SharePercent)
        {
            case <= 0:
                Enter_NeedsLock(now, BreakerState.Open, -1, _time.GetElapsedTime(now, forced.End), move, _ => sentence);
                break;
            case >= 100:
                if (State != BreakerState.Closed) Enter_NeedsLock(now, BreakerState.Closed, -1, null, move, _ => sentence);
                break;
            default:
                (_proven, _failedStep, _badStage, _dwellDoublings) = (proven, false, -1, 0);
                Enter_NeedsLock(now, BreakerState.PartialOpen, FirstStageFrom(forced.SharePercent), null, move, _ => sentence);
                break;
        }
    }

    private void EndForce_NeedsLock(long now, string by, bool released)
    {
        var bound = _forced?.SharePercent ?? 100;
        var wasHeld = State == BreakerState.PartialOpen && IsHeld;
        _forced = null;
        var move = new Move(TransitionCause.Released);
        if (bound == 0 && State == BreakerState.Open)
        {
            EnterRamp_NeedsLock(now, proven: false, move, HealthSentences.ForceEnded(by, Share(0), released));
        }
        else if (wasHeld)
        {
            // On with the widest step that was allowed: more needs evidence.
            var stage = LastStageUpTo(bound);
            Enter_NeedsLock(now, BreakerState.PartialOpen, stage, null, move, _ => HealthSentences.ForceEnded(by, Share(stage), released));
        }
    }

    private int FirstStageFrom(int percent)
    {
        var stage = 0;
        while (stage < _policy.RampPercent.Length - 1 && _policy.RampPercent[stage] < percent) stage++;
        return stage;
    }

    private int LastStageUpTo(int percent)
    {
        var stage = _policy.RampPercent.Length - 1;
        while (stage > 0 && _policy.RampPercent[stage] > percent) stage--;
        return stage;
    }
}
