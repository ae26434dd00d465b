using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Routing.Edge.Calls;

namespace Routing.Edge.OpenAI;

/// <summary>Error to wire: a whole JSON answer before the first byte, an event inside a stream.</summary>
internal static class OpenAIErrorWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Answers with status and body. The headers that say who answered are set by the endpoint.</summary>
    public static Task WriteAsync(HttpContext context, in ErrorAnswer error)
    {
        var response = context.Response;
        var body = new ArrayBufferWriter<byte>(512);
        WriteBody(body, error);
        response.StatusCode = error.Status;
        response.ContentType = "application/json";
        response.ContentLength = body.WrittenCount;
        error.SetHeaders(response.Headers);
        return response.BodyWriter.WriteAsync(body.WrittenMemory, context.RequestAborted).AsTask();
    }

    /// <summary><c>data: {"error":…}</c> and the empty line.</summary>
    public static void WriteEvent(IBufferWriter<byte> stream, in ErrorAnswer error)
    {
        stream.Write("data: "u8);
        WriteBody(stream, error);
        stream.Write("\n\n"u8);
    }

    private static void WriteBody(IBufferWriter<byte> to, in ErrorAnswer error)
    {
        using var json = new Utf8JsonWriter(to, Options);
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteString("message"u8, error.Message);
        json.WriteString("type"u8, error.Type);
        json.WriteString("param"u8, error.Param);
        json.WriteString("code"u8, error.Code);
        json.WriteString("kind"u8, error.Kind);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
