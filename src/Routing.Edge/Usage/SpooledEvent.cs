using System.Collections.Immutable;
using Routing.Core.Dispatch;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Usage;

namespace Routing.Edge.Usage;

/// <summary>
/// A usage event as it lies in the spool: a fifth as long as its JSON, so a fifth of the pages that the calls touch and that go to the
/// disk, and five times the outage that the spool's cap lasts for. JSON is written when it is shipped. A member has its place in the order,
/// and the words of an enum have their numbers: with another order, a member more or a word amid others, the version goes up and this one is
/// still read.
/// </summary>
internal static class SpooledEvent
{
    // Not '{', with which the events of earlier releases begin: their JSON.
    private const byte Version = 1;

    public static void Write(UsageEvent usage, EventBytes bytes)
    {
        bytes.Add(Version);
        bytes.Add(usage.Id);
        bytes.Add(usage.At);
        bytes.Add(usage.EdgeId);
        bytes.Add(usage.Caller);
        bytes.Add(usage.Feature);
        bytes.Add(usage.Revision);
        bytes.Add(usage.Overlay);
        bytes.Add(usage.Streamed);
        bytes.AddWord(usage.Outcome);
        bytes.AddWord(usage.Failure);
        bytes.Add(usage.ServedBy);
        bytes.Add((long?)usage.FirstTokenMs);
        bytes.Add(usage.TotalMs);
        bytes.Add(usage.Attempts.Length);
        foreach (var attempt in usage.Attempts) Write(attempt, usage.At, bytes);
        Write(usage.Candidates, bytes);
        bytes.Add(usage.ShadowOf);
    }

    /// <summary>False when these are not the bytes of an event, or those of a later release.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out UsageEvent usage)
    {
        var bytes = new EventBytesReader(payload);
        var isKnown = bytes.Byte() == Version;
        usage = isKnown ? Read(ref bytes) : null!; // Only read when true is returned.
        return isKnown && bytes.IsWhole;
    }

    private static UsageEvent Read(ref EventBytesReader bytes)
    {
        var (id, at) = (bytes.Id(), bytes.Time());
        return new UsageEvent
        {
            Id = id,
            At = at,
            EdgeId = bytes.Text() ?? "",
            Caller = bytes.Text() ?? "",
            Feature = bytes.Text() ?? "",
            Revision = bytes.Number(),
            Overlay = bytes.Number(),
            Streamed = bytes.Flag(),
            Outcome = bytes.Word<RequestOutcome>(),
            Failure = bytes.WordOrNull<FailureKind>(),
            ServedBy = bytes.Text() ?? "",
            FirstTokenMs = (int?)bytes.NumberOrNull(),
            TotalMs = (int)bytes.Number(),
            Attempts = ReadAttempts(ref bytes, at),
            Candidates = ReadCandidates(ref bytes),
            ShadowOf = bytes.Text(),
        };
    }

    private static void Write(AttemptRecord attempt, DateTimeOffset at, EventBytes bytes)
    {
        bytes.Add(attempt.Number);
        bytes.Add(attempt.ModelEndpoint);
        bytes.AddWord(attempt.Cause);
        bytes.AddWord(attempt.Outcome);
        bytes.AddWord(attempt.Failure);
        bytes.Add(attempt.RawCode);
        bytes.Add(attempt.HttpStatus);
        bytes.Add(attempt.StartedAt.UtcTicks - at.UtcTicks);
        bytes.Add((long?)attempt.FirstTokenMs);
        bytes.Add(attempt.DurationMs);
        bytes.Add(attempt.Streamed);
        bytes.AddWord(attempt.Breaker);
        Write(attempt.Usage, bytes);
        bytes.AddWord(attempt.Stop);
        bytes.Add(attempt.RawStop);
        bytes.Add(attempt.CostMicros);
        bytes.Add(attempt.Currency);
        bytes.Add(attempt.PriceFrom is not null);
        if (attempt.PriceFrom is { } from) bytes.Add(from);
        bytes.Add(attempt.ProviderRequestId);
    }

    private static ImmutableArray<AttemptRecord> ReadAttempts(ref EventBytesReader bytes, DateTimeOffset at)
    {
        var attempts = ImmutableArray.CreateBuilder<AttemptRecord>();
        for (var left = bytes.Number(); left > 0 && !bytes.IsBroken; left--) attempts.Add(ReadAttempt(ref bytes, at));
        return attempts.DrainToImmutable();
    }

    private static AttemptRecord ReadAttempt(ref EventBytesReader bytes, DateTimeOffset at) => new()
    {
        Number = (int)bytes.Number(),
        ModelEndpoint = bytes.Text() ?? "",
        Cause = bytes.Word<AttemptCause>(),
        Outcome = bytes.Word<AttemptOutcome>(),
        Failure = bytes.WordOrNull<FailureKind>(),
        RawCode = bytes.Text(),
        HttpStatus = (int)bytes.Number(),
        StartedAt = bytes.TimeAfter(at),
        FirstTokenMs = (int?)bytes.NumberOrNull(),
        DurationMs = (int)bytes.Number(),
        Streamed = bytes.Flag(),
        Breaker = bytes.Word<BreakerState>(),
        Usage = ReadUsage(ref bytes),
        Stop = bytes.Word<StopReason>(),
        RawStop = bytes.Text(),
        CostMicros = bytes.NumberOrNull(),
        Currency = bytes.Text(),
        PriceFrom = bytes.Flag() ? bytes.Time() : null,
        ProviderRequestId = bytes.Text(),
    };

    private static void Write(in TokenUsage usage, EventBytes bytes)
    {
        bytes.Add(usage.InputTotal);
        bytes.Add(usage.CacheRead);
        bytes.Add(usage.CacheWrite);
        bytes.Add(usage.OutputTotal);
        bytes.Add(usage.Reasoning);
        bytes.AddWord(usage.Source);
        bytes.Add(usage.CapacityClass);
    }

    private static TokenUsage ReadUsage(ref EventBytesReader bytes) => new()
    {
        InputTotal = bytes.Number(),
        CacheRead = bytes.Number(),
        CacheWrite = bytes.Number(),
        OutputTotal = bytes.Number(),
        Reasoning = bytes.Number(),
        Source = bytes.Word<UsageSource>(),
        CapacityClass = bytes.Text(),
    };

    private static void Write(ImmutableArray<CandidateNote> candidates, EventBytes bytes)
    {
        bytes.Add(candidates.IsDefault ? null : (long?)candidates.Length);
        if (candidates.IsDefault) return;
        foreach (var candidate in candidates)
        {
            bytes.Add(candidate.ModelEndpoint);
            bytes.AddWord(candidate.Reason);
        }
    }

    private static ImmutableArray<CandidateNote> ReadCandidates(ref EventBytesReader bytes)
    {
        if (bytes.NumberOrNull() is not { } count) return default;
        var candidates = ImmutableArray.CreateBuilder<CandidateNote>();
        for (var left = count; left > 0 && !bytes.IsBroken; left--) candidates.Add(new CandidateNote(bytes.Text() ?? "", bytes.Word<CandidateReason>()));
        return candidates.DrainToImmutable();
    }
}
