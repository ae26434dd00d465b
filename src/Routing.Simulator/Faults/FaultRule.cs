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

    /// <summary>The answer ends with the stop reason <see cref="FaultRule.Word"/>, spelt as the wire spells it.</summary>
    StopReason,

    /// <summary>The call was served by on-demand capacity because the reserved one was full: Azure's spill marker, Vertex's traffic type.</summary>
    Spilled,

    /// <summary>The asked-for model is served only through an inference profile (Bedrock 400); elsewhere as <see cref="NotFound"/>.</summary>
    WrongModelForm,

    /// <summary>The rate rose too fast: OpenAI's <c>slow_down</c>, Anthropic's acceleration limit; elsewhere as <see cref="RateLimited"/>.</summary>
    RampTooFast,

    /// <summary>A quota that is no rate (Bedrock's <c>ServiceQuotaExceededException</c>, Vertex's <c>RESOURCE_QUOTA_EXCEEDED</c>); elsewhere as <see cref="RateLimited"/>.</summary>
    QuotaExceeded,

    /// <summary>A stream that lacks nothing but the sentinel <c>[DONE]</c>; on wires without one no fault at all.</summary>
    MissingDone,

    /// <summary>A conversation that ends with the model's own turn is refused, as by models that do not go on from one; any other is answered.</summary>
    PrefillRefused,

    /// <summary>An answer that goes on from the model's own turn begins with that turn, as Mistral's do; any other is as ever.</summary>
    PrefillEchoed,
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

    /// <summary>How that hint is spelt; the wire's own spelling unless said otherwise.</summary>
    public HintSpelling Hint { get; init; }

    /// <summary>For <c>slow_first_token</c>: time to the first token.</summary>
    public int Ms { get; init; } = 8000;

    /// <summary>For <c>slow_tokens</c>.</summary>
    public double TokensPerSecond { get; init; } = 4;

    /// <summary>For <c>cut</c>, <c>stall</c>, <c>error_in_band</c>, <c>malformed</c>: content chunks sent before.</summary>
    public int AfterChunks { get; init; } = 3;

    /// <summary>For <c>malformed</c> in a stream: true = the rest of the answer follows, as if nothing had been wrong.</summary>
    public bool GoesOn { get; init; }

    /// <summary>For <c>cut</c>: true = the connection is reset, false = the body ends tidily but too early.</summary>
    public bool Abrupt { get; init; }

    /// <summary>For <c>cut</c> of a stream: true = everything is sent, the terminal event too, and then the connection breaks.</summary>
    public bool AfterEnd { get; init; }

    /// <summary>For <c>content_filter</c>: false = the answer is filtered, true = the prompt is refused.</summary>
    public bool OnPrompt { get; init; }

    /// <summary>For <c>error_in_band</c>: the error sent; one of the plain error kinds.</summary>
    public FaultKind InBand { get; init; } = FaultKind.Internal;

    /// <summary>For <c>unknown_stop</c> and <c>unknown_error</c>: the word that nobody knows; for <c>stop_reason</c> the reason, for <c>spilled</c> the deployment that served instead.</summary>
    public string Word { get; init; } = "novel_condition";

    /// <summary>For <c>unknown_error</c>: the HTTP status.</summary>
    public int Status { get; init; } = 418;
}

/// <summary>Spellings of a retry hint seen in the field.</summary>
[JsonConverter(typeof(SnakeCaseConverter<HintSpelling>))]
public enum HintSpelling
{
    /// <summary>As the wire does by itself.</summary>
    Own,

    /// <summary><c>retry-after: 2</c></summary>
    Seconds,

    /// <summary><c>retry-after-ms: 1500</c></summary>
    Milliseconds,

    /// <summary><c>retry-after: Thu, 28 May 2026 12:00:02 GMT</c></summary>
    HttpDate,

    /// <summary><c>x-ratelimit-reset-tokens: 1m30.5s</c></summary>
    GoDuration,

    /// <summary><c>anthropic-ratelimit-tokens-reset: 2026-05-28T12:00:02Z</c></summary>
    Rfc3339,

    /// <summary><c>google.rpc.RetryInfo</c> in the body (Vertex), elsewhere as <see cref="Own"/>.</summary>
    RetryInfo,
}

internal sealed class SnakeCaseConverter<T>() : JsonStringEnumConverter<T>(System.Text.Json.JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
