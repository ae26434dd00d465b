using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Routing.Core.Dispatch;
using Routing.Core.Llm;
using Routing.Edge.Calls;
using Routing.Edge.Json;

namespace Routing.Edge.OpenAI;

/// <summary>A list of vectors. Held until the ledger has its row; until then an error can still take its place.</summary>
internal sealed class EmbeddingWriter(IInboundApi api, HttpContext context, ChatCall call, string id, DateTimeOffset at)
    : EdgeAnswer(api, context, call, id, at)
{
    // The longest shortest text of a 32-bit float, such as -1.1754944E-38, and its comma.
    private const int LongestNumber = 16;

    private readonly PooledBuffer _body = new();
    private int _vectors;
    private TokenUsage _used;
    private bool _isRaw;

    protected override void BeginBody(HttpResponse response) { }

    public override void Write(List<ChatEvent> events)
    {
        foreach (var e in events)
        {
            if (e.Kind == ChatEventKind.Embedding) WriteVector(e.Index, e.Utf8.Span);
            else if (e.Kind == ChatEventKind.Raw) WriteRaw(e.Utf8.Span);
            else if (e.Kind == ChatEventKind.Usage) _used = e.Usage.Plus(_used); // Of each round: some models take one text a call.
            else Note(e);
        }
    }

    public override ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public override ValueTask CompleteAsync()
    {
        if (!_isRaw) Close();
        return SendAsync(_body);
    }

    public override ValueTask FailAsync(in DispatchResult result) => RefuseAsync(result, result.Failure!); // The endpoint calls this for failures only.

    public override void Dispose()
    {
        _body.Dispose();
        base.Dispose();
    }

    private void WriteRaw(ReadOnlySpan<byte> bytes)
    {
        _isRaw = true;
        _body.Write(bytes);
    }

    private void WriteVector(int index, ReadOnlySpan<byte> floats)
    {
        _body.Write(_vectors++ == 0 ? "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":"u8 : ",{\"object\":\"embedding\",\"index\":"u8);
        index.TryFormat(_body.GetSpan(LongestNumber), out var written, default, CultureInfo.InvariantCulture);
        _body.Advance(written);
        _body.Write(",\"embedding\":"u8);
        if (Call.Embedding is { AsBase64: true }) WriteBase64(floats);
        else WriteNumbers(floats);
        _body.Write("}"u8);
    }

    private void WriteBase64(ReadOnlySpan<byte> floats)
    {
        _body.Write("\""u8);
        Base64.EncodeToUtf8(floats, _body.GetSpan(Base64.GetMaxEncodedToUtf8Length(floats.Length)), out _, out var written);
        _body.Advance(written);
        _body.Write("\""u8);
    }

    private void WriteNumbers(ReadOnlySpan<byte> floats)
    {
        _body.Write("["u8);
        for (var offset = 0; offset < floats.Length; offset += sizeof(float))
        {
            var place = _body.GetSpan(LongestNumber + 1);
            var start = 0;
            if (offset > 0) place[start++] = (byte)',';
            BinaryPrimitives.ReadSingleLittleEndian(floats[offset..]).TryFormat(place[start..], out var written, default, CultureInfo.InvariantCulture);
            _body.Advance(start + written);
        }

        _body.Write("]"u8);
    }

    private void Close()
    {
        _body.Write(_vectors == 0 ? "{\"object\":\"list\",\"data\":[],\"model\":"u8 : "],\"model\":"u8);
        using (var model = new Utf8JsonWriter(_body, AnswerJson.Options)) model.WriteStringValue(Model);
        _body.Write(",\"usage\":"u8);
        using (var json = new Utf8JsonWriter(_body, AnswerJson.Options))
        {
            json.WriteStartObject();
            json.WriteNumber("prompt_tokens"u8, _used.InputTotal);
            json.WriteNumber("total_tokens"u8, _used.Total);
            json.WriteEndObject();
        }

        _body.Write("}"u8);
    }
}
