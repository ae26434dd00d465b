using ControlPlane.Web.Ui;
using Routing.Core.Dispatch;

namespace ControlPlane.Web.Explain;

/// <summary>What would happen to a candidate, in two or three words; the sentence beside them is the edge's own.</summary>
internal static class VerdictWords
{
    /// <param name="shared">Others would be asked first as well as this one.</param>
    /// <param name="refused">The call would be, without asking anybody.</param>
    public static string Of(CandidateExplanation candidate, bool shared, bool refused) => candidate.Verdict switch
    {
        CandidateVerdict.Incapable => "Cannot take it",
        CandidateVerdict.OutsideResidency => "Outside the residency",
        CandidateVerdict.TooDear => "Might cost too much",
        CandidateVerdict.Open => "Not asked",
        CandidateVerdict.Isolated => "Out of service",
        CandidateVerdict.QuotaClosed => "Quota used up",
        _ when refused => "Not asked",
        _ when candidate.AskedFirst => shared ? "One of those asked first" : "Asked first",
        _ => "Asked if those before fail",
    };

    public static BreakerView State(CandidateExplanation candidate) =>
        candidate.Verdict == CandidateVerdict.QuotaClosed ? BreakerView.Quota(1) : BreakerView.From(candidate.State, candidate.SharePercent);
}
