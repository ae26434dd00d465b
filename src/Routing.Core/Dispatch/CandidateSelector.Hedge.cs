using Routing.Core.Health;
using Routing.Core.Providers;
using Routing.Core.Tables;

namespace Routing.Core.Dispatch;

/// <summary>Who is asked beside a slow one.</summary>
internal partial struct CandidateSelector
{
    /// <summary>The next candidate in order that another provider serves and whose breaker is closed: what makes one slow must not touch the other.</summary>
    public bool TryHedge(Candidate first, out Candidate candidate, out Permit permit)
    {
        for (var i = 0; i < route.Candidates.Length; i++)
        {
            candidate = route.Candidates[i];
            if ((_left & (1u << i)) == 0 || !IsOfAnotherProvider(candidate.Endpoint, first.Endpoint)) continue;
            if (candidate.Endpoint.Health.State != BreakerState.Closed || Unfitness(i) != CandidateReason.NotReached) continue;
            _left &= ~(1u << i);
            _reasons[i] = Ask(candidate, out permit);
            if (_reasons[i] == CandidateReason.Admitted) return true;
        }

        candidate = null!; // Only read when true is returned.
        permit = default;
        return false;
    }

    /// <summary>Whoever was found is not asked, for the feature's budget; after a failure it may be, like anybody.</summary>
    public void PutBack(Candidate candidate)
    {
        var index = Array.IndexOf(route.Candidates, candidate);
        _left |= 1u << index;
        _reasons[index] = CandidateReason.HedgeOverBudget;
    }

    // Whoever runs an OpenAI-compatible server is known by its address alone.
    private readonly bool IsOfAnotherProvider(ModelEndpoint one, ModelEndpoint other) => one.Adapter.Kind != other.Adapter.Kind
        || (one.Adapter.Kind == ProviderKind.OpenAICompatible && Origin(one) != Origin(other));

    private readonly string? Origin(ModelEndpoint endpoint) => endpoint.Api(_call.Api).Unary?.Origin;
}
