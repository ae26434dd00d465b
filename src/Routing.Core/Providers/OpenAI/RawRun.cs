using Routing.Core.Llm;

namespace Routing.Core.Providers.OpenAI;

/// <summary>Joins neighbouring events that are forwarded into one slice of the input.</summary>
internal struct RawRun()
{
    private ReadOnlyMemory<byte> _input;
    private int _start = -1;
    private int _end;
    private bool _hasContent;

    public void Begin(ReadOnlyMemory<byte> input) => _input = input;

    public readonly ReadOnlySpan<byte> Slice(int start, int length) => _input.Span.Slice(start, length);

    public void Keep(int start, int length, bool hasContent)
    {
        if (_start < 0) _start = start;
        _end = start + length;
        _hasContent |= hasContent;
    }

    /// <summary>An event that is left out ends the run.</summary>
    public void Flush(List<ChatEvent> events)
    {
        if (_start >= 0) events.Add(ChatEvent.Raw(_input[_start.._end], _hasContent));
        (_start, _hasContent) = (-1, false);
    }
}
