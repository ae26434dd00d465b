using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Bedrock;

/// <summary>Table 1, column Bedrock: the exception's name is in a header, the body has only a sentence.</summary>
internal static class BedrockFailures
{
    // Version 2026-11 of the hints: told apart by text only.
    private static readonly string[] ContextHints = ["input is too long", "too many input tokens", "maximum context", "exceeds the maximum number of tokens", "prompt is too long"];

    public static Failure Read(int status, IWireHeaders headers, ReadOnlySpan<byte> body)
    {
        var type = Name(headers["x-amzn-errortype"]) ?? Text(body, "__type") ?? "";
        return Make(type, Text(body, "message") ?? Text(body, "Message") ?? "", status) with { RetryAfter = RetryHint.From(headers) };
    }

    /// <summary>An exception frame after status 200.</summary>
    public static Failure ReadInBand(string type, ReadOnlySpan<byte> payload) => Make(Name(type) ?? "", Text(payload, "message") ?? "", 200);

    private static Failure Make(string type, string message, int status)
    {
        var kind = Kind(type, message, status);
        return new Failure
        {
            Kind = kind,
            Message = type.Length > 0 ? $"Bedrock answered {status} ({(type.Length > 100 ? type[..100] : type)})." : $"Bedrock answered {status}.",
            HttpStatus = status,
            RawCode = type.Length > 0 ? type : null,
        };
    }

    private static FailureKind Kind(string type, string message, int status) => type.ToUpperInvariant() switch
    {
        "VALIDATIONEXCEPTION" when Hints(message, ContextHints) => FailureKind.ContextTooLong,
        "VALIDATIONEXCEPTION" when message.Contains("on-demand throughput", StringComparison.OrdinalIgnoreCase) => FailureKind.ModelNotFound,
        "VALIDATIONEXCEPTION" or "CONFLICTEXCEPTION" => FailureKind.InvalidRequest,
        "INCOMPLETESIGNATURE" or "INCOMPLETESIGNATUREEXCEPTION" or "EXPIREDTOKENEXCEPTION" or "EXPIREDTOKEN" or "UNRECOGNIZEDCLIENTEXCEPTION"
            or "INVALIDSIGNATUREEXCEPTION" or "INVALIDCLIENTTOKENID" or "MISSINGAUTHENTICATIONTOKEN" or "MISSINGAUTHENTICATIONTOKENEXCEPTION"
            or "SIGNATUREDOESNOTMATCH" => FailureKind.Unauthenticated,
        "ACCESSDENIEDEXCEPTION" or "FTUFORMNOTFILLED" => FailureKind.PermissionDenied,
        "RESOURCENOTFOUNDEXCEPTION" => FailureKind.ModelNotFound,
        "THROTTLINGEXCEPTION" or "SERVICEQUOTAEXCEEDEDEXCEPTION" => FailureKind.RateLimited,
        "SERVICEUNAVAILABLEEXCEPTION" => FailureKind.CapacityExhausted,
        "MODELNOTREADYEXCEPTION" => FailureKind.ModelNotReady,
        "MODELTIMEOUTEXCEPTION" => FailureKind.UpstreamTimeout,
        "INTERNALSERVEREXCEPTION" or "INTERNALFAILURE" => FailureKind.UpstreamInternal,
        "MODELERROREXCEPTION" => FailureKind.ModelError,
        "MODELSTREAMERROREXCEPTION" => FailureKind.StreamInterrupted,
        "" => ByStatus(status),
        _ => FailureKind.Unknown,
    };

    private static FailureKind ByStatus(int status) => status switch
    {
        400 => FailureKind.InvalidRequest,
        401 => FailureKind.Unauthenticated,
        403 => FailureKind.PermissionDenied,
        404 => FailureKind.ModelNotFound,
        408 or 504 => FailureKind.UpstreamTimeout,
        413 => FailureKind.RequestTooLarge,
        424 => FailureKind.ModelError,
        429 => FailureKind.RateLimited,
        503 => FailureKind.CapacityExhausted,
        >= 500 => FailureKind.UpstreamInternal,
        _ => FailureKind.Unknown,
    };

    // "ThrottlingException:http://internal..." and "com.amazon.coral#ThrottlingException" both mean the same.
    private static string? Name(string? header)
    {
        if (string.IsNullOrEmpty(header)) return null;
        var end = header.IndexOf(':', StringComparison.Ordinal);
        var name = end < 0 ? header : header[..end];
        return name[(name.LastIndexOf('#') + 1)..].Trim();
    }

    private static bool Hints(string message, string[] texts) => Array.Exists(texts, t => message.Contains(t, StringComparison.OrdinalIgnoreCase));

    private static string? Text(ReadOnlySpan<byte> body, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(body.ToArray());
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out var value)
                && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (JsonException)
        {
            return null; // A proxy's page: the status has to do.
        }
    }
}
