using Routing.Core.Llm;
using Routing.Core.Snapshots;

namespace Routing.Core.Health;

/// <summary>
/// The state machine of one model endpoint. Every event lists every state. Results belong to the epoch (the stay in one state and step) in which
/// their permit was given: late ones change nothing. Moves without traffic happen on <see cref="Tick"/>. A forced share bounds them from above.
/// </summary>
internal sealed partial class HealthBreaker
{
    private static readonly TimeSpan HealthyToForget = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan FirstConfigWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MaxConfigWait = TimeSpan.FromMinutes(5);

    // Longer manual isolations than this would overflow timestamps; ten years is for ever here.
    private static readonly TimeSpan MaxIsolation = TimeSpan.FromDays(3650);

    // Two in a row happen by luck on an endpoint that fails half the time once in four; three once in eight, and the ramp still guards what follows.
    private const int FailOpenAnswers = 3;

    // Nine moves are one trip and one whole return. Widening waits when the last minute has seen as many, and trying again when it has seen
    // one more: what is left of twelve is for stepping back and opening, which wait for nothing.
    private const int MostMovesToWiden = 9;
    private const int MostMovesToTry = 10;
    private static readonly TimeSpan MoveWindow = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly string _endpoint;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly SharedHealth _shared;
    private readonly RampStep _step;

    // Epoch × 4 + state, in one word so that TryAcquire reads both without the lock.
    private long _phase;
    private long _until;

    private BreakerPolicyConfig _policy;
    private RollingWindow _evidence;
    private int _failureRun;
    private long _since;
    private DateTimeOffset _sinceUtc;
    private DateTimeOffset? _untilUtc;
    private string _reason = "";
    private int _openings;
    private long _troubleSince;
    private readonly long[] _moved = new long[MostMovesToTry];
    private int _moves;
    private int _configFaults;
    private long _retryAfterUntil;
    private string? _isolatedBy;
    private FailureKind? _fault;

    private int _stage = -1;
    private bool _proven;
    private bool _failedStep;
    private int _badStage = -1;
    private int _dwellDoublings;
    private int _failOpenOutstanding;
    private int _failOpenRun;

    public HealthBreaker(string endpoint, BreakerPolicyConfig policy, int seed, SharedHealth shared)
    {
        (_endpoint, _policy, _time, _shared) = (endpoint, policy, shared.Time, shared);
        _random = new Random(seed);
        _step = new RampStep(_time.TimestampFrequency, shared);
        _since = _time.GetTimestamp();
        _sinceUtc = _time.GetUtcNow();
        (_evidence, _shown, _firstToken, _duration, _perHundred) = NewWindows(policy);
    }

    public BreakerState State => (BreakerState)(Volatile.Read(ref _phase) & 3);

    private long Epoch => _phase >> 2;

    /// <summary>How long until it may be asked again; zero when it may be now.</summary>
    public TimeSpan Wait
    {
        get
        {
            if (State is BreakerState.Closed or BreakerState.PartialOpen) return TimeSpan.Zero;
            var (now, until) = (_time.GetTimestamp(), Volatile.Read(ref _until));
            return until > now ? _time.GetElapsedTime(now, until) : TimeSpan.Zero;
        }
    }

    public bool TryAcquire(out Permit permit)
    {
        var phase = Volatile.Read(ref _phase);
        var state = (BreakerState)(phase & 3);
        if (state == BreakerState.Closed)
        {
            permit = new Permit(BreakerState.Closed, phase >> 2, IsFailOpen: false);
            return true;
        }

        // A refused call must stay cheap: this is the path of an outage.
        var now = _time.GetTimestamp();
        if (state is BreakerState.Open or BreakerState.Isolated && now < Volatile.Read(ref _until))
        {
            permit = default;
            return false;
        }
        lock (_lock) return TryAcquire_NeedsLock(now, out permit);
    }

    public bool TryAcquireFailOpen(out Permit permit)
    {
        lock (_lock)
        {
            Advance_NeedsLock(_time.GetTimestamp());
            permit = new Permit(State, Epoch, IsFailOpen: State != BreakerState.Closed);
            switch (State)
            {
                case BreakerState.Closed:
                    return true;
                case BreakerState.PartialOpen:
                case BreakerState.Open:
                    if (_failOpenOutstanding >= _policy.FailOpenConcurrency) break;
                    _failOpenOutstanding++;
                    return true;
                case BreakerState.Isolated:
                    break;
            }
            permit = default;
            return false;
        }
    }

    public void Return(in Permit permit, in AttemptSignal signal)
    {
        var now = _time.GetTimestamp();
        lock (_lock)
        {
            if (permit.IsFailOpen) _failOpenOutstanding--;
            Show_NeedsLock(now, permit, signal);
            PublishSpeed_NeedsLock(now);
            if (permit.Epoch != Epoch) return;
            if (!permit.IsFailOpen && State == BreakerState.PartialOpen) _step.Outstanding--;
            Result_NeedsLock(now, permit, signal);
            Advance_NeedsLock(now);
        }
    }

    /// <summary>Makes the moves that time alone causes, and forgets a speed that nothing recent shows.</summary>
    public void Tick()
    {
        if (State == BreakerState.Closed && FirstTokenP90Ms == 0 && DurationP95Ms == 0) return;
        var now = _time.GetTimestamp();
        lock (_lock)
        {
            Advance_NeedsLock(now);
            PublishSpeed_NeedsLock(now);
        }
    }

    public void Isolate(DateTimeOffset until, string reason, string by)
    {
        var now = _time.GetTimestamp();
        var rest = until - _time.GetUtcNow();
        if (rest <= TimeSpan.Zero) return;
        lock (_lock)
        {
            // The same isolation arrives with each overlay.
            if (State == BreakerState.Isolated && _isolatedBy == by && _untilUtc == until) return;
            Enter_NeedsLock(now, BreakerState.Isolated, -1, rest < MaxIsolation ? rest : MaxIsolation, new Move(TransitionCause.Isolated), _ =>
                HealthSentences.Isolated(by, reason, until));
            (_isolatedBy, _fault) = (by, null);
            _untilUtc = until;
        }
    }

    public void Release(string by)
    {
        lock (_lock)
        {
            if (State != BreakerState.Isolated) return;
            EnterRamp_NeedsLock(_time.GetTimestamp(), proven: false, new Move(TransitionCause.Released), HealthSentences.Released(by, Share(0)));
        }
    }

    public void Force(int sharePercent, DateTimeOffset until, string reason, string by)
    {
        var now = _time.GetTimestamp();
        var rest = until - _time.GetUtcNow();
        if (rest <= TimeSpan.Zero) return;
        lock (_lock) Force_NeedsLock(now, new ForcedBound(sharePercent, until, now + Clock.Ticks(_time, rest < MaxIsolation ? rest : MaxIsolation), by), reason);
    }

    public void EndForce(string by)
    {
        lock (_lock)
        {
            if (_forced is null) return;
            EndForce_NeedsLock(_time.GetTimestamp(), by, released: true);
        }
    }

    /// <summary>A credential is there again: ends an identity fault, and nothing else. Cheap when there is none.</summary>
    public void IdentityRestored()
    {
        if (State != BreakerState.Isolated) return;
        lock (_lock)
        {
            if (State != BreakerState.Isolated || _fault != FailureKind.CredentialExchangeFailed) return;
            _configFaults = 0;
            EnterRamp_NeedsLock(_time.GetTimestamp(), proven: true, new Move(TransitionCause.IdentityRestored), HealthSentences.IdentityRestored(Share(0)));
        }
    }

    public void Apply(BreakerPolicyConfig policy)
    {
        lock (_lock)
        {
            if (ReferenceEquals(policy, _policy)) return;
            if (policy.WindowSeconds != _policy.WindowSeconds)
            {
                (_evidence, _shown, _firstToken, _duration, _perHundred) = NewWindows(policy);
                RenewRecent_NeedsLock(policy);
                _failureRun = 0;
            }
            _policy = policy;
            if (_stage >= policy.RampPercent.Length) _stage = policy.RampPercent.Length - 1;
        }
    }

    private bool TryAcquire_NeedsLock(long now, out Permit permit)
    {
        Advance_NeedsLock(now);
        var admitted = State switch
        {
            BreakerState.Closed => true,
            // The floor would let more through than was allowed by hand.
            BreakerState.PartialOpen => _step.TryAdmit(now, Share(_stage), _forced is { SharePercent: < 100 } ? 0 : _policy.FloorPerSecond, _proven),
            BreakerState.Open or BreakerState.Isolated => false,
            _ => false,
        };
        permit = admitted ? new Permit(State, Epoch, IsFailOpen: false) : default;
        return admitted;
    }

    private void Advance_NeedsLock(long now)
    {
        if (_forced is { } forced && now >= forced.End) EndForce_NeedsLock(now, forced.By, released: false);
        switch (State)
        {
            case BreakerState.Closed:
                break;
            case BreakerState.PartialOpen:
                Judge_NeedsLock(now);
                break;
            case BreakerState.Open when now >= _until && HasMoved(MostMovesToTry, now):
                _untilUtc = _time.GetUtcNow() + StayOut_NeedsLock(now);
                break;
            case BreakerState.Open when now >= _until:
                EnterRamp_NeedsLock(now, proven: false, new Move(TransitionCause.OpenElapsed), HealthSentences.OpenElapsed(Share(0)));
                break;
            case BreakerState.Isolated when now >= _until:
                var move = new Move(_isolatedBy is null ? TransitionCause.OpenElapsed : TransitionCause.Released);
                EnterRamp_NeedsLock(now, proven: false, move, _isolatedBy is { } by
                    ? HealthSentences.IsolationEnded(by, Share(0)) : HealthSentences.OpenElapsed(Share(0)));
                break;
            case BreakerState.Open or BreakerState.Isolated:
                break;
        }
    }
}
