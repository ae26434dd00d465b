using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Routing.Core.Dispatch;
using Routing.Core.Llm;
using Routing.Edge.Calls;

namespace Routing.Edge.OpenAI;

/// <summary>
/// A streamed answer. Bytes of the caller's own wire are copied as they are; text of another wire is put between two halves of a chunk
/// that are written once per request.
/// </summary>
internal sealed class ChatCompletionStreamWriter(IInboundApi api, HttpContext context, ChatCall call, string id, DateTimeOffset at)
    : EdgeAnswer(api, context, call, id, at)
{
    private readonly PipeWriter _out = context.Response.BodyWriter;
    private byte[]? _prefix;
    private bool _isRaw;

    private static ReadOnlySpan<byte> DeltaEnd => "\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n"u8;

    protected override void BeginBody(HttpResponse response)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache";
        // Proxies that buffer would turn a stream into one late block.
        response.Headers["X-Accel-Buffering"] = "no";
    }

    public override void Write(List<ChatEvent> events)
    {
        foreach (var e in events)
        {
            switch (e.Kind)
            {
                case ChatEventKind.Raw:
                    _isRaw = true;
                    _out.Write(e.Utf8.Span);
                    break;
                case ChatEventKind.TextDelta: WriteDelta(e.Utf8.Span); break;
                default: Note(e); break;
            }
        }
    }

    public override ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        var flush = _out.FlushAsync(cancellationToken);
        if (!flush.IsCompletedSuccessfully) return Wait(flush);
        _ = flush.Result; // A completed ValueTask's result is taken exactly once.
        return ValueTask.CompletedTask;

        static async ValueTask Wait(ValueTask<FlushResult> flush) => await flush.ConfigureAwait(false);
    }

    /// <summary>Not flushed: the server sends it together with the chunk that ends the answer.</summary>
    public override ValueTask CompleteAsync()
    {
        if (!_isRaw) WriteEnd();
        _out.Write("data: [DONE]\n\n"u8);
        return ValueTask.CompletedTask;
    }

    public override ValueTask FailAsync(in DispatchResult result)
    {
        var failure = result.Failure!; // The endpoint calls this for failures only.
        if (failure.Kind == FailureKind.ClientCancelled)
        {
            Context.Abort();
            return ValueTask.CompletedTask;
        }

        return result.Committed ? CutAsync(ErrorAnswer.Of(failure)) : RefuseAsync(result, failure);
    }

    private async ValueTask CutAsync(ErrorAnswer error)
    {
        OpenAIErrorWriter.WriteEvent(_out, error);
        await _out.FlushAsync(Context.RequestAborted).ConfigureAwait(false);
        throw new AnswerCutException();
    }

    private void WriteDelta(ReadOnlySpan<byte> text)
    {
        if (_prefix is null)
        {
            _prefix = Prefix();
            _out.Write(_prefix);
            _out.Write("{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n"u8);
        }

        _out.Write(_prefix);
        _out.Write("{\"content\":\""u8);
        AnswerJson.WriteText(text, _out);
        _out.Write(DeltaEnd);
    }

    /// <summary>The chunk up to the value of <c>delta</c>, the same for every chunk of the answer.</summary>
    private byte[] Prefix()
    {
        var place = new ArrayBufferWriter<byte>(256);
        place.Write("data: "u8);
        using (var json = new Utf8JsonWriter(place, AnswerJson.Options)) WriteHead(json);
        place.Write(",\"choices\":[{\"index\":0,\"delta\":"u8);
        return place.WrittenSpan.ToArray();
    }

    private void WriteHead(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, "chatcmpl-" + Id);
        json.WriteString("object"u8, "chat.completion.chunk"u8);
        json.WriteNumber("created"u8, Created);
        json.WriteString("model"u8, Model);
        json.Flush();
    }

    private void WriteEnd()
    {
        _out.Write(_prefix ??= Prefix());
        _out.Write("{},\"logprobs\":null,\"finish_reason\":\""u8);
        _out.Write(StopReasons.Word(Stop));
        _out.Write("\",\"native_finish_reason\":"u8);
        using (var raw = new Utf8JsonWriter(_out, AnswerJson.Options)) raw.WriteStringValue(RawStop);
        _out.Write("}]}\n\n"u8);
        if (!Call.IncludeUsage) return;
        var place = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(place, AnswerJson.Options))
        {
            WriteHead(json);
            json.WriteStartArray("choices"u8);
            json.WriteEndArray();
            AnswerJson.WriteUsage(json, Usage);
            json.WriteEndObject();
        }

        _out.Write("data: "u8);
        _out.Write(place.WrittenSpan);
        _out.Write("\n\n"u8);
    }
}
