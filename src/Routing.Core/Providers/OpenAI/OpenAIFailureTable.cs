using Routing.Core.Llm;

namespace Routing.Core.Providers.OpenAI;

/// <summary>
/// Table 1 for OpenAI's wire. The same 429 means four things, so code and text decide before the status does;
/// Azure differs in its texts only and adds <paramref name="texts"/>.
/// </summary>
/// <param name="provider">Named in messages.</param>
/// <param name="texts">Hints by text of the message, tried in order, for status 403, 429 and 503.</param>
internal sealed class OpenAIFailureTable(string provider, (string Text, FailureKind Kind)[] texts)
{
    private const int OkStatus = 200;

    /// <param name="reserved">The model has throughput of its own: a plain limit is that throughput's, not our quota's.</param>
    public Failure Read(int status, IWireHeaders headers, ReadOnlySpan<byte> body, bool reserved = false)
    {
        var known = OpenAIError.TryRead(body, out var error);
        var kind = (known ? ByCode(status, error) : null) ?? StatusFailures.Of(status);
        if (reserved && kind == FailureKind.RateLimited && Spillover.CapacityOf(headers) is null) kind = FailureKind.ReservedExhausted;
        return Failure(kind, status, error, RetryHint.From(headers));
    }

    /// <summary>An error object where an answer should be, after status 200.</summary>
    public Failure ReadInBand(ReadOnlySpan<byte> data)
    {
        OpenAIError.TryRead(data, out var error);
        var status = int.TryParse(error.Code, out var code) && code is >= 400 and < 600 ? code : OkStatus;
        var kind = ByCode(status, error) ?? (status == OkStatus ? FailureKind.StreamInterrupted : StatusFailures.Of(status));
        return Failure(kind, OkStatus, error, null);
    }

    private Failure Failure(FailureKind kind, int status, in OpenAIError error, TimeSpan? retryAfter)
    {
        var code = error.Code.Length > 0 ? error.Code : error.Type;
        return new Failure
        {
            Kind = kind,
            Message = StatusFailures.Sentence(provider, status, error.Filters.Length > 0 ? StatusFailures.Short($"{code}: {error.Filters}") : code),
            Said = StatusFailures.Said(kind, error.Message),
            HttpStatus = status,
            RawCode = code.Length > 0 ? StatusFailures.Short(code) : null,
            RetryAfter = retryAfter,
            Param = kind is FailureKind.InvalidRequest or FailureKind.ContextTooLong ? error.Param : null,
        };
    }

    private FailureKind? ByCode(int status, in OpenAIError error) => (error.Code, error.Type) switch
    {
        ("context_length_exceeded" or "string_above_max_length", _) => FailureKind.ContextTooLong,
        _ when status == 400 && error.Message.Contains("maximum context length", StringComparison.OrdinalIgnoreCase) => FailureKind.ContextTooLong,
        ("content_filter" or "ResponsibleAIPolicyViolation" or "content_policy_violation" or "image_content_policy_violation" or "invalid_prompt"
            or "bio_policy" or "cyber_policy", _) => FailureKind.ContentBlocked,
        ("insufficient_quota" or "credit_balance_exhausted" or "organization_spend_limit_exceeded" or "project_spend_limit_exceeded"
            or "organization_usage_limit_exceeded" or "billing_hard_limit_reached", _) or (_, "insufficient_quota") => FailureKind.SpendLimit,
        ("server_is_overloaded", _) or (_, "service_unavailable_error" or "overloaded_error") => FailureKind.CapacityExhausted,
        ("DeploymentNotFound" or "model_not_found", _) => FailureKind.ModelNotFound,
        ("invalid_api_key", _) => FailureKind.Unauthenticated,
        _ when status is 429 or 503 or 403 => TextHints.Find(texts, error.Message),
        ("vector_store_timeout", _) => FailureKind.UpstreamTimeout,
        var (code, _) when status == OkStatus && code.Contains("image", StringComparison.Ordinal) => FailureKind.InvalidRequest, // Of a response that failed.
        ("rate_limit_exceeded" or "slow_down", _) => FailureKind.RateLimited,
        ("ServiceUnavailable", _) => FailureKind.CapacityExhausted,
        ("server_error" or "InternalServerError" or "internal_error", _) or (_, "server_error") when status == OkStatus => FailureKind.UpstreamInternal,
        _ => null,
    };
}
