using Routing.Core.Llm;

namespace Routing.Core.Providers.Anthropic;

/// <summary>
/// Forwards a messages stream to a caller of the same API: whole events go on as the bytes they came in, one <see cref="ChatEventKind.Raw"/>
/// per read. Until the first content every event is parsed; afterwards only those that are no plain deltas.
/// <c>message_stop</c> is not forwarded: the edge ends the stream itself, after the ledger.
/// </summary>
internal sealed class MessagesForwarder(AnthropicFailures failures) : MessagesStreamReader(failures)
{
    private readonly List<ChatEvent> _noted = [];
    private JsonText _text = new();
    private bool _contentSeen;
    private ReadOnlyMemory<byte> _input;
    private int _runStart = -1;
    private int _runEnd;
    private bool _runHasContent;

    protected override void Begin(ReadOnlyMemory<byte> input)
    {
        _text.Reset();
        _input = input;
    }

    protected override void Take(int start, int length, ReadOnlyMemory<byte> data, List<ChatEvent> events)
    {
        if (_contentSeen && (data.IsEmpty || IsPlainDelta(data.Span)))
        {
            Keep(start, length, hasContent: true);
            return;
        }

        if (data.IsEmpty || !TryNote(data, ref _text, _noted, out var read) || read.Type == MessagesEventType.MessageStop)
        {
            Flush(events);
            return;
        }

        _contentSeen |= read.HasContent;
        Keep(start, length, read.HasContent);
    }

    // Bytes go first; what was read in them follows, a failure last.
    protected override void End(List<ChatEvent> events)
    {
        Flush(events);
        events.AddRange(_noted);
        _noted.Clear();
    }

    // A delta whose text holds one of these words is parsed for nothing; no other event is taken for a plain delta.
    private static bool IsPlainDelta(ReadOnlySpan<byte> data) =>
        data.IndexOf("\"content_block_delta\""u8) >= 0 && data.IndexOf("\"error\""u8) < 0 && data.IndexOf("\"message_"u8) < 0;

    // Neighbouring events are one slice of the input; one that is left out ends it.
    private void Keep(int start, int length, bool hasContent)
    {
        if (_runStart < 0) _runStart = start;
        _runEnd = start + length;
        _runHasContent |= hasContent;
    }

    private void Flush(List<ChatEvent> events)
    {
        if (_runStart >= 0) events.Add(ChatEvent.Raw(_input[_runStart.._runEnd], _runHasContent));
        (_runStart, _runHasContent) = (-1, false);
    }
}
