using System.Text.Json.Serialization;

namespace Routing.Simulator.Faults;

/// <summary>What can go wrong on purpose; names on the wire are snake_case.</summary>
[JsonConverter(typeof(SnakeCaseConverter<FaultKind>))]
public enum FaultKind
{
    RateLimited,
    Capacity,
    ReservedExhausted,
    SpendLimit,
    Internal,
    Unavailable,
    Overloaded,
    Unauthenticated,
    Forbidden,
    NotFound,

    /// <summary>The connection is reset before any header.</summary>
    Reset,

    /// <summary>The call is accepted and never answered.</summary>
    Silence,
    SlowFirstToken,
    SlowTokens,

    /// <summary>The stream ends after some chunks, without its terminal event.</summary>
    Cut,

    /// <summary>The stream falls silent after some chunks and stays open.</summary>
    Stall,

    /// <summary>Bytes that are no valid answer: a wrong checksum or broken JSON.</summary>
    Malformed,

    /// <summary>A proxy's error page, with status 200.</summary>
    Html,

    /// <summary>An error inside the stream, after status 200.</summary>
    ErrorInBand,
    ContentFilter,
    ContextTooLong,
    InvalidRequest,
    RequestTooLarge,
    UpstreamTimeout,
    ModelNotReady,

    /// <summary>The model behind the service failed (Bedrock and Azure 424).</summary>
    ModelError,
    Conflict,
    UnknownStop,
    UnknownError,
}

/// <summary>
/// One fault on the model endpoints its key matches. Parameters that a kind has no use for are ignored; names that do not exist
/// are refused, as a misspelt one would mean its default.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record FaultRule
{
    public required FaultKind Kind { get; init; }

    /// <summary>Share of calls that get it, 0 to 1.</summary>
    public double Rate { get; init; } = 1;

    /// <summary>How many calls get it before the rule is spent; null = no end.</summary>
    public int? Count { get; init; }

    /// <summary>Hint sent with <c>rate_limited</c> (in each wire's own header); null = none.</summary>
    public int? RetryAfterMs { get; init; }

    /// <summary>For <c>slow_first_token</c>: time to the first token.</summary>
    public int Ms { get; init; } = 8000;

    /// <summary>For <c>slow_tokens</c>.</summary>
    public double TokensPerSecond { get; init; } = 4;

    /// <summary>For <c>cut</c>, <c>stall</c>, <c>error_in_band</c>, <c>malformed</c>: content chunks sent before.</summary>
    public int AfterChunks { get; init; } = 3;

    /// <summary>For <c>cut</c>: true = the connection is reset, false = the body ends tidily but too early.</summary>
    public bool Abrupt { get; init; }

    /// <summary>For <c>content_filter</c>: false = the answer is filtered, true = the prompt is refused.</summary>
    public bool OnPrompt { get; init; }

    /// <summary>For <c>error_in_band</c>: the error sent; one of the plain error kinds.</summary>
    public FaultKind InBand { get; init; } = FaultKind.Internal;

    /// <summary>For <c>unknown_stop</c> and <c>unknown_error</c>: the word that nobody knows.</summary>
    public string Word { get; init; } = "novel_condition";

    /// <summary>For <c>unknown_error</c>: the HTTP status.</summary>
    public int Status { get; init; } = 418;
}

internal sealed class SnakeCaseConverter<T>() : JsonStringEnumConverter<T>(System.Text.Json.JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
