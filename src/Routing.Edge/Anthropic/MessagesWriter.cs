using System.Buffers;
using System.Text.Json;
using Routing.Core.Dispatch;
using Routing.Core.Llm;
using Routing.Edge.Calls;
using Routing.Edge.Json;

namespace Routing.Edge.Anthropic;

/// <summary>A whole answer. Held until the ledger has its row; until then an error can still take its place.</summary>
internal sealed class MessagesWriter(IInboundApi api, HttpContext context, ChatCall call, string id, DateTimeOffset at)
    : EdgeAnswer(api, context, call, id, at)
{
    private readonly PooledBuffer _body = new();
    private readonly AnswerParts _parts = new();
    private bool _isRaw;

    protected override void BeginBody(HttpResponse response) { }

    public override void Write(List<ChatEvent> events)
    {
        foreach (var e in events)
        {
            if (e.Kind == ChatEventKind.Raw)
            {
                _isRaw = true;
                _body.Write(e.Utf8.Span);
            }
            else if (!_parts.Add(e))
            {
                Note(e);
            }
        }
    }

    public override ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public override ValueTask CompleteAsync()
    {
        if (!_isRaw) WriteMessage();
        return SendAsync(_body);
    }

    public override ValueTask FailAsync(in DispatchResult result) => RefuseAsync(result, result.Failure!); // The endpoint calls this for failures only.

    public override void Dispose()
    {
        _body.Dispose();
        _parts.Dispose();
        base.Dispose();
    }

    public static void WriteHead(Utf8JsonWriter json, string id, string model)
    {
        json.WriteString("id"u8, "msg_" + id);
        json.WriteString("type"u8, "message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("model"u8, model);
    }

    private void WriteMessage()
    {
        using var json = new Utf8JsonWriter(_body, AnswerJson.Options);
        json.WriteStartObject();
        WriteHead(json, Id, Model);
        json.WriteStartArray("content"u8);
        foreach (var part in _parts.All) WriteBlock(json, part);
        json.WriteEndArray();
        json.WriteString("stop_reason"u8, MessagesStops.Word(Stop, RawStop));
        json.WriteNull("stop_sequence"u8);
        json.WritePropertyName("usage"u8);
        MessagesUsageJson.Write(json, Usage);
        json.WriteEndObject();
    }

    private static void WriteBlock(Utf8JsonWriter json, AnswerPart part)
    {
        var utf8 = part.Text.WrittenMemory.Span;
        json.WriteStartObject();
        switch (part.Kind)
        {
            case ChatEventKind.TextDelta:
                json.WriteString("type"u8, "text"u8);
                json.WriteString("text"u8, utf8);
                break;
            case ChatEventKind.ReasoningDelta:
                json.WriteString("type"u8, "thinking"u8);
                json.WriteString("thinking"u8, utf8);
                json.WriteString("signature"u8, part.Signature);
                break;
            case ChatEventKind.RedactedReasoning:
                json.WriteString("type"u8, "redacted_thinking"u8);
                json.WriteString("data"u8, utf8);
                break;
            case ChatEventKind.ToolCallStart:
                json.WriteString("type"u8, "tool_use"u8);
                json.WriteString("id"u8, part.Id);
                json.WriteString("name"u8, part.Name);
                WriteInput(json, utf8);
                break;
        }

        json.WriteEndObject();
    }

    // Cut short by the length limit, arguments may be no JSON; the wire wants an object, so the text goes along as it came.
    private static void WriteInput(Utf8JsonWriter json, ReadOnlySpan<byte> arguments)
    {
        json.WritePropertyName("input"u8);
        if (arguments.Trim(" \t\r\n"u8).IsEmpty) json.WriteRawValue("{}"u8);
        else if (JsonObjectText.IsObject(arguments)) json.WriteRawValue(arguments);
        else
        {
            json.WriteStartObject();
            json.WriteString("partial_json"u8, arguments);
            json.WriteEndObject();
        }
    }
}
