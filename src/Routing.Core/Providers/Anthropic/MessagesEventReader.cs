using Routing.Core.Llm;

namespace Routing.Core.Providers.Anthropic;

/// <summary>Reads a messages stream into events, for a caller of another API.</summary>
internal sealed class MessagesEventReader(AnthropicFailures failures) : MessagesStreamReader(failures)
{
    private JsonText _text = new();
    private int _toolCalls;
    private bool _inToolCall;
    private bool _hasArguments;

    protected override void Begin(ReadOnlyMemory<byte> input) => _text.Reset();

    protected override void Take(int start, int length, ReadOnlyMemory<byte> data, List<ChatEvent> events)
    {
        if (data.IsEmpty || !TryNote(data, ref _text, events, out var read)) return;
        switch (read.Type)
        {
            case MessagesEventType.BlockStart: Start(read, events); break;
            case MessagesEventType.BlockDelta when read.HasContent: Delta(read, events); break;
            case MessagesEventType.BlockStop: Stop(events); break;
        }
    }

    private void Start(in MessagesEvent read, List<ChatEvent> events)
    {
        _inToolCall = read.Block == MessagesBlock.ToolUse;
        _hasArguments = false;
        if (_inToolCall) events.Add(ChatEvent.ToolCall(_toolCalls++, read.BlockId ?? "", read.BlockName ?? ""));
        else if (read.Block == MessagesBlock.RedactedThinking) events.Add(ChatEvent.Redacted(read.Utf8));
    }

    private void Delta(in MessagesEvent read, List<ChatEvent> events)
    {
        switch (read.Piece)
        {
            case MessagesPiece.Text: events.Add(ChatEvent.Text(read.Utf8)); break;
            case MessagesPiece.Thinking: events.Add(ChatEvent.Reasoning(read.Utf8)); break;
            case MessagesPiece.Signature: events.Add(ChatEvent.Signature(read.Utf8)); break;
            case MessagesPiece.Arguments when _inToolCall:
                _hasArguments = true;
                events.Add(ChatEvent.Arguments(_toolCalls - 1, read.Utf8));
                break;
        }
    }

    // A tool without parameters is called without a single piece of arguments; other wires want an object.
    private void Stop(List<ChatEvent> events)
    {
        if (_inToolCall && !_hasArguments) events.Add(ChatEvent.Arguments(_toolCalls - 1, NoArguments));
        _inToolCall = false;
    }

    private static readonly byte[] NoArguments = [.. "{}"u8];
}
