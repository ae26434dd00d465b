using System.Buffers;
using System.IO.Pipelines;
using Routing.Core.Dispatch;
using Routing.Core.Llm;
using Routing.Edge.Calls;

namespace Routing.Edge.Responses;

/// <summary>
/// A streamed answer. Bytes of the caller's own wire are copied as they are, the terminal event last of all; content of another wire
/// becomes <see cref="ResponseEvents"/>.
/// </summary>
internal sealed class ResponsesStreamWriter(IInboundApi api, HttpContext context, ChatCall call, string id, DateTimeOffset at)
    : EdgeAnswer(api, context, call, id, at)
{
    private readonly PipeWriter _out = context.Response.BodyWriter;
    private ResponseEvents? _events;
    private PooledBuffer? _terminal;
    private bool _isRaw;

    private ResponseEvents Events => _events ??= new ResponseEvents(_out, Id, new ResponseObject(Call, Id, Created, Model));

    protected override void BeginBody(HttpResponse response) => EventStream.Begin(response);

    public override void Write(List<ChatEvent> events)
    {
        foreach (var e in events)
        {
            if (e.Kind == ChatEventKind.Raw) Forward(e.Utf8.Span);
            else if (!e.HasContent || !Events.Write(e)) Note(e);
        }
    }

    public override ValueTask FlushAsync(CancellationToken cancellationToken) => EventStream.FlushAsync(_out, cancellationToken);

    /// <summary>Not flushed: the server sends it together with the chunk that ends the answer.</summary>
    public override ValueTask CompleteAsync()
    {
        if (!_isRaw) Events.WriteEnd(ResponseStatus.Of(Stop, RawStop), RawStop, Usage);
        else if (_terminal is not null) _out.Write(_terminal.WrittenMemory.Span);
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
        _terminal?.Dispose();
        base.Dispose();
    }

    private void Forward(ReadOnlySpan<byte> bytes)
    {
        _isRaw = true;
        if (Stop == StopReason.None) _out.Write(bytes);
        else (_terminal ??= new PooledBuffer()).Write(bytes);
    }

    private async ValueTask CutAsync(ErrorAnswer error)
    {
        if (_isRaw) ResponseEvents.WriteError(_out, error);
        else Events.WriteFailed(error, Usage);
        await _out.FlushAsync(Context.RequestAborted).ConfigureAwait(false);
        throw new AnswerCutException();
    }
}
