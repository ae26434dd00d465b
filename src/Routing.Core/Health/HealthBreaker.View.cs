using Routing.Core.Llm;
using Routing.Core.Snapshots;

namespace Routing.Core.Health;

/// <summary>What people see, and what latency counts as slow.</summary>
internal sealed partial class HealthBreaker
{
    private RollingWindow _shown;
    private LatencyWindow _firstToken;
    private LatencyWindow _duration;
    private LatencyWindow _perHundred;

    /// <summary>State, then the lower bound of the failure ratio, which is below 1: five failures of five weigh more than thirty of a hundred.</summary>
    public double Badness
    {
        get
        {
            if (State == BreakerState.Isolated) return double.PositiveInfinity;
            var now = _time.GetTimestamp();
            lock (_lock)
            {
                var failed = _shown.Failed(now);
                return (int)State + Wilson.LowerBound(failed, failed + _shown.Answered(now));
            }
        }
    }

    public EndpointHealthView View(int inFlight, DateTimeOffset? quotaUntil)
    {
        var now = _time.GetTimestamp();
        lock (_lock)
        {
            Advance_NeedsLock(now);
            var (firstToken, duration) = (_firstToken.At(now), _duration.At(now));
            var ramping = State == BreakerState.PartialOpen;
            return new EndpointHealthView
            {
                ModelEndpoint = _endpoint,
                State = State,
                SharePercent = SharePercent(State),
                Stage = _stage,
                StageSuccesses = ramping ? _step.Answered : 0,
                StageNeeded = ramping ? _step.Needed(_policy.StepSuccesses) : 0,
                Since = _sinceUtc,
                Until = _untilUtc,
                Reason = State == BreakerState.Closed ? "" : _reason,
                Fault = _fault,
                QuotaUntil = quotaUntil,
                InFlight = inFlight,
                WindowSeconds = _policy.WindowSeconds,
                Answered = _shown.Answered(now),
                Failed = _shown.Failed(now),
                RateLimited = _shown.RateLimited(now),
                FirstTokenP50Ms = firstToken.P50,
                FirstTokenP90Ms = firstToken.P90,
                DurationP90Ms = duration.P90,
                SpeedP90Ms = FirstTokenP90Ms,
            };
        }
    }

    /// <summary>All outcomes are shown, late ones too; late latencies are kept out of a window that has begun anew with Closed, where they would count.</summary>
    private void Show_NeedsLock(long now, in Permit permit, in AttemptSignal signal)
    {
        if (ClassOf(signal.Failure) is { } outcome) _shown.Add(now, outcome);
        if (permit.Epoch != Epoch && State == BreakerState.Closed) return;
        if (FirstTokenMs_NeedsLock(signal) is { } firstToken)
        {
            _firstToken.Add(now, firstToken);
            CountFirstToken_NeedsLock(now, signal, firstToken, permit.Epoch == Epoch);
        }

        if (DurationMs(signal) is not { } duration) return;
        _duration.Add(now, duration);
        if (_policy.DurationP90MsPer100Tokens > 0) _perHundred.Add(now, PerHundred(duration, signal.OutputTokens));
    }

    // An identity fault never reached the endpoint: it is no outcome of the model's.
    private static OutcomeClass? ClassOf(FailureKind? failure) => failure is not { } kind ? OutcomeClass.Answered
        : kind == FailureKind.CredentialExchangeFailed ? null
        : FailureRules.Of(kind).Health switch
        {
            HealthEffect.Failure or HealthEffect.Config => OutcomeClass.Failed,
            HealthEffect.Quota => OutcomeClass.RateLimited,
            _ => null,
        };

    /// <summary>
    /// A call that ended without a first token because somebody stopped waiting took at least as long as they waited: leaving it out would
    /// let the p90 improve as the endpoint gets worse. A quick refusal says nothing about latency. A caller who gave up counts only
    /// when already over the limit.
    /// </summary>
    private long? FirstTokenMs_NeedsLock(in AttemptSignal signal)
    {
        if (signal.IsWhole) return null;
        if (signal.FirstToken is { } firstToken) return (long)firstToken.TotalMilliseconds;
        var waited = (long)signal.Duration.TotalMilliseconds;
        return signal.Failure switch
        {
            FailureKind.DeadlineFirstToken or FailureKind.DeadlineTotal or FailureKind.UpstreamTimeout => waited,
            FailureKind.ClientCancelled when signal.IsOvertaken => waited,
            FailureKind.ClientCancelled when FirstTokenLimit_NeedsLock(signal) is > 0 and var limit && waited > limit => waited,
            _ => null,
        };
    }

    private static long? DurationMs(in AttemptSignal signal) =>
        signal.Failure is null or FailureKind.DeadlineTotal or FailureKind.UpstreamTimeout || (signal.IsOvertaken && signal.IsWhole) ? (long)signal.Duration.TotalMilliseconds : null;

    // An answer of a few tokens is all overhead: below 100 its duration is judged as it is.
    private static long PerHundred(long durationMs, long outputTokens) => durationMs * 100 / Math.Max(outputTokens, 100);

    private bool? IsSlowFirstToken_NeedsLock(in AttemptSignal signal) =>
        FirstTokenLimit_NeedsLock(signal) is > 0 and var limit && FirstTokenMs_NeedsLock(signal) is { } waited ? waited > limit : null;

    private bool IsSlowDuration(in AttemptSignal signal) =>
        _policy.DurationP90MsPer100Tokens > 0 && DurationMs(signal) is { } duration
        && PerHundred(duration, signal.OutputTokens) > _policy.DurationP90MsPer100Tokens;

    private (RollingWindow, RollingWindow, LatencyWindow, LatencyWindow, LatencyWindow) NewWindows(BreakerPolicyConfig policy)
    {
        var slot = SlotTicks(policy);
        return (new(slot), new(slot), new(slot), new(slot), new(slot));
    }

    private long SlotTicks(BreakerPolicyConfig policy) => Math.Max(1, Clock.Ticks(_time, TimeSpan.FromSeconds(policy.WindowSeconds)) / RollingWindow.SlotCount);
}
