using System.Text;
using Routing.Core.Llm;

namespace Routing.Core.Dispatch;

/// <summary>What a caller is told when nobody could be asked.</summary>
internal partial struct CandidateSelector
{
    // Asked of a caller where nobody knows better, or what is known is an operator's doing.
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MostWait = TimeSpan.FromMinutes(10);

    /// <summary>Why nobody could be asked.</summary>
    public readonly Failure Refusal()
    {
        if (IsUnfit(out var tooDear, out var incapable))
        {
            if (tooDear > 0) return CostRefusal.Of(route, _call, at, _reasons);
            if (incapable == route.Candidates.Length) return CapabilityRefusal.Of(route, _call);
            return Failure.Of(FailureKind.CapabilityUnsupported, Sentence("cannot serve this call"));
        }

        var kind = IsOfQuota() ? FailureKind.QuotaGateClosed : FailureKind.NoEligibleEndpoint;
        return Failure.Of(kind, Sentence("cannot be served just now")) with { RetryAfter = Wait() };
    }

    private readonly string Sentence(string what)
    {
        var text = new StringBuilder($"Feature '{route.Name}' {what}: ");
        for (var i = 0; i < route.Candidates.Length; i++)
        {
            if (i > 0) text.Append("; ");
            text.Append(route.Candidates[i].Endpoint.Id).Append(' ').Append(CandidateSentences.Of(_reasons[i]));
        }

        if (route.Candidates.Length == 0) text.Append("it has no candidate");
        return text.Append('.').ToString();
    }

    /// <summary>Nobody could take the call in any state: sending it again helps nobody.</summary>
    private readonly bool IsUnfit(out int tooDear, out int incapable)
    {
        (tooDear, incapable) = (0, 0);
        for (var i = 0; i < route.Candidates.Length; i++)
        {
            if (!_reasons[i].IsUnfit()) return false;
            if (_reasons[i] == CandidateReason.TooDear) tooDear++;
            if (_reasons[i] == CandidateReason.Incapable) incapable++;
        }

        return route.Candidates.Length > 0;
    }

    /// <summary>Whoever could take the call has no quota left: it is the caller who should slow down.</summary>
    private readonly bool IsOfQuota()
    {
        var any = false;
        for (var i = 0; i < route.Candidates.Length; i++)
        {
            if (_reasons[i].IsUnfit()) continue;
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
            if (_reasons[i].IsUnfit()) continue;
            var health = route.Candidates[i].Endpoint.Health;
            var wait = health.Wait > health.QuotaWait ? health.Wait : health.QuotaWait;
            if (wait < least) least = wait;
        }

        return least > TimeSpan.Zero && least < MostWait ? least : DefaultWait;
    }
}
