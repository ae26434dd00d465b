using System.Collections.Immutable;
using System.Numerics;
using Routing.Core.Dispatch.Choice;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Tables;
using Routing.Core.Usage;

namespace Routing.Core.Dispatch;

/// <summary>
/// Finds the next candidate of one request: of the lowest tier with anybody left who could take it, the one <see cref="TierChoice"/> picks, if its breaker
/// gives a permit. Notes of each candidate why it did or did not get the call. A mutable struct that lives on the dispatcher's frame.
/// </summary>
/// <param name="at">When the request came: the prices of that moment count.</param>
internal partial struct CandidateSelector(FeatureRoute route, ChatCall call, DateTimeOffset at)
{
    private ChatCall _call = call;
    private uint _left = route.All;
    private bool _hasBegun;
    private bool _goesOn;
    private CandidateReasons _reasons;

    /// <summary>Why each candidate did or did not get the call, by its place in the route. A copy: thirty-two bytes to keep.</summary>
    public readonly CandidateReasons Reasons => _reasons;

    /// <summary>Whether the last one found is a backup that takes the call to be kept warm.</summary>
    public bool IsWarm { get; private set; }

    /// <summary>Whether somebody whose turn it was did not take the call, for its health or quota: whoever takes it stands in.</summary>
    public bool IsMoved { get; private set; }

    /// <summary>Whether a further candidate could still be tried: one that can take the call and is in service.</summary>
    public readonly bool HasMore => HasAny(_left);

    public bool TryNext(out Candidate candidate, out Permit permit)
    {
        IsWarm = TryWarm(out candidate, out permit);
        if (IsWarm) return true;
        while (_left != 0)
        {
            var tier = DropUnfit(route.LowestTier(_left));
            if (tier == 0) continue;
            var index = TierChoice.Pick(route, tier, _call, at);
            _left &= ~(1u << index);
            candidate = route.Candidates[index];
            _reasons[index] = Ask(candidate, out permit);
            IsMoved |= _reasons[index] != CandidateReason.Admitted;
            if (_reasons[index] != CandidateReason.Admitted) continue;
            route.Warm?.Served(index);
            return true;
        }

        candidate = null!; // Only read when true is returned.
        permit = default;
        return false;
    }

    /// <summary>From here on somebody is sought who goes on from an answer that broke off.</summary>
    public void GoOn(ChatCall continued) => (_call, _goesOn) = (continued, true);

    /// <summary>A prompt was too long for a window of so many tokens: whose window is known to be no larger is not asked. 0: nothing is known.</summary>
    public void DropWindowsUpTo(int tokens)
    {
        for (var i = 0; i < route.Candidates.Length; i++)
        {
            var window = route.Candidates[i].Endpoint.ContextTokens;
            if ((_left & (1u << i)) == 0 || window == 0 || window > tokens) continue;
            _left &= ~(1u << i);
            _reasons[i] = CandidateReason.WindowTooSmall;
        }
    }

    /// <summary>
    /// Nobody gives a permit: the least bad candidate of those not tried, with few calls at a time, rather than an empty pool.
    /// Equally bad ones are asked in the order of their tiers. Never one that is isolated.
    /// </summary>
    public bool TryFailOpen(out Candidate candidate, out Permit permit)
    {
        // Each is looked at once: in an outage every request comes this way.
        Span<double> badness = stackalloc double[route.Candidates.Length];
        for (var i = 0; i < badness.Length; i++)
        {
            badness[i] = MayFailOpen(i) ? route.Candidates[i].Endpoint.Health.Badness : double.PositiveInfinity;
        }

        for (var i = LeastBad(badness); i >= 0; i = LeastBad(badness))
        {
            candidate = route.Candidates[i];
            var admitted = candidate.Endpoint.Health.TryAcquireFailOpen(out permit);
            if (admitted || _reasons[i] != CandidateReason.QuotaClosed) _reasons[i] = admitted ? CandidateReason.AdmittedFailOpen : CandidateReason.FailOpenFull;
            if (admitted) return true;
            badness[i] = double.PositiveInfinity;
        }

        candidate = null!; // Only read when true is returned.
        permit = default;
        return false;
    }

    /// <summary>What the ledger keeps of the decision; none for the ordinary one, in which whoever was picked first took the call and nobody else was asked.</summary>
    public readonly ImmutableArray<CandidateNote> Notes()
    {
        if (IsOrdinary()) return default;
        var notes = ImmutableArray.CreateBuilder<CandidateNote>(route.Candidates.Length);
        for (var i = 0; i < route.Candidates.Length; i++) notes.Add(new CandidateNote(route.Candidates[i].Endpoint.Id, _reasons[i]));
        return notes.MoveToImmutable();
    }

    /// <summary>Now and then the first to be asked is a backup: whoever stands by longest, if its breaker lets it. Only while somebody before it could take over.</summary>
    private bool TryWarm(out Candidate candidate, out Permit permit)
    {
        candidate = null!; // Only read when true is returned.
        permit = default;
        if (_hasBegun) return false;
        _hasBegun = true;
        if (route.Warm is not { } warm || _call.Api == CallerApi.CountTokens || !warm.IsDue() || !HasAny(route.LowestTier(_left) & ~warm.Backups)) return false;
        for (var standby = warm.Backups; standby != 0;)
        {
            var index = warm.LeastRecent(standby);
            standby &= ~(1u << index);
            if (Unfitness(index) != CandidateReason.NotReached || Ask(route.Candidates[index], out permit) != CandidateReason.Admitted) continue;
            candidate = route.Candidates[index];
            _left &= ~(1u << index);
            _reasons[index] = CandidateReason.AdmittedWarm;
            warm.Served(index);
            return true;
        }

        return false;
    }

    /// <summary>Those of a tier that could take the call; of the others it is noted why not, and they are not asked.</summary>
    private uint DropUnfit(uint tier)
    {
        for (var rest = tier; rest != 0; rest &= rest - 1)
        {
            var index = BitOperations.TrailingZeroCount(rest);
            var reason = Unfitness(index);
            if (reason == CandidateReason.NotReached) continue;
            _reasons[index] = reason;
            tier &= ~(1u << index);
            _left &= ~(1u << index);
        }

        return tier;
    }

    /// <summary>Why a candidate could not take this call in any state; <see cref="CandidateReason.NotReached"/> when it could.</summary>
    private readonly CandidateReason Unfitness(int index)
    {
        var endpoint = route.Candidates[index].Endpoint;
        if (route.IsOutside(index)) return CandidateReason.OutsideResidency;
        var missing = _call.Needs & ~endpoint.Api(_call.Api).Capabilities;
        if (missing != Capabilities.None) return _goesOn && missing == Capabilities.AssistantPrefill ? CandidateReason.CannotContinue : CandidateReason.Incapable;

        // Without a price nobody can say what it would cost. It is asked: a price that was forgotten must not take a feature down.
        return route.MaxCostMicros > 0 && CallCost.AtMost(_call, endpoint, at) > route.MaxCostMicros ? CandidateReason.TooDear : CandidateReason.NotReached;
    }

    private readonly bool HasAny(uint mask)
    {
        for (var rest = mask; rest != 0; rest &= rest - 1)
        {
            var index = BitOperations.TrailingZeroCount(rest);
            if (route.Candidates[index].Endpoint.Health.MayTakeCalls && Unfitness(index) == CandidateReason.NotReached) return true;
        }

        return false;
    }

    private readonly bool MayFailOpen(int i) => Unfitness(i) == CandidateReason.NotReached
        && _reasons[i] is not (CandidateReason.Admitted or CandidateReason.AdmittedFailOpen or CandidateReason.AdmittedWarm or CandidateReason.WindowTooSmall);

    private readonly bool IsOrdinary()
    {
        var admitted = 0;
        for (var i = 0; i < route.Candidates.Length; i++)
        {
            if (_reasons[i] == CandidateReason.NotReached) continue;
            if (_reasons[i] != CandidateReason.Admitted || admitted++ > 0) return false;
        }

        return admitted == 1;
    }

    /// <summary>-1 when nobody is left.</summary>
    private static int LeastBad(ReadOnlySpan<double> badness)
    {
        var (best, least) = (-1, double.PositiveInfinity);
        for (var i = 0; i < badness.Length; i++)
        {
            if (badness[i] < least) (best, least) = (i, badness[i]);
        }

        return best;
    }

    private static CandidateReason Ask(Candidate candidate, out Permit permit)
    {
        var health = candidate.Endpoint.Health;
        if (health.TryAcquire(out permit, out var rejection)) return CandidateReason.Admitted;
        if (rejection == FailureKind.QuotaGateClosed) return CandidateReason.QuotaClosed;
        return health.State switch
        {
            BreakerState.PartialOpen => CandidateReason.OutsideShare,
            BreakerState.Isolated => CandidateReason.Isolated,
            _ => CandidateReason.Open,
        };
    }
}
