using System.Buffers;
using Routing.Core.Dispatch;
using Routing.Core.Llm;
using Routing.Edge.Calls;

namespace Routing.Edge.Responses;

/// <summary>A whole answer. Held until the ledger has its row; until then an error can still take its place.</summary>
internal sealed class ResponsesWriter(IInboundApi api, HttpContext context, ChatCall call, string id, DateTimeOffset at)
    : EdgeAnswer(api, context, call, id, at)
{
    private readonly PooledBuffer _body = new();
    private readonly OutputItems _items = new(id);
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
            else if (!_items.Parts.Add(e))
            {
                Note(e);
            }
        }
    }

    public override ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public override ValueTask CompleteAsync()
    {
        if (!_isRaw) new ResponseObject(Call, Id, Created, Model).Write(_body, ResponseStatus.Of(Stop, RawStop), _items, usage: Usage, rawStop: RawStop);
        return SendAsync(_body);
    }

    public override ValueTask FailAsync(in DispatchResult result) => RefuseAsync(result, result.Failure!); // The endpoint calls this for failures only.

    public override void Dispose()
    {
        _body.Dispose();
        _items.Dispose();
        base.Dispose();
    }
}
