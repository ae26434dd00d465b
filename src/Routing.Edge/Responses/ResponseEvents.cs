using System.Buffers;
using System.Text;
using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Calls;
using Routing.Edge.Json;

namespace Routing.Edge.Responses;

/// <summary>
/// Content of another wire as the events of the Responses API. Every piece of the answer is an item that is added, filled and done; calls
/// whose arguments come in turns are open together, which this wire allows.
/// </summary>
/// <param name="id">Of the answer.</param>
internal sealed class ResponseEvents(IBufferWriter<byte> to, string id, ResponseObject response) : IDisposable
{
    private readonly OutputItems _items = new(id);
    private readonly List<OpenItem> _open = []; // By their place in the output.
    private int _sequence;
    private bool _begun;

    /// <summary>False when the event is no content.</summary>
    public bool Write(in ChatEvent e)
    {
        var before = _items.Parts.All.Count;
        if (!_items.Parts.Add(e)) return false;
        Begin();
        if (_items.Parts.All.Count > before) Add(before);
        switch (e.Kind)
        {
            case ChatEventKind.TextDelta: Delta("response.output_text.delta"u8, ^1, ",\"content_index\":0,\"logprobs\":[]"u8, e.Utf8.Span); break;
            case ChatEventKind.ReasoningDelta: Summarize(e.Utf8.Span); break;
            case ChatEventKind.ToolCallDelta: Arguments(e.Index, e.Utf8.Span); break;
        }

        return true;
    }

    /// <summary>What ends the answer: all of it once more, released after the ledger.</summary>
    public void WriteEnd(in ResponseStatus status, string? rawStop, in TokenUsage usage)
    {
        Begin();
        EndAll(status.IsCompleted);
        Start(status.IsCompleted ? "response.completed"u8 : "response.incomplete"u8);
        to.Write(",\"response\":"u8);
        response.Write(to, status, _items, usage: usage, rawStop: rawStop);
        End();
    }

    public void WriteFailed(in ErrorAnswer error, in TokenUsage usage)
    {
        Begin();
        Start("response.failed"u8);
        to.Write(",\"response\":"u8);
        response.Write(to, ResponseStatus.Failed, _items, error, usage.Source == UsageSource.None ? null : usage);
        End();
    }

    /// <summary>For a stream whose events are not ours: nothing is known of its response, nor where its numbers stand.</summary>
    public static void WriteError(IBufferWriter<byte> to, in ErrorAnswer error)
    {
        to.Write("event: error\ndata: "u8);
        using (var json = new Utf8JsonWriter(to, AnswerJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "error"u8);
            json.WriteNumber("sequence_number"u8, 0);
            json.WriteString("code"u8, error.Code);
            json.WriteString("message"u8, error.Message);
            json.WriteString("param"u8, error.Param);
            json.WriteString("kind"u8, error.Kind);
            json.WriteEndObject();
        }

        to.Write("\n\n"u8);
    }

    public void Dispose() => _items.Dispose();

    private void Begin()
    {
        if (_begun) return;
        _begun = true;
        using var nothing = new OutputItems(id);
        Snapshot("response.created"u8);
        Snapshot("response.in_progress"u8);

        void Snapshot(ReadOnlySpan<byte> type)
        {
            Start(type);
            to.Write(",\"response\":"u8);
            response.Write(to, ResponseStatus.InProgress, nothing);
            End();
        }
    }

    private void Add(int index)
    {
        for (var i = 0; i < _open.Count; i++)
        {
            // A call may still get arguments, unless it has them all.
            if (_items.Parts.All[i].Kind != ChatEventKind.ToolCallStart || _open[i].Arguments.IsWhole) Done(i, isWhole: true);
        }

        _open.Add(new OpenItem(_items.IdOf(index), index));
        Start("response.output_item.added"u8);
        _open[index].WriteIndex(to);
        to.Write(",\"item\":"u8);
        _items.WriteEmpty(index, to);
        End();
        if (_items.Parts.All[index].Kind != ChatEventKind.TextDelta) return;
        Start("response.content_part.added"u8);
        _open[index].WritePlace(to);
        to.Write(",\"content_index\":0,\"part\":"u8);
        OutputItems.WriteTextPart(default, to);
        End();
    }

    private void Summarize(ReadOnlySpan<byte> utf8)
    {
        var item = _open[^1];
        if (!item.HasSummary)
        {
            item.HasSummary = true;
            Start("response.reasoning_summary_part.added"u8);
            item.WritePlace(to);
            to.Write(",\"summary_index\":0,\"part\":"u8);
            OutputItems.WriteSummaryPart(default, to);
            End();
        }

        Delta("response.reasoning_summary_text.delta"u8, ^1, ",\"summary_index\":0"u8, utf8);
    }

    private void Arguments(int call, ReadOnlySpan<byte> utf8)
    {
        for (var i = _open.Count - 1; i >= 0; i--)
        {
            if (_items.Parts.All[i].Kind != ChatEventKind.ToolCallStart || _items.Parts.All[i].Index != call) continue;
            _open[i].Arguments.Take(utf8);
            if (!_open[i].IsDone) Delta("response.function_call_arguments.delta"u8, i, default, utf8);
            return;
        }
    }

    private void Delta(ReadOnlySpan<byte> type, Index item, ReadOnlySpan<byte> more, ReadOnlySpan<byte> utf8)
    {
        Start(type);
        _open[item].WritePlace(to);
        to.Write(more);
        to.Write(","u8);
        AnswerJson.WriteString("delta"u8, utf8, to);
        End();
    }

    private void EndAll(bool isWhole)
    {
        for (var i = 0; i < _open.Count; i++) Done(i, isWhole || i < _open.Count - 1);
    }

    private void Done(int index, bool isWhole)
    {
        var (item, part) = (_open[index], _items.Parts.All[index]);
        if (item.IsDone) return;
        item.IsDone = true;
        switch (part.Kind)
        {
            case ChatEventKind.TextDelta: TextDone(item, part); break;
            case ChatEventKind.ToolCallStart: ArgumentsDone(item, part); break;
            default:
                if (item.HasSummary) SummaryDone(item, part);
                break;
        }

        Start("response.output_item.done"u8);
        item.WriteIndex(to);
        to.Write(",\"item\":"u8);
        _items.Write(index, to, isWhole);
        End();
    }

    private void TextDone(OpenItem item, AnswerPart part)
    {
        Start("response.output_text.done"u8);
        item.WritePlace(to);
        to.Write(",\"content_index\":0,\"logprobs\":[],"u8);
        AnswerJson.WriteString("text"u8, part.Text.WrittenMemory.Span, to);
        End();
        Start("response.content_part.done"u8);
        item.WritePlace(to);
        to.Write(",\"content_index\":0,\"part\":"u8);
        OutputItems.WriteTextPart(part.Text.WrittenMemory.Span, to);
        End();
    }

    private void SummaryDone(OpenItem item, AnswerPart part)
    {
        Start("response.reasoning_summary_text.done"u8);
        item.WritePlace(to);
        to.Write(",\"summary_index\":0,"u8);
        AnswerJson.WriteString("text"u8, part.Text.WrittenMemory.Span, to);
        End();
        Start("response.reasoning_summary_part.done"u8);
        item.WritePlace(to);
        to.Write(",\"summary_index\":0,\"part\":"u8);
        OutputItems.WriteSummaryPart(part.Text.WrittenMemory.Span, to);
        End();
    }

    private void ArgumentsDone(OpenItem item, AnswerPart part)
    {
        Start("response.function_call_arguments.done"u8);
        item.WritePlace(to);
        to.Write(",\"name\":"u8);
        using (var json = new Utf8JsonWriter(to, AnswerJson.Options)) json.WriteStringValue(part.Name);
        to.Write(","u8);
        AnswerJson.WriteString("arguments"u8, OutputItems.Arguments(part), to);
        End();
    }

    private void Start(ReadOnlySpan<byte> type)
    {
        to.Write("event: "u8);
        to.Write(type);
        to.Write("\ndata: {\"type\":\""u8);
        to.Write(type);
        to.Write("\",\"sequence_number\":"u8);
        var place = to.GetSpan(11);
        _sequence++.TryFormat(place, out var written);
        to.Advance(written);
    }

    private void End() => to.Write("}\n\n"u8);

    /// <summary>An item that has begun.</summary>
    private sealed class OpenItem(string id, int index)
    {
        private readonly byte[] _index = Encoding.UTF8.GetBytes($",\"output_index\":{index}");
        private readonly byte[] _id = Encoding.UTF8.GetBytes($",\"item_id\":\"{id}\"");

        public JsonBalance Arguments;
        public bool HasSummary;
        public bool IsDone;

        public void WriteIndex(IBufferWriter<byte> to) => to.Write(_index);

        public void WritePlace(IBufferWriter<byte> to)
        {
            to.Write(_id);
            to.Write(_index);
        }
    }
}
