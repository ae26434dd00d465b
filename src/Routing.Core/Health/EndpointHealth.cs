using Routing.Core.Llm;
using Routing.Core.Snapshots;

namespace Routing.Core.Health;

/// <summary>
/// What we have learned about one model endpoint: its breaker and its quota gate. Outlives routing tables. Thread-safe; asking for a permit takes no
/// lock and allocates nothing while the breaker is closed or refuses.
/// </summary>
public sealed class EndpointHealth
{
    /// <summary>Answers within the breaker's window before its speed is told: fewer are an anecdote.</summary>
    internal const int LeastSpeedSamples = 5;

    private readonly HealthBreaker _breaker;
    private readonly QuotaGate _quota;
    private readonly QuotaEstimate _estimate;
    private readonly TimeProvider _time;
    private int _inFlight;

    internal EndpointHealth(string endpoint, BreakerPolicyConfig policy, int seed, SharedHealth shared)
    {
        ModelEndpoint = endpoint;
        _breaker = new HealthBreaker(endpoint, policy, seed, shared);
        _quota = new QuotaGate(shared.Time);
        _estimate = new QuotaEstimate(shared);
        _time = shared.Time;
    }

    public string ModelEndpoint { get; }

    /// <summary>As last left; a stay that has run out shows after the next permit, view or tick.</summary>
    public BreakerState State => _breaker.State;

    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Our quota at it is used up: so it has said, or so we have counted.</summary>
    public bool IsQuotaClosed => _quota.IsClosed || _estimate.Left > TimeSpan.Zero;

    /// <summary>How long until a call has a chance: the rest of Open or Isolated.</summary>
    public TimeSpan Wait => _breaker.Wait;

    /// <summary>How long until our quota at it is said to be there again; zero when it is there.</summary>
    public TimeSpan QuotaWait
    {
        get
        {
            var (told, counted) = (_quota.Left, _estimate.Left);
            return told > counted ? told : counted;
        }
    }

    /// <summary>Whether asking for a permit has a chance; a guess that takes no lock.</summary>
    public bool MayTakeCalls => !IsQuotaClosed && _breaker.Wait == TimeSpan.Zero;

    /// <summary>
    /// Orders endpoints that refuse, the least bad lowest: by state, and within one by the share of recent calls that surely failed.
    /// Infinite for one that is isolated.
    /// </summary>
    public double Badness => _breaker.Badness;

    /// <summary>Time to the first token of late, p90, in ms; 0 = too few streamed answers to tell. One volatile read, at most a second old while calls come.</summary>
    public int FirstTokenP90Ms => _breaker.FirstTokenP90Ms;

    /// <summary>As <see cref="FirstTokenP90Ms"/>, p95.</summary>
    public int FirstTokenP95Ms => _breaker.FirstTokenP95Ms;

    /// <summary>Time to the end of an answer of late, streamed or whole, p95, in ms; 0 = too few to tell.</summary>
    public int DurationP95Ms => _breaker.DurationP95Ms;

    /// <summary>Asks to make one call.</summary>
    /// <param name="permit">Goes back with <see cref="Return"/>, exactly once.</param>
    /// <param name="rejection">Why not: <see cref="FailureKind.CircuitOpen"/> or <see cref="FailureKind.QuotaGateClosed"/>.</param>
    public bool TryAcquire(out Permit permit, out FailureKind rejection)
    {
        if (IsQuotaClosed)
        {
            permit = default;
            rejection = FailureKind.QuotaGateClosed;
            return false;
        }
        rejection = FailureKind.CircuitOpen;
        return _breaker.TryAcquire(out permit) && Begin();
    }

    /// <summary>
    /// Asks once more when no candidate is left: a few concurrent calls to an endpoint that is probably down serve callers better than none at all.
    /// Never for an isolated endpoint, nor for one whose quota is used up.
    /// </summary>
    public bool TryAcquireFailOpen(out Permit permit)
    {
        permit = default;
        return !IsQuotaClosed && _breaker.TryAcquireFailOpen(out permit) && Begin();
    }

    /// <summary>
    /// Counts what a call uses of a quota of which the provider tells nothing: a guess when it is sent, the difference when more is known.
    /// Its first request is counted with its permit.
    /// </summary>
    /// <param name="requests">Further ones of the same call.</param>
    /// <param name="tokens">Of input and output; negative when fewer were used than had been counted.</param>
    public void CountUse(int requests, long tokens) => _estimate.Take(requests, tokens);

    public void Return(in Permit permit, in AttemptSignal signal)
    {
        Interlocked.Decrement(ref _inFlight);
        // A fact about now, whenever the call began.
        if (signal.Failure is not { } kind) _quota.Answered();
        else if (FailureRules.Of(kind).Health == HealthEffect.Quota) _quota.Close(signal.RetryAfter);
        _breaker.Return(permit, signal);
    }

    public EndpointHealthView View() => _breaker.View(InFlight, QuotaWait is { Ticks: > 0 } left ? _time.GetUtcNow() + left : null);

    /// <summary>Takes it out of service until a moment. The same isolation again changes nothing.</summary>
    public void Isolate(DateTimeOffset until, string reason, string by) => _breaker.Isolate(until, reason, by);

    /// <summary>Ends any isolation; traffic comes back step by step.</summary>
    public void Release(string by) => _breaker.Release(by);

    /// <summary>
    /// Enters a share once, and bounds it from above until a moment: 0 opens, 100 closes, anything between is a ramp that widens no further.
    /// Failures still step back and open. The same again changes nothing.
    /// </summary>
    public void Force(int sharePercent, DateTimeOffset until, string reason, string by) => _breaker.Force(sharePercent, until, reason, by);

    /// <summary>Lifts the bound; what was forced comes back step by step.</summary>
    public void EndForce(string by) => _breaker.EndForce(by);

    /// <summary>Its account's credential is there again: ends an identity fault, and nothing else. For the keeper of tokens to call as often as it looks.</summary>
    public void IdentityRestored() => _breaker.IdentityRestored();

    internal void Apply(BreakerPolicyConfig policy, QuotaLimits quota)
    {
        _breaker.Apply(policy);
        _estimate.Apply(quota);
    }

    internal void Tick() => _breaker.Tick();

    // Looked at before and taken now: callers at the same instant may take one too many, which is then owed.
    private bool Begin()
    {
        _estimate.Take(1, 0);
        Interlocked.Increment(ref _inFlight);
        return true;
    }
}
