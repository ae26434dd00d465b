using System.Buffers;
using System.IO.Pipelines;
using Routing.Core.Dispatch;
using Routing.Core.Llm;
using Routing.Edge.Calls;

namespace Routing.Edge.Anthropic;

/// <summary>A streamed answer. Bytes of Anthropic's own wire are copied as they are; content of another wire becomes <see cref="MessagesEvents"/>.</summary>
internal sealed class MessagesStreamWriter(IInboundApi api, HttpContext context, ChatCall call, string id, DateTimeOffset at)
    : EdgeAnswer(api, context, call, id, at)
{
    private readonly PipeWriter _out = context.Response.BodyWriter;
    private MessagesEvents? _events;
    private bool _isRaw;

    private MessagesEvents Events => _events ??= new MessagesEvents(_out, Id, Model);

    protected override void BeginBody(HttpResponse response) => EventStream.Begin(response);

    public override void Write(List<ChatEvent> events)
    {
        foreach (var e in events)
        {
            if (e.Kind == ChatEventKind.Raw)
            {
                _isRaw = true;
                _out.Write(e.Utf8.Span);
            }
            else if (!e.HasContent || !Events.Write(e))
            {
                Note(e);
            }
        }
    }

    public override ValueTask FlushAsync(CancellationToken cancellationToken) => EventStream.FlushAsync(_out, cancellationToken);

    /// <summary>Not flushed: the server sends it together with the chunk that ends the answer.</summary>
    public override ValueTask CompleteAsync()
    {
        if (!_isRaw) Events.WriteEnd(Stop, RawStop, Usage);
        _out.Write("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"u8);
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

        return HasBegun(result) ? CutAsync(ErrorAnswer.Of(failure)) : RefuseAsync(result, failure);
    }

    public override void Dispose()
    {
        _events?.Dispose();
        base.Dispose();
    }

    private async ValueTask CutAsync(ErrorAnswer error)
    {
        AnthropicErrorWriter.WriteEvent(Context, _out, error);
        await _out.FlushAsync(Context.RequestAborted).ConfigureAwait(false);
        throw new AnswerCutException();
    }
}
