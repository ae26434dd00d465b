using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Routing.Core.Llm;
using Routing.Core.Tables;

namespace Routing.Core.Dispatch;

/// <summary>Why a candidate did or did not get a call.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<CandidateReason>))]
public enum CandidateReason : byte
{
    /// <summary>Somebody before it took the call.</summary>
    NotReached,

    /// <summary>Gave a permit.</summary>
    Admitted,

    /// <summary>Asked although its breaker refused, because nobody else was left.</summary>
    AdmittedFailOpen,

    /// <summary>Does not serve this API, or cannot take a field of the request.</summary>
    Incapable,

    /// <summary>Our own quota at it was used up.</summary>
    QuotaClosed,
    Open,

    /// <summary>Coming back, and the call was not of the share it takes.</summary>
    OutsideShare,
    Isolated,

    /// <summary>Nobody else was left, and as many calls as may ask it all the same were under way.</summary>
    FailOpenFull,

    /// <summary>The prompt was too long for a window that is no smaller.</summary>
    WindowTooSmall,

    /// <summary>Keeps what it is sent where the feature does not allow.</summary>
    OutsideResidency,

    /// <summary>The call might have cost more there than the feature allows.</summary>
    TooDear,

    /// <summary>Took the call although it was not needed, to be known to work.</summary>
    AdmittedWarm,

    /// <summary>Another one's answer had broken off, and it cannot go on from a begun one.</summary>
    CannotContinue,

    /// <summary>Would have been asked beside a slow one, but the feature's budget for the month had no room for a second.</summary>
    HedgeOverBudget,
}

/// <summary>One byte for each candidate of a route: what a decision keeps. Words are made only for who reads it.</summary>
[InlineArray(FeatureRoute.MaxCandidates)]
internal struct CandidateReasons
{
    private CandidateReason _first;
}

/// <summary>The words for a reason, to follow the candidate's name.</summary>
internal static class CandidateSentences
{
    /// <summary>It could not have taken this call in any state: a matter of the request and the configuration, not of health.</summary>
    public static bool IsUnfit(this CandidateReason reason) => reason is CandidateReason.Incapable or CandidateReason.WindowTooSmall
        or CandidateReason.OutsideResidency or CandidateReason.TooDear or CandidateReason.CannotContinue;

    public static string Of(CandidateReason reason) => reason switch
    {
        CandidateReason.NotReached => "was not reached",
        CandidateReason.Admitted => "took the call",
        CandidateReason.AdmittedFailOpen => "was asked all the same, because nobody else was left",
        CandidateReason.Incapable => "cannot take this request",
        CandidateReason.QuotaClosed => "has its quota used up",
        CandidateReason.Open => "is open after failures",
        CandidateReason.OutsideShare => "is coming back, and takes only a share of the calls",
        CandidateReason.Isolated => "is out of service",
        CandidateReason.FailOpenFull => "is open after failures, and already asked by as many calls as may",
        CandidateReason.WindowTooSmall => "has no larger window than the one the prompt was too long for",
        CandidateReason.OutsideResidency => "keeps what it is sent outside the feature's residency",
        CandidateReason.TooDear => "might cost more than the feature allows",
        CandidateReason.AdmittedWarm => "took the call to be kept warm",
        CandidateReason.CannotContinue => "cannot go on from an answer that another one began",
        CandidateReason.HedgeOverBudget => "was not asked beside a slow one, because the feature's budget for the month had no room for a second",
        _ => reason.ToString(),
    };
}
