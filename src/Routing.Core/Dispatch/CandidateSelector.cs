using System.Collections.Immutable;
using System.Text;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Tables;
using Routing.Core.Usage;

namespace Routing.Core.Dispatch;

/// <summary>
/// Chooses the next candidate of one request: the lowest tier with anybody left, by weight among those, if its breaker gives a permit.
/// Notes of each candidate why it did or did not get the call. A mutable struct that lives on the dispatcher's frame.
/// </summary>
internal struct CandidateSelector(FeatureRoute route, CallerApi api, Capabilities needs)
{
    // Asked of a caller where nobody knows better, or what is known is an operator's doing.
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MostWait = TimeSpan.FromMinutes(10);

    private uint _left = route.All;
    private CandidateReasons _reasons;

    /// <summary>Why each candidate did or did not get the call, by its place in the route. A copy: thirty-two bytes to keep.</summary>
    public readonly CandidateReasons Reasons => _reasons;

    /// <summary>Whether a further candidate could still be tried: one that can take the call and is in service.</summary>
    public readonly bool HasMore
    {
        get
        {
            for (var i = 0; i < route.Candidates.Length; i++)
            {
                if ((_left & (1u << i)) != 0 && Supports(route.Candidates[i]) && route.Candidates[i].Endpoint.Health.MayTakeCalls) return true;
            }

            return false;
        }
    }

    public bool TryNext(out Candidate candidate, out Permit permit)
    {
        while (_left != 0)
        {
            var index = Pick();
            _left &= ~(1u << index);
            candidate = route.Candidates[index];
            _reasons[index] = Ask(candidate, out permit);
            if (_reasons[index] == CandidateReason.Admitted) return true;
        }

        candidate = null!; // Only read when true is returned.
        permit = default;
        return false;
    }

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

    /// <summary>Why nobody could be asked.</summary>
    public readonly Failure Refusal(ChatCall call)
    {
        if (route.Candidates.Length > 0 && AllIncapable()) return CapabilityRefusal.Of(route, call);
        var text = new StringBuilder($"Feature '{route.Name}' cannot be served just now: ");
        for (var i = 0; i < route.Candidates.Length; i++)
        {
            if (i > 0) text.Append("; ");
            text.Append(route.Candidates[i].Endpoint.Id).Append(' ').Append(CandidateSentences.Of(_reasons[i]));
        }

        if (route.Candidates.Length == 0) text.Append("it has no candidate");
        var kind = IsOfQuota() ? FailureKind.QuotaGateClosed : FailureKind.NoEligibleEndpoint;
        return Failure.Of(kind, text.Append('.').ToString()) with { RetryAfter = Wait() };
    }

    /// <summary>Whoever could take the call has no quota left: it is the caller who should slow down.</summary>
    private readonly bool IsOfQuota()
    {
        var any = false;
        for (var i = 0; i < route.Candidates.Length; i++)
        {
            if (_reasons[i] is CandidateReason.Incapable or CandidateReason.WindowTooSmall) continue;
            if (_reasons[i] != CandidateReason.QuotaClosed) return false;
            any = true;
        }

        return any;
    }

    /// <summary>Until the first of those that could take the call may be asked.</summary>
    private readonly TimeSpan Wait()
    {
        var least = TimeSpan.MaxValue;
        for (var i = 0; i < route.Candidates.Length; i++)
        {
            if (_reasons[i] is CandidateReason.Incapable or CandidateReason.WindowTooSmall) continue;
            var health = route.Candidates[i].Endpoint.Health;
            var wait = health.Wait > health.QuotaWait ? health.Wait : health.QuotaWait;
            if (wait < least) least = wait;
        }

        return least > TimeSpan.Zero && least < MostWait ? least : DefaultWait;
    }

    private readonly bool MayFailOpen(int i) => Supports(route.Candidates[i])
        && _reasons[i] is not (CandidateReason.Admitted or CandidateReason.AdmittedFailOpen or CandidateReason.WindowTooSmall);

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

    private readonly bool AllIncapable()
    {
        for (var i = 0; i < route.Candidates.Length; i++)
        {
            if (_reasons[i] != CandidateReason.Incapable) return false;
        }

        return true;
    }

    private readonly int Pick()
    {
        var tier = int.MaxValue;
        int total = 0, only = -1, count = 0;
        for (var i = 0; i < route.Candidates.Length; i++)
        {
            if ((_left & (1u << i)) == 0) continue;
            var c = route.Candidates[i];
            if (c.Tier > tier) break; // Candidates are ordered by tier.
            tier = c.Tier;
            total += c.Weight;
            only = i;
            count++;
        }

        return count == 1 || total == 0 ? only : Weighted(tier, total);
    }

    private readonly int Weighted(int tier, int total)
    {
        var draw = route.Draw(total);
        var last = -1;
        for (var i = 0; i < route.Candidates.Length; i++)
        {
            if ((_left & (1u << i)) == 0 || route.Candidates[i].Tier != tier) continue;
            last = i;
            draw -= route.Candidates[i].Weight;
            if (draw < 0) return i;
        }

        return last;
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

    private readonly CandidateReason Ask(Candidate candidate, out Permit permit)
    {
        permit = default;
        if (!Supports(candidate)) return CandidateReason.Incapable;
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

    private readonly bool Supports(Candidate candidate) => (needs & ~candidate.Endpoint.Api(api).Capabilities) == Capabilities.None;
}
