using System.Buffers;
using System.Text.Json;
using Routing.Core.Dispatch;
using Routing.Core.Llm;
using Routing.Edge.Calls;
using Routing.Edge.Json;

namespace Routing.Edge.OpenAI;

/// <summary>A whole answer. Held until the ledger has its row; until then an error can still take its place.</summary>
internal sealed class ChatCompletionWriter(IInboundApi api, HttpContext context, ChatCall call, string id, DateTimeOffset at)
    : EdgeAnswer(api, context, call, id, at)
{
    private readonly PooledBuffer _body = new();
    private readonly AnswerParts _parts = new();

    protected override void BeginBody(HttpResponse response) { }

    public override void Write(List<ChatEvent> events)
    {
        foreach (var e in events)
        {
            if (e.Kind == ChatEventKind.Raw) _body.Write(e.Utf8.Span);
            else if (!_parts.Add(e)) Note(e);
        }
    }

    public override ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public override ValueTask CompleteAsync()
    {
        // An answer may be empty, yet it is built here as long as it did not come in OpenAI's own bytes.
        if (_body.WrittenCount == 0) Build();
        return SendAsync(_body);
    }

    public override ValueTask FailAsync(in DispatchResult result) => RefuseAsync(result, result.Failure!); // The endpoint calls this for failures only.

    public override void Dispose()
    {
        _body.Dispose();
        _parts.Dispose();
        base.Dispose();
    }

    private void Build()
    {
        using (var json = new Utf8JsonWriter(_body, AnswerJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, "chatcmpl-" + Id);
            json.WriteString("object"u8, "chat.completion"u8);
            json.WriteNumber("created"u8, Created);
            json.WriteString("model"u8, Model);
            json.Flush();
        }

        _body.Write(",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":"u8);
        if (_parts.Has(ChatEventKind.TextDelta) || !_parts.Has(ChatEventKind.ToolCallStart)) WriteTexts(ChatEventKind.TextDelta);
        else _body.Write("null"u8);
        _body.Write(",\"refusal\":null"u8);
        WriteReasoning();
        WriteCalls();
        _body.Write("},\"logprobs\":null,\"finish_reason\":\""u8);
        _body.Write(StopReasons.Word(Stop));
        _body.Write("\",\"native_finish_reason\":"u8);
        using (var raw = new Utf8JsonWriter(_body, AnswerJson.Options)) raw.WriteStringValue(RawStop);
        _body.Write("}],\"usage\":"u8);
        using (var json = new Utf8JsonWriter(_body, AnswerJson.Options)) UsageJson.Write(json, Usage);
        _body.Write("}"u8);
    }

    private void WriteTexts(ChatEventKind kind)
    {
        _body.Write("\""u8);
        foreach (var part in _parts.All)
        {
            if (part.Kind == kind) AnswerJson.WriteText(part.Text.WrittenMemory.Span, _body);
        }

        _body.Write("\""u8);
    }

    private void WriteReasoning()
    {
        if (_parts.Has(ChatEventKind.ReasoningDelta))
        {
            _body.Write(",\"reasoning_content\":"u8);
            WriteTexts(ChatEventKind.ReasoningDelta);
        }

        var (blocks, calls) = (0, 0);
        foreach (var part in _parts.All)
        {
            if (part.Kind == ChatEventKind.ToolCallStart) calls++;
            if (!ThinkingJson.IsBlock(part)) continue;
            _body.Write(blocks++ == 0 ? ",\"thinking_blocks\":["u8 : ","u8);
            ThinkingJson.Write(part, calls, _body);
        }

        if (blocks > 0) _body.Write("]"u8);
    }

    private void WriteCalls()
    {
        var calls = 0;
        foreach (var part in _parts.All)
        {
            if (part.Kind != ChatEventKind.ToolCallStart) continue;
            _body.Write(calls++ == 0 ? ",\"tool_calls\":["u8 : ","u8);
            ToolCallJson.Write(part, _body);
        }

        if (calls > 0) _body.Write("]"u8);
    }
}
