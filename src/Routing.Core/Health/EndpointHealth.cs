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
    private int _inFlight;

    internal EndpointHealth(string endpoint, BreakerPolicyConfig policy, int seed, SharedHealth shared)
    {
        ModelEndpoint = endpoint;
        _breaker = new HealthBreaker(endpoint, policy, seed, shared);
        _quota = new QuotaGate(shared.Time);
    }

    public string ModelEndpoint { get; }

    /// <summary>As last left; a stay that has run out shows after the next permit, view or tick.</summary>
    public BreakerState State => _breaker.State;

    public int InFlight => Volatile.Read(ref _inFlight);

    public bool IsQuotaClosed => _quota.IsClosed;

    /// <summary>How long until a call has a chance: the rest of Open or Isolated.</summary>
    public TimeSpan Wait => _breaker.Wait;

    /// <summary>How long until our quota at it is said to be there again; zero when it is there.</summary>
    public TimeSpan QuotaWait => _quota.Left;

    /// <summary>Whether asking for a permit has a chance; a guess that takes no lock.</summary>
    public bool MayTakeCalls => !_quota.IsClosed && _breaker.Wait == TimeSpan.Zero;

    /// <summary>
    /// Orders endpoints that refuse, the least bad lowest: by state, and within one by the share of recent calls that surely failed.
    /// Infinite for one that is isolated.
    /// </summary>
    public double Badness => _breaker.Badness;

    /// <summary>Time to the first token of late, p90, in ms; 0 = too few streamed answers to tell. One volatile read, at most a second old while calls come.</summary>
    public int FirstTokenP90Ms => _breaker.FirstTokenP90Ms;

    /// <summary>As <see cref="FirstTokenP90Ms"/>, p95.</summary>
    public int FirstTokenP95Ms => _breaker.FirstTokenP95Ms;

    /// <summary>Asks to make one call.</summary>
    /// <param name="permit">Goes back with <see cref="Return"/>, exactly once.</param>
    /// <param name="rejection">Why not: <see cref="FailureKind.CircuitOpen"/> or <see cref="FailureKind.QuotaGateClosed"/>.</param>
    public bool TryAcquire(out Permit permit, out FailureKind rejection)
    {
        if (_quota.IsClosed)
        {
            permit = default;
            rejection = FailureKind.QuotaGateClosed;
            return false;
        }
        rejection = FailureKind.CircuitOpen;
        if (!_breaker.TryAcquire(out permit)) return false;
        Interlocked.Increment(ref _inFlight);
        return true;
    }

    /// <summary>
    /// Asks once more when no candidate is left: a few concurrent calls to an endpoint that is probably down serve callers better than none at all.
    /// Never for an isolated endpoint, nor for one whose quota is used up.
    /// </summary>
    public bool TryAcquireFailOpen(out Permit permit)
    {
        permit = default;
        if (_quota.IsClosed || !_breaker.TryAcquireFailOpen(out permit)) return false;
        Interlocked.Increment(ref _inFlight);
        return true;
    }

    public void Return(in Permit permit, in AttemptSignal signal)
    {
        Interlocked.Decrement(ref _inFlight);
        // A fact about now, whenever the call began.
        if (signal.Failure is not { } kind) _quota.Answered();
        else if (FailureRules.Of(kind).Health == HealthEffect.Quota) _quota.Close(signal.RetryAfter);
        _breaker.Return(permit, signal);
    }

    public EndpointHealthView View() => _breaker.View(InFlight, _quota.Until);

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

    internal void Apply(BreakerPolicyConfig policy) => _breaker.Apply(policy);

    internal void Tick() => _breaker.Tick();
}
