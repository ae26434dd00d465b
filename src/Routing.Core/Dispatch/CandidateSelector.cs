using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Tables;

namespace Routing.Core.Dispatch;

/// <summary>
/// Chooses the next candidate of one request: the lowest tier with anybody left, by weight among those, if its breaker gives a permit.
/// A mutable struct that lives on the dispatcher's frame.
/// </summary>
internal struct CandidateSelector(FeatureRoute route, CallerApi api, Capabilities needs)
{
    private uint _left = route.All;
    private FailureKind _rejection = FailureKind.NoEligibleEndpoint;
    private bool _anyCapable;

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
            if (!Capable(candidate)) continue;
            if (candidate.Endpoint.Health.TryAcquire(out permit, out var rejection)) return true;
            _rejection = rejection;
        }

        candidate = null!; // Only read when true is returned.
        permit = default;
        return false;
    }

    /// <summary>
    /// Nobody gave a permit and nothing was tried: the least bad candidate, with few calls at a time, rather than an empty pool.
    /// Equally bad ones are asked in the order of their tiers. Never one that is isolated.
    /// </summary>
    public readonly bool TryFailOpen(out Candidate candidate, out Permit permit)
    {
        // Each is looked at once: in an outage every request comes this way.
        Span<double> badness = stackalloc double[route.Candidates.Length];
        for (var i = 0; i < badness.Length; i++)
        {
            badness[i] = Supports(route.Candidates[i]) ? route.Candidates[i].Endpoint.Health.Badness : double.PositiveInfinity;
        }

        for (var i = LeastBad(badness); i >= 0; i = LeastBad(badness))
        {
            candidate = route.Candidates[i];
            if (candidate.Endpoint.Health.TryAcquireFailOpen(out permit)) return true;
            badness[i] = double.PositiveInfinity;
        }

        candidate = null!; // Only read when true is returned.
        permit = default;
        return false;
    }

    /// <summary>Why nobody could be asked.</summary>
    public readonly Failure Refusal(ChatCall call)
    {
        if (!_anyCapable && route.Candidates.Length > 0) return CapabilityRefusal.Of(route, call);
        var why = _rejection switch
        {
            FailureKind.QuotaGateClosed => "the quota of its model endpoints is used up for now",
            FailureKind.CircuitOpen => "its model endpoints are open or isolated",
            _ => "it has no candidate that can be used",
        };
        return Failure.Of(FailureKind.NoEligibleEndpoint, $"Feature '{route.Name}' cannot be served: {why}.") with
        {
            RetryAfter = TimeSpan.FromSeconds(5),
        };
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

    private bool Capable(Candidate candidate)
    {
        var can = Supports(candidate);
        _anyCapable |= can;
        return can;
    }

    private readonly bool Supports(Candidate candidate) => (needs & ~candidate.Endpoint.Api(api).Capabilities) == Capabilities.None;
}
