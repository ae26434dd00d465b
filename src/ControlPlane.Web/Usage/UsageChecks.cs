using System.Collections.Immutable;
using System.Globalization;
using Routing.Core.Llm;
using Routing.Core.Tables;
using Routing.Core.Usage;

namespace ControlPlane.Web.Usage;

/// <summary>Whether an event can be counted. An edge is authenticated, not trusted: its clock may be off and its memory may be bad.</summary>
internal static class UsageChecks
{
    private static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(10);
    private const int MostAttempts = 20;
    private const long MostTokens = 1L << 40;
    private const long MostMicros = 1_000_000_000_000_000;

    /// <summary>A sentence, or null when the event is good.</summary>
    /// <param name="rawDays">Raw rows are kept this long; an older event could be counted twice.</param>
    public static string? Problem(UsageEvent e, DateTimeOffset now, int rawDays)
    {
        if (e.Id == Guid.Empty) return "The event has no id.";
        DateTimeOffset oldest = now.AddDays(-rawDays);
        if (e.At < oldest) return $"The event is from {Text(e.At)}, older than the {rawDays} days raw rows are kept.";
        if (e.At > now + ClockSlack) return $"The event is from {Text(e.At)}, ahead of the control plane's clock. Check the edge's clock.";
        if (TooLong(e.Caller, 64) || TooLong(e.Feature, 64) || TooLong(e.ServedBy, 100)) return "A name in the event is too long.";
        if (e.TotalMs < 0 || e.FirstTokenMs < 0) return "The event has a negative duration.";
        if (e.Attempts.IsDefault || e.Attempts.Length > MostAttempts) return $"The event has more than {MostAttempts} attempts, or none at all.";
        if (Problem(e.Candidates) is { } candidates) return candidates;
        if (e.ShadowOf is { } original && !Guid.TryParse(original, out _)) return "The event is a copy of a request whose id is none.";
        if (e.Attempts.Any(a => (a.Cause == AttemptCause.Shadow) != (e.ShadowOf is not null))) return "A copy has attempts of cause shadow alone, and no other request has any.";
        foreach (AttemptRecord attempt in e.Attempts)
        {
            if (Problem(attempt, e, oldest, now) is { } problem) return problem;
        }
        return null;
    }

    private static string? Problem(ImmutableArray<CandidateNote> candidates)
    {
        if (candidates.IsDefault) return null;
        if (candidates.Length > FeatureRoute.MaxCandidates) return $"The event has {candidates.Length} candidates; at most {FeatureRoute.MaxCandidates}.";
        return candidates.Any(c => c is null || string.IsNullOrEmpty(c.ModelEndpoint) || TooLong(c.ModelEndpoint, 100))
            ? "A candidate in the event names no model endpoint, or one that is too long."
            : null;
    }

    private static string? Problem(AttemptRecord a, UsageEvent e, DateTimeOffset oldest, DateTimeOffset now)
    {
        if (e.Attempts.Count(other => other.Number == a.Number) > 1) return $"Attempt {a.Number} is in the event twice.";
        if (string.IsNullOrEmpty(a.ModelEndpoint) || TooLong(a.ModelEndpoint, 100)) return $"Attempt {a.Number} names no model endpoint, or one that is too long.";
        if (a.StartedAt < oldest || a.StartedAt > now + ClockSlack) return $"Attempt {a.Number} is from {Text(a.StartedAt)}.";
        if (a.DurationMs < 0 || a.FirstTokenMs < 0) return $"Attempt {a.Number} has a negative duration.";
        if (!IsCount(a.Usage)) return $"Attempt {a.Number} has token counts below 0 or above {MostTokens}.";
        if (a.CostMicros is < 0 or > MostMicros) return $"Attempt {a.Number} costs {a.CostMicros} micro-units; allowed are 0 to {MostMicros}.";
        if (a.CostMicros > 0 && a.Currency is not { Length: 3 }) return $"Attempt {a.Number} has a cost without a currency.";
        return null;
    }

    private static bool IsCount(TokenUsage usage) =>
        In(usage.InputTotal) && In(usage.CacheRead) && In(usage.CacheWrite) && In(usage.OutputTotal) && In(usage.Reasoning);

    private static bool In(long tokens) => tokens is >= 0 and <= MostTokens;

    private static bool TooLong(string? text, int limit) => text is null || text.Length > limit;

    private static string Text(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
