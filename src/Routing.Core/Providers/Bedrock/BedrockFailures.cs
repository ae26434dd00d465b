using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Bedrock;

/// <summary>Table 1 for Bedrock: the exception's name is in a header, or in the frame of a stream; the body has only a message.</summary>
internal static class BedrockFailures
{
    private const string Provider = "Bedrock";

    // Version 2026-11 of the hints: what ValidationException and ThrottlingException do not tell apart by name.
    private static readonly (string Text, FailureKind Kind)[] ValidationHints =
    [
        ("too long", FailureKind.ContextTooLong),
        ("too many input tokens", FailureKind.ContextTooLong),
        ("input tokens exceed", FailureKind.ContextTooLong),
        ("maximum context", FailureKind.ContextTooLong),
        ("maximum number of tokens", FailureKind.ContextTooLong),
        ("context length", FailureKind.ContextTooLong),
        ("context window", FailureKind.ContextTooLong),
        ("maximum number of input tokens", FailureKind.ContextTooLong),
        ("throughput isn", FailureKind.ModelNotFound),
        ("model identifier is invalid", FailureKind.ModelNotFound),
    ];

    private static readonly (string Text, FailureKind Kind)[] ThrottlingHints =
    [
        ("provisioned throughput", FailureKind.ReservedExhausted),
        ("model units", FailureKind.ReservedExhausted),
    ];

    /// <param name="model">Whoever answered; null when that is not known.</param>
    public static Failure Read(int status, IWireHeaders headers, ReadOnlySpan<byte> body, ModelTarget? model)
    {
        var (message, bodyType, modelStatus) = ReadBody(body);
        var type = Name(headers["x-amzn-errortype"] ?? bodyType);
        var failure = Failure(Kind(type, message, status, model), status, type, message, RetryHint.From(headers));
        return failure.Kind == FailureKind.ModelError ? OfModel(failure, modelStatus, message) : failure;
    }

    /// <summary>An exception or error frame after status 200.</summary>
    public static Failure ReadInBand(string type, ReadOnlySpan<byte> payload, ModelTarget model)
    {
        type = Name(type);
        if (type.Length > 0) type = char.ToUpperInvariant(type[0]) + type[1..];
        var message = ReadBody(payload).Message;
        return Failure(Kind(type, message, 200, model), 200, type, message, null);
    }

    // What the model's own server said: below 500 it is about this request, not about the server.
    private static Failure OfModel(Failure failure, int modelStatus, string message) => modelStatus switch
    {
        413 => failure with { Kind = FailureKind.RequestTooLarge, Said = StatusFailures.Said(FailureKind.RequestTooLarge, message) },
        >= 400 and < 500 => failure with { IsOfRequest = true },
        _ => failure,
    };

    private static Failure Failure(FailureKind kind, int status, string type, string message, TimeSpan? retryAfter) => new()
    {
        Kind = kind,
        Message = StatusFailures.Sentence(Provider, status, type),
        Said = StatusFailures.Said(kind, message),
        HttpStatus = status,
        RawCode = type.Length > 0 ? StatusFailures.Short(type) : null,
        RetryAfter = retryAfter,
    };

    private static FailureKind Kind(string type, string message, int status, ModelTarget? model) => type switch
    {
        "ValidationException" => TextHints.Find(ValidationHints, message) ?? FailureKind.InvalidRequest,
        "RequestEntityTooLargeException" => FailureKind.RequestTooLarge,
        "ConflictException" or "SerializationException" => FailureKind.InvalidRequest,
        "ThrottlingException" or "TooManyRequestsException" => TextHints.Find(ThrottlingHints, message) ?? Throttled(model),
        "ServiceQuotaExceededException" => FailureKind.RateLimited,
        "ServiceUnavailableException" => FailureKind.CapacityExhausted,
        "ModelNotReadyException" => FailureKind.ModelNotReady,
        "ModelTimeoutException" => FailureKind.UpstreamTimeout,
        "ModelErrorException" => FailureKind.ModelError,
        "ModelStreamErrorException" => FailureKind.StreamInterrupted,
        "InternalServerException" or "InternalFailure" => FailureKind.UpstreamInternal,
        "ResourceNotFoundException" => FailureKind.ModelNotFound,
        "AccessDeniedException" or "FTUFormNotFilled" or "FTUFormNotFilledException" or "OptInRequired" => FailureKind.PermissionDenied,
        "ExpiredTokenException" or "ExpiredToken" or "UnrecognizedClientException" or "InvalidSignatureException" or "SignatureDoesNotMatch"
            or "MissingAuthenticationTokenException" or "MissingAuthenticationToken" or "IncompleteSignature" or "IncompleteSignatureException"
            or "InvalidClientTokenId" or "RequestExpired" => FailureKind.Unauthenticated,
        "" => status == 200 ? FailureKind.StreamInterrupted : StatusFailures.Of(status),
        _ => FailureKind.Unknown,
    };

    // Throughput bought by the hour has no quota of the account but its own size: the same model may well answer on demand.
    private static FailureKind Throttled(ModelTarget? model) =>
        model is not null && ConverseTier.IsProvisioned(model) ? FailureKind.ReservedExhausted : FailureKind.RateLimited;

    // "namespace#Name:http://internal.amazon.com/…" in all its partial forms.
    private static string Name(string? type)
    {
        if (type is null) return "";
        var colon = type.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0) type = type[..colon];
        return type[(type.LastIndexOf('#') + 1)..].Trim();
    }

    private static (string Message, string? Type, int ModelStatus) ReadBody(ReadOnlySpan<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body.ToArray());
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return ("", null, 0);
            return (Text(root, "message") ?? Text(root, "Message") ?? "", Text(root, "__type") ?? Text(root, "code"), Number(root, "originalStatusCode"));
        }
        catch (Exception e) when (WireJson.IsUnreadable(e))
        {
            return ("", null, 0);
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int Number(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : 0;
}
