using System.Collections.Immutable;
using ControlPlane.Web.Ui;
using ControlPlane.Web.Usage;
using Routing.Core.Dispatch;
using Routing.Core.Health;
using Routing.Core.Snapshots;
using Routing.Core.Usage;

namespace ControlPlane.Web.Requests;

/// <summary>
/// The candidates of a request in their order, from what its edge noted, what the attempts met and what the revision said. Pure.
/// An ordinary decision has no notes: its candidates are the revision's, and whoever was attempted took the call.
/// </summary>
internal sealed class Decision(ImmutableArray<CandidateNote> notes, IReadOnlyList<AttemptRow> attempts, FeatureConfig? feature, EndpointNames names, IReadOnlyList<TransitionRow> moves)
{
    public ImmutableArray<CandidateView> Candidates() => [.. Order().Select(View)];

    private IEnumerable<CandidateNote> Order()
    {
        if (!notes.IsDefaultOrEmpty) return notes;
        IEnumerable<string> bound = feature?.Candidates.Where(c => c.Role != CandidateRole.Shadow).OrderBy(c => c.Tier).Select(c => c.ModelEndpoint) ?? [];
        return bound.Union(attempts.Select(a => a.ModelEndpoint), StringComparer.Ordinal)
            .Select(id => new CandidateNote(id, AttemptsOf(id).Length > 0 ? CandidateReason.Admitted : CandidateReason.NotReached));
    }

    private CandidateView View(CandidateNote note)
    {
        AttemptRow[] tries = AttemptsOf(note.ModelEndpoint);
        CandidateReason? reason = IsKnown(note, tries) ? note.Reason : null;
        (string decision, string why) = tries.Length > 0 ? Tried(tries, note.Reason) : NotTried(reason);
        return new CandidateView(
            note.ModelEndpoint, names.Of(note.ModelEndpoint), Place(note.ModelEndpoint), State(note, tries), reason, decision, why,
            tries.Length > 0 && tries[^1].Outcome == AttemptOutcome.Answered);
    }

    // Of a row older than the notes, several attempts tell that somebody was passed over, but not who and why.
    private bool IsKnown(CandidateNote note, AttemptRow[] tries) =>
        !notes.IsDefaultOrEmpty || tries.Length > 0 || (note.Reason == CandidateReason.NotReached && attempts.Select(a => a.ModelEndpoint).Distinct(StringComparer.Ordinal).Count() == 1);

    private AttemptRow[] AttemptsOf(string id) => [.. attempts.Where(a => a.ModelEndpoint == id)];

    private (string Decision, string Why) Tried(AttemptRow[] tries, CandidateReason reason)
    {
        AttemptRow last = tries[^1];
        string all = reason switch
        {
            CandidateReason.AdmittedFailOpen => " It was asked all the same, because nobody else was left.",
            CandidateReason.AdmittedWarm => " It was asked to be kept warm, before the one whose turn it was.",
            _ => "",
        };
        string times = tries.Length > 1 ? $", at the {(tries.Length == 2 ? "second" : "last")} try" : "";
        string took = AttemptWaterfall.Took(last.DurationMs);
        return last.Outcome switch
        {
            AttemptOutcome.Answered => ("Answered", (last.FirstTokenMs is { } first && last.Streamed
                ? $"First token after {AttemptWaterfall.Took(first)}, complete after {took}{times}." : $"Complete after {took}{times}.") + all),
            // Were it the caller who went away, none would have ended otherwise.
            AttemptOutcome.Cancelled when attempts.Any(a => a.Outcome != AttemptOutcome.Cancelled) => ("Overtaken", $"It was stopped after {took}, when the one beside it was there first.{all}"),
            AttemptOutcome.Cancelled => ("Caller went away", $"It was still at work after {took}.{all}"),
            AttemptOutcome.Interrupted => ("Broke off", $"It {FailureWords.Of(last.Failure)} after {took}, when the caller had read part of it.{all}"),
            _ => ("Tried, failed", $"It {FailureWords.Of(last.Failure)}, after {took}{times}.{all}"),
        };
    }

    private static (string Decision, string Why) NotTried(CandidateReason? reason) => reason switch
    {
        null => ("Not asked", "Why was not kept."),
        CandidateReason.NotReached => ("Not reached", "The request ended before its turn."),
        // Without an attempt: the caller went away, or time ran out, between permit and call.
        CandidateReason.Admitted or CandidateReason.AdmittedWarm or CandidateReason.HedgeOverBudget => ("Not asked", $"It {ReasonWords.Of(reason.Value)}."),
        { } why => ("Not eligible", $"It {ReasonWords.Of(why)}."),
    };

    private string Place(string id)
    {
        if (feature?.Candidates.FirstOrDefault(c => c.ModelEndpoint == id) is not { } candidate) return "";
        string role = candidate.Role == CandidateRole.Primary ? "" : $" · {(candidate.Role == CandidateRole.LastResort ? "last resort" : candidate.Role.ToString().ToLowerInvariant())}";
        return $"tier {candidate.Tier} · {candidate.Weight}{Format.Nbsp}%{role}";
    }

    private BreakerView? State(CandidateNote note, AttemptRow[] tries)
    {
        TransitionRow? move = moves.FirstOrDefault(m => m.ModelEndpoint == note.ModelEndpoint);
        BreakerState state = tries.Length > 0 ? tries[0].Breaker : note.Reason switch
        {
            CandidateReason.Open or CandidateReason.FailOpenFull => BreakerState.Open,
            CandidateReason.OutsideShare => BreakerState.PartialOpen,
            CandidateReason.Isolated => BreakerState.Isolated,
            _ => move?.To ?? BreakerState.Closed,
        };
        if (note.Reason == CandidateReason.QuotaClosed) return BreakerView.Quota(1);
        if (state != BreakerState.PartialOpen) return BreakerView.From(state, 0);
        return move?.To == BreakerState.PartialOpen ? BreakerView.Partial(move.SharePercent / 100.0) : null;
    }
}
