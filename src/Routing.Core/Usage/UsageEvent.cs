using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Routing.Core.Dispatch;
using Routing.Core.Llm;

namespace Routing.Core.Usage;

[JsonConverter(typeof(SnakeCaseEnumConverter<RequestOutcome>))]
public enum RequestOutcome : byte
{
    /// <summary>The caller got a whole answer.</summary>
    Answered,

    /// <summary>The caller got an error before any content.</summary>
    Failed,

    /// <summary>The answer broke off after content had been released.</summary>
    Interrupted,

    /// <summary>The caller went away.</summary>
    Cancelled,
}

/// <summary>One request to an edge with all its attempts: the row of the ledger. Holds no prompt, answer or key.</summary>
public sealed record UsageEvent
{
    /// <summary>Version 7; the same in every repeat of the batch, so ingest stores it once.</summary>
    public required Guid Id { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Empty on the wire: the control plane takes it from the authenticated edge.</summary>
    public string EdgeId { get; init; } = "";
    public string Caller { get; init; } = "";
    public string Feature { get; init; } = "";
    public long Revision { get; init; }
    public long Overlay { get; init; }
    public bool Streamed { get; init; }
    public RequestOutcome Outcome { get; init; }
    public FailureKind? Failure { get; init; }

    /// <summary>Model endpoint that answered; empty when none did.</summary>
    public string ServedBy { get; init; } = "";

    /// <summary>From the request's arrival to the first content released to the caller; null when there was none.</summary>
    public int? FirstTokenMs { get; init; }
    public int TotalMs { get; init; }
    public ImmutableArray<AttemptRecord> Attempts { get; init; } = [];

    /// <summary>
    /// Every candidate of the route in its order, at most 32, with why it did or did not get the call. Not there (default) for the ordinary decision,
    /// in which whoever was picked first took the call and nobody else was asked: most calls pay nothing for it.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ImmutableArray<CandidateNote> Candidates { get; init; }

    /// <summary>
    /// Id of the request of which this is a copy, as its caller was told it; null for the caller's own. Text, because every request pays for its place.
    /// </summary>
    public string? ShadowOf { get; init; }
}

/// <summary>One candidate of a decision.</summary>
public sealed record CandidateNote(string ModelEndpoint, CandidateReason Reason);

/// <summary>Usage events as shipped; gzip on the wire, at most 1,000 events.</summary>
public sealed record UsageBatch(ImmutableArray<UsageEvent> Events);

/// <summary>What became of a batch. Every event is in exactly one of the three.</summary>
public sealed record UsageReceipt(int Stored, int Duplicates, int Quarantined);
