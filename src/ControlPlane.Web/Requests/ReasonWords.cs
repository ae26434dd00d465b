using Routing.Core.Dispatch;

namespace ControlPlane.Web.Requests;

/// <summary>Why a candidate was passed over, in words that follow its name, and whose that is. What its edge says at once, here of the past.</summary>
internal static class ReasonWords
{
    public static string Of(CandidateReason reason) => reason switch
    {
        CandidateReason.NotReached => "was not reached",
        CandidateReason.Admitted => "would have taken the call",
        CandidateReason.AdmittedFailOpen => "was asked all the same, because nobody else was left",
        CandidateReason.Incapable => "cannot take this request",
        CandidateReason.QuotaClosed => "had our quota used up",
        CandidateReason.Open => "was open after failures",
        CandidateReason.OutsideShare => "was coming back and took only a share of the calls",
        CandidateReason.Isolated => "was out of service",
        CandidateReason.FailOpenFull => "was open after failures, and already asked by as many calls as may",
        CandidateReason.WindowTooSmall => "has no larger window than the one the prompt was too long for",
        CandidateReason.OutsideResidency => "keeps what it is sent outside the feature's residency",
        CandidateReason.TooDear => "might have cost more than the feature allows",
        CandidateReason.AdmittedWarm => "would have taken the call to be kept warm",
        CandidateReason.CannotContinue => "could not go on from the answer that had broken off",
        CandidateReason.HedgeOverBudget => "was not asked beside a slow one, because the feature's budget for the month had no room for a second",
        _ => "was passed over",
    };

    /// <summary>As <see cref="FailureWords.Owner"/>.</summary>
    public static string Owner(CandidateReason reason) => reason switch
    {
        CandidateReason.QuotaClosed => "quota",
        CandidateReason.Isolated or CandidateReason.OutsideResidency or CandidateReason.HedgeOverBudget => "ours",
        CandidateReason.Incapable or CandidateReason.WindowTooSmall or CandidateReason.TooDear => "caller",
        _ => "provider",
    };
}
