using System.Buffers;
using System.Text.Json;
using Routing.Core.Dispatch;
using Routing.Core.Llm;
using Routing.Edge.Calls;

namespace Routing.Edge.OpenAI;

/// <summary>A whole answer. Held until the ledger has its row; until then an error can still take its place.</summary>
internal sealed class ChatCompletionWriter(IInboundApi api, HttpContext context, ChatCall call, string id, DateTimeOffset at)
    : EdgeAnswer(api, context, call, id, at)
{
    private readonly PooledBuffer _body = new();
    private bool _isText;
    private bool _isOpen;

    protected override void BeginBody(HttpResponse response) { }

    public override void Write(List<ChatEvent> events)
    {
        foreach (var e in events)
        {
            if (e.Kind == ChatEventKind.Raw) _body.Write(e.Utf8.Span);
            else if (e.Kind == ChatEventKind.TextDelta) Append(e.Utf8.Span);
            else Note(e);
        }
    }

    public override ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public override ValueTask CompleteAsync()
    {
        // An answer may be empty, yet it is built here as long as it did not come in OpenAI's own bytes.
        if (_isText || _body.WrittenCount == 0) Close();
        var response = Context.Response;
        response.ContentType = "application/json";
        response.ContentLength = _body.WrittenCount;
        response.BodyWriter.Write(_body.WrittenMemory.Span);
        return ValueTask.CompletedTask;
    }

    public override ValueTask FailAsync(in DispatchResult result) => RefuseAsync(result, result.Failure!); // The endpoint calls this for failures only.

    public override void Dispose()
    {
        _body.Dispose();
        base.Dispose();
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        _isText = true;
        Open();
        AnswerJson.WriteText(text, _body);
    }

    private void Open()
    {
        if (_isOpen) return;
        _isOpen = true;
        using var json = new Utf8JsonWriter(_body, AnswerJson.Options);
        json.WriteStartObject();
        json.WriteString("id"u8, "chatcmpl-" + Id);
        json.WriteString("object"u8, "chat.completion"u8);
        json.WriteNumber("created"u8, Created);
        json.WriteString("model"u8, Model);
        json.Flush();
        _body.Write(",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""u8);
    }

    private void Close()
    {
        Open();
        _body.Write("\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\""u8);
        _body.Write(StopReasons.Word(Stop));
        _body.Write("\",\"native_finish_reason\":"u8);
        using (var raw = new Utf8JsonWriter(_body, AnswerJson.Options)) raw.WriteStringValue(RawStop);
        _body.Write("}],"u8);
        var place = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(place, AnswerJson.Options))
        {
            json.WriteStartObject();
            AnswerJson.WriteUsage(json, Usage);
            json.WriteEndObject();
        }

        _body.Write(place.WrittenSpan[1..]); // Its closing brace is the document's.
    }
}
