using System.Text.Json.Serialization;

namespace Routing.Core.Llm;

/// <summary>Why a call failed, in one vocabulary for every cloud. The rows of the error taxonomy.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<FailureKind>))]
public enum FailureKind : byte
{
    InvalidRequest,
    ContextTooLong,
    RequestTooLarge,
    ContentBlocked,
    Unauthenticated,
    PermissionDenied,
    ModelNotFound,
    RateLimited,
    ReservedExhausted,
    CapacityExhausted,
    SpendLimit,
    ModelNotReady,
    UpstreamTimeout,
    UpstreamInternal,
    ModelError,
    StreamInterrupted,
    Conflict,
    ClientCancelled,
    Transport,
    DeadlineFirstToken,
    DeadlineTotal,
    CredentialExchangeFailed,
    CircuitOpen,
    QuotaGateClosed,
    BudgetExceeded,
    NoEligibleEndpoint,

    /// <summary>The request needs something no candidate of the feature can do.</summary>
    CapabilityUnsupported,

    /// <summary>The provider said something this version has no row for; the raw code is kept beside it. Counts against health.</summary>
    Unknown,
}

/// <summary>How a failure touches the health of the model endpoint it came from.</summary>
public enum HealthEffect : byte
{
    /// <summary>Says nothing about the endpoint (the caller's fault, or ours).</summary>
    Ignored,

    /// <summary>Counts as a failure in the breaker's window.</summary>
    Failure,

    /// <summary>Our own quota is used up: closes the quota gate, never the breaker.</summary>
    Quota,

    /// <summary>A configuration fault (credentials, permission, model name): isolates the endpoint at once.</summary>
    Config,
}

/// <summary>What each kind means for the request and for the endpoint: the columns Retry, FO and Brk of the taxonomy.</summary>
/// <param name="Retries">Further tries on the same endpoint that are allowed.</param>
/// <param name="FailsOver">Whether the next candidate may be tried.</param>
/// <param name="Health">Effect on the endpoint's breaker.</param>
public readonly record struct FailureRule(byte Retries, bool FailsOver, HealthEffect Health);

public static class FailureRules
{
    private static readonly FailureRule[] Rules = Build();
    private static readonly string[] Names = [.. Enum.GetNames<FailureKind>().Select(System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    public static FailureRule Of(FailureKind kind) => Rules[(int)kind];

    /// <summary>The <c>snake_case</c> name, without allocating.</summary>
    public static string Name(this FailureKind kind) => Names[(int)kind];

    private static FailureRule[] Build()
    {
        var kinds = Enum.GetValues<FailureKind>();
        var rules = new FailureRule[kinds.Length];
        foreach (var kind in kinds) rules[(int)kind] = Rule(kind);
        return rules;
    }

    private static FailureRule Rule(FailureKind kind) => kind switch
    {
        FailureKind.InvalidRequest or FailureKind.ContentBlocked or FailureKind.ClientCancelled => new(0, false, HealthEffect.Ignored),
        FailureKind.ContextTooLong or FailureKind.RequestTooLarge or FailureKind.CapabilityUnsupported => new(0, true, HealthEffect.Ignored),
        FailureKind.Unauthenticated => new(1, true, HealthEffect.Config),
        FailureKind.PermissionDenied or FailureKind.ModelNotFound or FailureKind.SpendLimit or FailureKind.CredentialExchangeFailed
            => new(0, true, HealthEffect.Config),
        FailureKind.RateLimited => new(1, true, HealthEffect.Quota),
        FailureKind.ReservedExhausted => new(0, true, HealthEffect.Ignored),
        FailureKind.Conflict => new(1, true, HealthEffect.Ignored),
        FailureKind.CapacityExhausted or FailureKind.UpstreamInternal or FailureKind.Transport or FailureKind.ModelNotReady
            => new(1, true, HealthEffect.Failure),
        FailureKind.UpstreamTimeout or FailureKind.ModelError or FailureKind.StreamInterrupted or FailureKind.DeadlineFirstToken
            or FailureKind.DeadlineTotal or FailureKind.Unknown => new(0, true, HealthEffect.Failure),
        _ => new(0, false, HealthEffect.Ignored),
    };
}
