using System.Buffers;
using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Calls;
using Routing.Edge.Json;

namespace Routing.Edge.Responses;

/// <summary>The <c>response</c> object, whole or on its way: what was asked for comes back in it, and <c>store</c> is always false.</summary>
/// <param name="id">Of the answer.</param>
/// <param name="created">Unix seconds.</param>
internal sealed class ResponseObject(ChatCall call, string id, long created, string model)
{
    /// <summary>Members of the request that the answer repeats, and what they are when the caller did not say.</summary>
    private static readonly (string Name, string Default)[] Repeated =
    [
        ("instructions", "null"), ("max_output_tokens", "null"), ("metadata", "{}"), ("parallel_tool_calls", "true"), ("prompt_cache_key", "null"),
        ("reasoning", """{"effort":null,"summary":null}"""), ("safety_identifier", "null"), ("temperature", "null"), ("text", """{"format":{"type":"text"}}"""),
        ("tool_choice", "\"auto\""), ("tools", "[]"), ("top_p", "null"), ("truncation", "\"disabled\""), ("user", "null"),
    ];

    private byte[]? _request;

    /// <summary>Written by itself, after its members up to <c>output</c>.</summary>
    public void Write(IBufferWriter<byte> to, in ResponseStatus status, OutputItems items, in ErrorAnswer? error = null, TokenUsage? usage = null, string? rawStop = null)
    {
        using (var json = new Utf8JsonWriter(to, AnswerJson.Options)) WriteHead(json, status, error);
        to.Write(",\"output\":"u8);
        items.WriteAll(to, status.IsCompleted);
        to.Write(_request ??= Request());
        to.Write(",\"usage\":"u8);
        using (var json = new Utf8JsonWriter(to, AnswerJson.Options))
        {
            if (usage is { } used) ResponsesUsageJson.Write(json, used);
            else json.WriteNullValue();
        }

        if (rawStop is not null)
        {
            to.Write(",\"native_finish_reason\":"u8);
            using var json = new Utf8JsonWriter(to, AnswerJson.Options);
            json.WriteStringValue(rawStop);
        }

        to.Write("}"u8);
    }

    private void WriteHead(Utf8JsonWriter json, in ResponseStatus status, in ErrorAnswer? error)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, "resp_" + id);
        json.WriteString("object"u8, "response"u8);
        json.WriteNumber("created_at"u8, created);
        json.WriteString("status"u8, status.Word);
        json.WriteBoolean("background"u8, false);
        json.WritePropertyName("error"u8);
        if (error is { } failed) WriteError(json, failed);
        else json.WriteNullValue();
        json.WritePropertyName("incomplete_details"u8);
        if (status.Reason is { } reason)
        {
            json.WriteStartObject();
            json.WriteString("reason"u8, reason);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteString("model"u8, model);
        json.WriteNull("previous_response_id"u8);
        json.WriteBoolean("store"u8, false);
        json.Flush();
    }

    private static void WriteError(Utf8JsonWriter json, in ErrorAnswer error)
    {
        json.WriteStartObject();
        json.WriteString("code"u8, error.Code);
        json.WriteString("message"u8, error.Message);
        json.WriteString("kind"u8, error.Kind);
        json.WriteEndObject();
    }

    /// <summary>The same in every event of an answer. Made anew: a line break between members, which JSON allows, would end an event.</summary>
    private byte[] Request()
    {
        using var document = JsonDocument.Parse(call.Original!.Json); // A call that came in by this API has its bytes.
        var members = new ArrayBufferWriter<byte>(512);
        foreach (var (name, value) in Repeated)
        {
            members.Write(","u8);
            using (var json = new Utf8JsonWriter(members, AnswerJson.Options)) json.WriteStringValue(name);
            members.Write(":"u8);
            using (var json = new Utf8JsonWriter(members, AnswerJson.Options))
            {
                if (document.RootElement.TryGetProperty(name, out var said) && said.ValueKind != JsonValueKind.Null) said.WriteTo(json);
                else json.WriteRawValue(value);
            }
        }

        return members.WrittenSpan.ToArray();
    }
}
