using Routing.Core.Llm;

namespace ControlPlane.Web.Requests;

/// <summary>A failure in words that follow the name of whoever it happened to, and whose it is.</summary>
internal static class FailureWords
{
    public static string Of(FailureKind? kind) => kind switch
    {
        FailureKind.InvalidRequest => "refused the request as invalid",
        FailureKind.ContextTooLong => "found the prompt too long for its window",
        FailureKind.RequestTooLarge => "found the request too large",
        FailureKind.ContentBlocked => "blocked the content",
        FailureKind.Unauthenticated => "refused our credential",
        FailureKind.PermissionDenied => "denied us permission",
        FailureKind.ModelNotFound => "does not know the model",
        FailureKind.RateLimited => "had our rate limit used up",
        FailureKind.ReservedExhausted => "had our reserved capacity used up",
        FailureKind.CapacityExhausted => "was out of capacity",
        FailureKind.SpendLimit => "had reached our spend limit",
        FailureKind.ModelNotReady => "did not have the model ready",
        FailureKind.UpstreamTimeout => "timed out on its own side",
        FailureKind.UpstreamInternal => "failed on its own side",
        FailureKind.ModelError => "had its model fail",
        FailureKind.StreamInterrupted => "broke off its answer",
        FailureKind.Conflict => "refused the request as in conflict with another",
        FailureKind.ClientCancelled => "was still at work when the caller went away",
        FailureKind.Transport => "could not be reached, or dropped the connection",
        FailureKind.DeadlineFirstToken => "gave no first token in time",
        FailureKind.DeadlineTotal => "was not done in time",
        FailureKind.CredentialExchangeFailed => "could not be asked, because no credential was to be had",
        FailureKind.CircuitOpen => "was open after failures",
        FailureKind.QuotaGateClosed => "had its quota used up",
        FailureKind.BudgetExceeded => "was refused by a budget",
        FailureKind.NoEligibleEndpoint => "was not in service",
        FailureKind.CapabilityUnsupported => "cannot take this request",
        FailureKind.Unknown => "answered something this version does not know",
        null => "answered",
        _ => "failed",
    };

    /// <summary>Ours, provider, quota, credentials, caller or unknown.</summary>
    public static string Owner(FailureKind kind) => kind switch
    {
        FailureKind.InvalidRequest or FailureKind.ContextTooLong or FailureKind.RequestTooLarge or FailureKind.ContentBlocked
            or FailureKind.ClientCancelled or FailureKind.CapabilityUnsupported => "caller",
        FailureKind.Unauthenticated or FailureKind.PermissionDenied or FailureKind.CredentialExchangeFailed => "credentials",
        FailureKind.RateLimited or FailureKind.ReservedExhausted or FailureKind.SpendLimit or FailureKind.QuotaGateClosed => "quota",
        FailureKind.ModelNotFound or FailureKind.BudgetExceeded => "ours",
        FailureKind.Unknown or FailureKind.NoEligibleEndpoint => "unknown",
        _ => "provider",
    };

    /// <summary>rate limited: for lists and choices.</summary>
    public static string Short(FailureKind kind) => kind.Name().Replace('_', ' ');
}
