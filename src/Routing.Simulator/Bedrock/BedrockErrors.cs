using System.Text.Json.Nodes;
using Routing.Simulator.Calls;
using Routing.Simulator.Faults;

namespace Routing.Simulator.Bedrock;

/// <summary>Bedrock's refusals: the type is in a header, the body has only a message.</summary>
internal static class BedrockErrors
{
    // Bedrock appends the namespace of the exception; clients must cut at the colon (Smithy restJson1).
    private const string TypeSuffix = ":http://internal.amazon.com/coral/com.amazon.bedrock/";

    public static ErrorReply Of(int status, string type, string message) =>
        new(status, new JsonObject { ["message"] = message }) { Headers = [("x-amzn-errortype", type + TypeSuffix)] };

    public static string TypeOf(ErrorReply refusal) => refusal.Headers[0].Value.Split(':')[0];

    public static ErrorReply? Of(FaultRule fault, SimulatedCall call) => fault.Kind switch
    {
        FaultKind.RateLimited => Of(429, "ThrottlingException", "Too many requests, please wait before trying again.").WithRetryAfter(fault, call.At, HintSpelling.Seconds),
        FaultKind.RampTooFast => Of(429, "ThrottlingException", "Too many tokens, please wait before trying again.").WithRetryAfter(fault, call.At, HintSpelling.Seconds),
        FaultKind.QuotaExceeded => Of(400, "ServiceQuotaExceededException", "Your request exceeds the service quota for your account."),
        FaultKind.WrongModelForm => Of(400, "ValidationException", $"Invocation of model ID {call.Model} with on-demand throughput isn't supported. Retry your request with the ID or ARN of an inference profile that contains this model."),
        FaultKind.ReservedExhausted => Of(429, "ThrottlingException", "Your request rate exceeds the provisioned throughput of the model units purchased. Reduce the rate or purchase more model units."),
        FaultKind.SpendLimit => Of(403, "AccessDeniedException", "Your account has been suspended from using this service because of an outstanding payment or a spending limit."),
        FaultKind.Capacity => Of(503, "ServiceUnavailableException", "Bedrock is unable to process your request because the model is at capacity. Please try again."),
        FaultKind.Overloaded => Of(503, "ServiceUnavailableException", "The model is overloaded. Please try again."),
        FaultKind.ModelNotReady => Of(429, "ModelNotReadyException", "The model specified in the request is not ready to serve inference requests."),
        FaultKind.Unavailable => Of(503, "ServiceUnavailableException", "Bedrock is unable to process your request."),
        FaultKind.Internal => Of(500, "InternalServerException", "The system encountered an unexpected error during processing. Try your request again."),
        FaultKind.Unauthenticated => Of(403, "ExpiredTokenException", "The security token included in the request is expired"),
        FaultKind.Forbidden => Of(403, "AccessDeniedException", "You don't have access to the model with the specified model ID."),
        FaultKind.NotFound => Of(404, "ResourceNotFoundException", $"Could not resolve the foundation model from the model identifier: {call.Model}"),
        FaultKind.ContextTooLong => Of(400, "ValidationException", "The model returned the following errors: Input is too long for requested model."),
        FaultKind.InvalidRequest => Of(400, "ValidationException", "Malformed input request, please reformat your input and try again."),
        FaultKind.RequestTooLarge => Of(413, "RequestEntityTooLargeException", "The request body is larger than 25000000 bytes."),
        FaultKind.UpstreamTimeout => Of(408, "ModelTimeoutException", "The request took too long to process. Processing time exceeded the model timeout length."),
        FaultKind.ModelError => ModelError(call.Model),
        FaultKind.Conflict => Of(400, "ConflictException", "Error occurred because of a conflict while performing an operation."),
        FaultKind.UnknownError => Of(fault.Status, fault.Word, "Something this client has never heard of."),
        _ => null,
    };

    private static ErrorReply ModelError(string model)
    {
        const string Message = "The request failed due to an error while processing the model.";
        var reply = Of(424, "ModelErrorException", Message);
        return reply with { Body = new JsonObject { ["message"] = Message, ["originalStatusCode"] = 500, ["resourceName"] = model } };
    }

    /// <summary>Member name of an exception in the event stream, as the service model spells it.</summary>
    public static (string Type, string Message) InBand(FaultKind kind) => kind switch
    {
        FaultKind.RateLimited or FaultKind.ReservedExhausted or FaultKind.RampTooFast or FaultKind.QuotaExceeded => ("throttlingException", "Too many requests, please wait before trying again."),
        FaultKind.Capacity or FaultKind.Unavailable or FaultKind.Overloaded => ("serviceUnavailableException", "The model is at capacity. Please try again."),
        FaultKind.ContextTooLong => ("validationException", "Input is too long for requested model."),
        FaultKind.InvalidRequest => ("validationException", "Malformed input request, please reformat your input and try again."),
        FaultKind.UnknownError => ("novelStreamException", "Something this client has never heard of."),
        FaultKind.UpstreamTimeout => ("modelTimeoutException", "The request took too long to process."),
        FaultKind.Internal => ("internalServerException", "The system encountered an unexpected error during processing. Try your request again."),
        _ => ("modelStreamErrorException", "The system encountered an error while streaming the response."),
    };
}
