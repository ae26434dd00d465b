using ControlPlane.Web.Ui;
using Routing.Core.Llm;
using Routing.Core.Usage;

namespace ControlPlane.Web.Requests;

/// <summary>What happened to one request in a sentence, what it cost the caller in time, and whose the cause is. Pure.</summary>
internal sealed record RequestVerdict(string Sentence, string Detail, string? Cause)
{
    public static RequestVerdict Of(RequestView request)
    {
        if (request.ShadowOf is not null) return OfCopy(request);
        string[] lost = [.. Lost(request)];
        string sentence = request.Outcome switch
        {
            RequestOutcome.Answered when lost.Length == 0 => $"{Server(request)} answered, the first that was asked.",
            RequestOutcome.Answered when request.After == AttemptCause.Continuation => $"{Join(lost)}; {Server(request)} went on from what the caller had.",
            RequestOutcome.Answered => $"{Join(lost)}, so {Server(request)} answered.",
            RequestOutcome.Cancelled => $"The caller went away after {Format.Latency(request.TotalMs)}.",
            RequestOutcome.Interrupted => $"{Server(request)} {FailureWords.Of(Failed(request)?.Failure ?? request.Failure)} after the caller had read part of the answer.",
            _ when lost.Length > 0 => $"{Join(lost)}; the caller got an error.",
            _ when request.Failure == FailureKind.BudgetExceeded => "The feature had no budget left for the month, so nobody was asked; the caller got an error.",
            _ => "Nobody could be asked; the caller got an error.",
        };
        return new RequestVerdict(sentence, Times(request), Owner(request));
    }

    /// <summary>The attempt whose failure is the request's: the last, unless it was only to go on from an answer that had broken off.</summary>
    private static AttemptView? Failed(RequestView request) =>
        request.Attempts.LastOrDefault(a => a.Failure is not null && !a.IsOvertaken && (request.Outcome != RequestOutcome.Interrupted || a.Outcome == AttemptOutcome.Interrupted));

    private static RequestVerdict OfCopy(RequestView copy)
    {
        AttemptView? attempt = copy.Attempts.FirstOrDefault();
        string name = attempt?.Name ?? "The shadow";
        string sentence = copy.Outcome switch
        {
            RequestOutcome.Answered => $"{name} answered the copy of a call.",
            RequestOutcome.Cancelled => $"The copy of a call to {name} was cut, because its edge stopped.",
            _ => $"{name} {FailureWords.Of(attempt?.Failure ?? copy.Failure)} on the copy of a call.",
        };
        string took = copy.FirstTokenMs is { } first && copy.Streamed
            ? $"The first token came after {Format.Latency(first)} and the end after {Format.Latency(copy.TotalMs)}."
            : $"It took {Format.Latency(copy.TotalMs)}.";
        return new RequestVerdict(sentence, $"{took} The caller had been answered before, by somebody else, and saw nothing of it.", null);
    }

    /// <summary>Who did not answer, and why: a clause each.</summary>
    private static IEnumerable<string> Lost(RequestView request)
    {
        if (request.Outcome is RequestOutcome.Cancelled or RequestOutcome.Interrupted) yield break;
        foreach (CandidateView candidate in request.Candidates)
        {
            if (candidate.Answered || candidate.Decision is "Not reached" or "Not asked") continue;
            AttemptView? last = request.Attempts.LastOrDefault(a => a.ModelEndpoint == candidate.ModelEndpoint);
            FailureKind? failure = last?.Failure;
            if (last is { IsOvertaken: true }) yield return $"{candidate.Name} was slower than the one asked beside it";
            else yield return failure is { } kind ? $"{candidate.Name} {FailureWords.Of(kind)}" : $"{candidate.Name} {(candidate.Reason is { } reason ? ReasonWords.Of(reason) : "was not asked")}";
        }
    }

    // Of many, the first tells the story; the table below has them all.
    private static string Join(string[] clauses) => clauses.Length switch
    {
        1 => clauses[0],
        2 => $"{clauses[0]}, and {clauses[1]}",
        _ => $"{clauses[0]}, {clauses.Length - 1} more did not answer either",
    };

    private static string Server(RequestView request) =>
        request.Attempts.LastOrDefault(a => a.ModelEndpoint == request.ServedBy)?.Name ?? (request.ServedBy.Length > 0 ? request.ServedBy : "The model endpoint");

    private static string Times(RequestView request)
    {
        string waited = request.FirstTokenMs is { } first && request.Streamed
            ? $"The caller had the first token after {Format.Latency(first)} and the end after {Format.Latency(request.TotalMs)}."
            : $"The caller waited {Format.Latency(request.TotalMs)}.";
        if (request.Attempts.IsEmpty) return waited + " No provider was called.";
        long wasted = request.Attempts.Where(a => a.Outcome == AttemptOutcome.Failed).Sum(a => (long)a.DurationMs);
        // What is between attempts and around them is the edge's own time and its pauses before a retry.
        long own = Math.Max(0, request.TotalMs - Covered(request.Attempts));
        string spent = wasted > 0 ? $" Of that, {Format.Latency(wasted)} went into attempts that failed." : "";
        return $"{waited}{spent} Outside of providers, at the edge, it spent {Format.Latency(own)}.";
    }

    /// <summary>Attempts follow each other, but for one that is asked beside another.</summary>
    private static long Covered(IEnumerable<AttemptView> attempts)
    {
        long covered = 0, end = 0;
        foreach (AttemptView attempt in attempts.OrderBy(a => a.OffsetMs))
        {
            long ends = attempt.OffsetMs + attempt.DurationMs;
            covered += Math.Max(0, ends - Math.Max(end, attempt.OffsetMs));
            end = Math.Max(end, ends);
        }

        return covered;
    }

    private static string? Owner(RequestView request)
    {
        if (request.Outcome == RequestOutcome.Cancelled) return "caller";
        if (Failed(request) is { Failure: { } kind }) return FailureWords.Owner(kind);
        if (request.Candidates.FirstOrDefault(c => c.Decision == "Not eligible") is { Reason: { } reason }) return ReasonWords.Owner(reason);
        return request.Failure is { } failure ? FailureWords.Owner(failure) : null;
    }
}
