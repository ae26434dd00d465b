using System.Buffers;
using System.Text.Json;
using Routing.Core.Snapshots;
using Routing.Core.Usage;

namespace Routing.Edge.Usage;

/// <summary>Events taken from the spool, as JSON, and how far that reaches into each segment.</summary>
internal sealed class SpoolBatch
{
    private readonly ArrayBufferWriter<byte> _lines = new(16 * 1024);
    private readonly List<(long Sequence, int At, int Records)> _marks = [];
    private readonly List<Range> _events = [];

    public int Count => _events.Count;
    public int Bytes => _lines.WrittenCount;
    public IReadOnlyList<(long Sequence, int At, int Records)> Marks => _marks;

    /// <summary>The events as JSON lines.</summary>
    public ReadOnlyMemory<byte> Lines => _lines.WrittenMemory;

    /// <summary>
    /// What is no event that this release can read becomes <c>{"unread":"BASE64"}</c>: a control plane refuses it, so that it is set aside, and a
    /// file of JSON lines stays one.
    /// </summary>
    public void Add(ReadOnlySpan<byte> payload)
    {
        var start = _lines.WrittenCount;
        if (SpooledEvent.TryRead(payload, out var usage)) Write(usage);
        else if (payload[0] == '{') _lines.Write(payload); // As an earlier release kept it.
        else WriteUnread(payload);
        _events.Add(start.._lines.WrittenCount);
        _lines.Write("\n"u8);
    }

    public void Mark(long sequence, int at, int records) => _marks.Add((sequence, at, records));

    /// <summary>Writes <c>{"events":[…]}</c> without looking into the events again.</summary>
    public void WriteBatch(Stream body)
    {
        body.Write("{\"events\":["u8);
        var lines = _lines.WrittenSpan;
        for (var i = 0; i < _events.Count; i++)
        {
            if (i > 0) body.WriteByte((byte)',');
            body.Write(lines[_events[i]]);
        }

        body.Write("]}"u8);
    }

    private void Write(UsageEvent usage)
    {
        using var json = new Utf8JsonWriter(_lines);
        JsonSerializer.Serialize(json, usage, SnapshotJson.Default.UsageEvent);
    }

    private void WriteUnread(ReadOnlySpan<byte> payload)
    {
        using var json = new Utf8JsonWriter(_lines);
        json.WriteStartObject();
        json.WriteBase64String("unread"u8, payload);
        json.WriteEndObject();
    }
}
