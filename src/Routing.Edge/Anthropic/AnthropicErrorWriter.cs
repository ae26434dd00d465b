using System.Buffers;
using System.Text.Json;
using Routing.Edge.Calls;
using Routing.Edge.Json;

namespace Routing.Edge.Anthropic;

/// <summary>Error to Anthropic's wire: a whole JSON answer before the first byte, an event inside a stream. Our kind, code and field stand beside its own words.</summary>
internal static class AnthropicErrorWriter
{
    public static Task WriteAsync(HttpContext context, in ErrorAnswer error)
    {
        var response = context.Response;
        var body = new ArrayBufferWriter<byte>(512);
        WriteBody(body, error, RequestId(context));
        response.StatusCode = error.Status;
        response.ContentType = "application/json";
        response.ContentLength = body.WrittenCount;
        error.SetHeaders(response.Headers);
        return response.BodyWriter.WriteAsync(body.WrittenMemory, context.RequestAborted).AsTask();
    }

    /// <summary><c>event: error</c> with its data, and the empty line.</summary>
    public static void WriteEvent(HttpContext context, IBufferWriter<byte> stream, in ErrorAnswer error)
    {
        stream.Write("event: error\ndata: "u8);
        WriteBody(stream, error, RequestId(context));
        stream.Write("\n\n"u8);
    }

    private static void WriteBody(IBufferWriter<byte> to, in ErrorAnswer error, string? requestId)
    {
        using var json = new Utf8JsonWriter(to, AnswerJson.Options);
        json.WriteStartObject();
        json.WriteString("type"u8, "error"u8);
        json.WriteStartObject("error"u8);
        json.WriteString("type"u8, Type(error.Status));
        json.WriteString("message"u8, error.Message);
        json.WriteString("kind"u8, error.Kind);
        json.WriteString("code"u8, error.Code);
        if (error.Param is { } param) json.WriteString("param"u8, param);
        json.WriteEndObject();
        json.WriteString("request_id"u8, requestId);
        json.WriteEndObject();
    }

    private static string? RequestId(HttpContext context) => context.Response.Headers[RouteHeaders.RequestId];

    private static ReadOnlySpan<byte> Type(int status) => status switch
    {
        401 => "authentication_error"u8,
        403 => "permission_error"u8,
        404 => "not_found_error"u8,
        413 => "request_too_large"u8,
        429 => "rate_limit_error"u8,
        503 or 529 => "overloaded_error"u8,
        504 => "timeout_error"u8,
        >= 500 => "api_error"u8,
        _ => "invalid_request_error"u8,
    };
}
