using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Anthropic;

/// <summary>Table 1 for Anthropic's wire, whichever door it is behind: <c>{"type":"error","error":{"type":…,"message":…}}</c>.</summary>
/// <param name="provider">Named in messages.</param>
internal sealed class AnthropicFailures(string provider)
{
    private const int OkStatus = 200;

    // Version 2026-11 of the hints: an overlong prompt and an exhausted credit are told by text only.
    private static readonly (string Text, FailureKind Kind)[] InvalidHints =
    [
        ("prompt is too long", FailureKind.ContextTooLong),
        ("exceed context limit", FailureKind.ContextTooLong),
        ("credit balance is too low", FailureKind.SpendLimit),
        ("usage limits", FailureKind.SpendLimit),
    ];

    public string Provider { get; } = provider;

    public Failure Read(int status, IWireHeaders headers, ReadOnlySpan<byte> body)
    {
        var error = ErrorOf(body);
        return Failure(Kind(error, status), status, error, RetryHint.From(headers));
    }

    /// <summary>An error where an answer should be, after status 200.</summary>
    public Failure ReadInBand(ReadOnlySpan<byte> data)
    {
        var error = ErrorOf(data);
        return Failure(Kind(error, OkStatus), OkStatus, error, null);
    }

    public static bool IsError(ReadOnlySpan<byte> data) => ErrorOf(data).Type.Length > 0;

    private Failure Failure(FailureKind kind, int status, in MessagesError error, TimeSpan? retryAfter) => new()
    {
        Kind = kind,
        Message = StatusFailures.Sentence(Provider, status, error.Type),
        Said = StatusFailures.Said(kind, error.Message),
        HttpStatus = status,
        RawCode = error.Type.Length > 0 ? StatusFailures.Short(error.Type) : null,
        RetryAfter = retryAfter,
    };

    private static FailureKind Kind(in MessagesError error, int status) => error.Type switch
    {
        "invalid_request_error" => TextHints.Find(InvalidHints, error.Message) ?? (status == 413 ? FailureKind.RequestTooLarge : FailureKind.InvalidRequest),
        "request_too_large" => FailureKind.RequestTooLarge,
        "authentication_error" => FailureKind.Unauthenticated,
        "permission_error" => FailureKind.PermissionDenied,
        "not_found_error" => FailureKind.ModelNotFound,
        "conflict_error" => FailureKind.Conflict,
        "billing_error" => FailureKind.SpendLimit,
        "rate_limit_error" => error.IsSpendLimit ? FailureKind.SpendLimit : FailureKind.RateLimited,
        "overloaded_error" => FailureKind.CapacityExhausted,
        "timeout_error" => FailureKind.UpstreamTimeout,
        "api_error" => FailureKind.UpstreamInternal,
        "" => status == OkStatus ? FailureKind.StreamInterrupted : StatusFailures.Of(status),
        _ => status == OkStatus ? FailureKind.Unknown : Unlisted(status),
    };

    // A type nobody listed: its status still says whose fault it is, except where the status means several things.
    private static FailureKind Unlisted(int status) => status is 400 or 401 or 403 or 404 or 408 or 413 or >= 500 ? StatusFailures.Of(status) : FailureKind.Unknown;

    private static MessagesError ErrorOf(ReadOnlySpan<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body.ToArray());
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("error", out var error) || error.ValueKind != JsonValueKind.Object) return Unread;
            var isSpendLimit = error.TryGetProperty("details", out var details) && details.ValueKind == JsonValueKind.Object
                && Text(details, "error_code") == "enforced_spend_limit_reached";

            return new MessagesError(Text(error, "type"), Text(error, "message"), isSpendLimit);
        }
        catch (Exception e) when (WireJson.IsUnreadable(e))
        {
            return Unread;
        }
    }

    private static MessagesError Unread => new("", "", false);

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() ?? "" : "";

    private readonly record struct MessagesError(string Type, string Message, bool IsSpendLimit);
}
