using ControlPlane.Web.Data;
using Routing.Core.Usage;

namespace ControlPlane.Web.Usage;

/// <summary>One reported event becomes one request row and its attempt rows.</summary>
internal static class UsageRows
{
    /// <param name="minutes">Receives the minutes the rows fall into.</param>
    public static void Add(ControlPlaneDb db, UsageEvent e, string edgeId, HashSet<DateTimeOffset> minutes)
    {
        DateTimeOffset minute = Minute(e.At);
        minutes.Add(minute);
        db.Requests.Add(new RequestRow
        {
            Id = e.Id,
            At = e.At.ToUniversalTime(),
            Minute = minute,
            EdgeId = edgeId,
            Caller = e.Caller,
            Feature = e.Feature,
            Revision = e.Revision,
            Overlay = e.Overlay,
            Streamed = e.Streamed,
            Probe = e.Attempts.Any(a => a.Cause == AttemptCause.Probe),
            Outcome = e.Outcome,
            Failure = e.Failure,
            ServedBy = e.ServedBy,
            FirstTokenMs = e.FirstTokenMs,
            TotalMs = e.TotalMs,
            AttemptCount = e.Attempts.Length,
            FailedOver = IsFailedOver(e),
            Candidates = e.Candidates.IsDefaultOrEmpty ? null : JsonText.Of(e.Candidates),
            ShadowOf = e.ShadowOf is { } original ? Guid.Parse(original) : null,
        });
        foreach (AttemptRecord attempt in e.Attempts)
        {
            DateTimeOffset started = Minute(attempt.StartedAt);
            minutes.Add(started);
            db.Attempts.Add(Row(e, attempt, started));
        }
    }

    /// <summary>A second try at whoever is first by rights is no backup's answer, nor is one that comes back to it after a backup was kept warm.</summary>
    private static bool IsFailedOver(UsageEvent e)
    {
        if (e.Attempts.LastOrDefault(a => a.Outcome == AttemptOutcome.Answered) is not { } answered) return false;
        IEnumerable<AttemptRecord> standIns = e.Attempts.Where(a => a.Cause is AttemptCause.Failover or AttemptCause.Hedge or AttemptCause.Continuation);
        return standIns.Skip(e.Attempts[0].Cause == AttemptCause.Warm ? 1 : 0).Any(a => a.ModelEndpoint == answered.ModelEndpoint);
    }

    public static DateTimeOffset Minute(DateTimeOffset at) => Rounding.Down(at, RollupStep.Minute);

    private static AttemptRow Row(UsageEvent e, AttemptRecord a, DateTimeOffset minute) => new()
    {
        RequestId = e.Id,
        Number = a.Number,
        StartedAt = a.StartedAt.ToUniversalTime(),
        Minute = minute,
        Feature = e.Feature,
        ModelEndpoint = a.ModelEndpoint,
        Cause = a.Cause,
        Outcome = a.Outcome,
        Failure = a.Failure,
        RawCode = Cut(a.RawCode, 100),
        HttpStatus = a.HttpStatus,
        FirstTokenMs = a.FirstTokenMs,
        DurationMs = a.DurationMs,
        Streamed = a.Streamed,
        Breaker = a.Breaker,
        InputTokens = a.Usage.InputTotal,
        CacheReadTokens = a.Usage.CacheRead,
        CacheWriteTokens = a.Usage.CacheWrite,
        OutputTokens = a.Usage.OutputTotal,
        ReasoningTokens = a.Usage.Reasoning,
        UsageSource = a.Usage.Source,
        Stop = a.Stop,
        RawStop = Cut(a.RawStop, 60),
        CostMicros = a.CostMicros,
        Currency = a.Currency,
        PriceFrom = a.PriceFrom?.ToUniversalTime(),
        ProviderRequestId = Cut(a.ProviderRequestId, 200),
    };

    private static string? Cut(string? text, int length) => text?.Length > length ? text[..length] : text;
}

/// <summary>Starts of minutes, hours and days, in UTC.</summary>
internal static class Rounding
{
    public static DateTimeOffset Down(DateTimeOffset at, RollupStep step)
    {
        long unit = Length(step).Ticks;
        return new DateTimeOffset(at.UtcTicks - at.UtcTicks % unit, TimeSpan.Zero);
    }

    public static TimeSpan Length(RollupStep step) => step switch
    {
        RollupStep.Minute => TimeSpan.FromMinutes(1),
        RollupStep.Hour => TimeSpan.FromHours(1),
        _ => TimeSpan.FromDays(1),
    };
}
