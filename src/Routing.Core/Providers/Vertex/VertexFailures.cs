using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Vertex;

/// <summary>Table 1, column Vertex: Google's error body, sometimes wrapped in a list of one.</summary>
internal static class VertexFailures
{
    // Version 2026-11 of the hints: the shared pool's shortage and a spent reservation differ from our own quota by text only.
    private const string SharedPoolHint = "try again later";
    private const string ReservationHint = "Provisioned Throughput";
    private const string SizeHint = "payload size exceeds";
    private const string ContextHint = "token";

    public static Failure Read(int status, IWireHeaders headers, ReadOnlySpan<byte> body)
    {
        var error = GoogleError.Read(body);
        return Make(error, status) with { RetryAfter = RetryHint.From(headers) ?? error.RetryDelay };
    }

    /// <summary>An error object as a chunk, after status 200.</summary>
    public static Failure ReadInBand(ReadOnlySpan<byte> data)
    {
        var error = GoogleError.Read(data);
        return Make(error, error.Code) with { HttpStatus = 200, RetryAfter = error.RetryDelay };
    }

    /// <summary>Whether the bytes are Google's error object and nothing else.</summary>
    public static bool IsError(ReadOnlySpan<byte> body) => GoogleError.Read(body) != GoogleError.None;

    /// <summary>The prompt was refused; there is no answer.</summary>
    public static Failure Blocked(string reason) => new()
    {
        Kind = FailureKind.ContentBlocked, Message = $"Vertex AI blocked the prompt ({StatusFailures.Short(reason)}).", HttpStatus = 200, RawCode = StatusFailures.Short(reason),
    };

    private static Failure Make(GoogleError error, int status)
    {
        var code = error.Reason.Length > 0 ? error.Reason : error.Status;
        var kind = Kind(error, status);
        return new Failure
        {
            Kind = kind,
            Message = StatusFailures.Sentence("Vertex AI", status, code),
            Said = StatusFailures.Said(kind, error.Message),
            HttpStatus = status,
            RawCode = code.Length > 0 ? StatusFailures.Short(code) : null,
        };
    }

    private static FailureKind Kind(GoogleError error, int status) => error.Status switch
    {
        "INVALID_ARGUMENT" when status == 413 || error.Message.Contains(SizeHint, StringComparison.OrdinalIgnoreCase) => FailureKind.RequestTooLarge,
        "INVALID_ARGUMENT" when IsContext(error.Message) => FailureKind.ContextTooLong,
        "INVALID_ARGUMENT" or "FAILED_PRECONDITION" or "OUT_OF_RANGE" or "UNIMPLEMENTED" => FailureKind.InvalidRequest,
        "UNAUTHENTICATED" => FailureKind.Unauthenticated,
        "PERMISSION_DENIED" => error.Reason == "BILLING_DISABLED" ? FailureKind.SpendLimit : FailureKind.PermissionDenied,
        "NOT_FOUND" => FailureKind.ModelNotFound,
        "RESOURCE_EXHAUSTED" => Exhausted(error),
        "UNAVAILABLE" => FailureKind.CapacityExhausted,
        "DEADLINE_EXCEEDED" => FailureKind.UpstreamTimeout,
        "INTERNAL" or "UNKNOWN" or "DATA_LOSS" => FailureKind.UpstreamInternal,
        "ABORTED" or "ALREADY_EXISTS" => FailureKind.Conflict,
        "CANCELLED" => FailureKind.UpstreamInternal, // Not by us: our own caller's leaving ends the call before there is an answer to read.
        "" when status is 0 or 200 => FailureKind.StreamInterrupted,
        "" when status == 499 => FailureKind.UpstreamInternal,
        "" => StatusFailures.Of(status),
        _ => FailureKind.Unknown,
    };

    private static FailureKind Exhausted(GoogleError error)
    {
        if (error.Reason is "RATE_LIMIT_EXCEEDED" or "RESOURCE_QUOTA_EXCEEDED" or QuotaFailure) return FailureKind.RateLimited;
        if (error.Message.Contains("exceeded the " + ReservationHint, StringComparison.OrdinalIgnoreCase)) return FailureKind.ReservedExhausted;
        if (error.Message.Contains("quota exceeded", StringComparison.OrdinalIgnoreCase)) return FailureKind.RateLimited;
        return error.Message.Contains(SharedPoolHint, StringComparison.OrdinalIgnoreCase) ? FailureKind.CapacityExhausted : FailureKind.RateLimited;
    }

    // Spellings in use: "… exceeds the maximum number of tokens allowed", "… but the model (only) supports up to …".
    private static bool IsContext(string message) => message.Contains("input " + ContextHint, StringComparison.OrdinalIgnoreCase)
        && Array.Exists(["limit", "exceed", "supports up to"], t => message.Contains(t, StringComparison.OrdinalIgnoreCase));

    // Stands in for a reason where only this detail is given.
    private const string QuotaFailure = "google.rpc.QuotaFailure";

    private readonly record struct GoogleError(int Code, string Status, string Message, string Reason, TimeSpan? RetryDelay)
    {
        public static readonly GoogleError None = new(0, "", "", "", null);

        public static GoogleError Read(ReadOnlySpan<byte> body)
        {
            try
            {
                using var document = JsonDocument.Parse(body.ToArray());
                var root = document.RootElement;
                if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0) root = root[0];
                if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("error", out var error) || error.ValueKind != JsonValueKind.Object) return None;
                var code = error.TryGetProperty("code", out var c) && c.ValueKind == JsonValueKind.Number && c.TryGetInt32(out var number) ? number : 0;
                var (reason, delay) = Details(error);
                return new GoogleError(code, Text(error, "status"), Text(error, "message"), reason, delay);
            }
            catch (Exception e) when (WireJson.IsUnreadable(e))
            {
                return None; // A proxy's page: the status has to do.
            }
        }

        private static (string Reason, TimeSpan? Delay) Details(JsonElement error)
        {
            if (!error.TryGetProperty("details", out var details) || details.ValueKind != JsonValueKind.Array) return ("", null);
            var reason = "";
            TimeSpan? delay = null;
            var quota = false;
            foreach (var detail in details.EnumerateArray())
            {
                if (detail.ValueKind != JsonValueKind.Object) continue;
                if (reason.Length == 0) reason = Text(detail, "reason");
                delay ??= RetryHint.Duration(Text(detail, "retryDelay"));
                quota |= Text(detail, "@type").EndsWith(QuotaFailure, StringComparison.Ordinal);
            }

            return (reason.Length == 0 && quota ? QuotaFailure : reason, delay);
        }

        private static string Text(JsonElement element, string name) =>
            element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() ?? "" : "";
    }
}
