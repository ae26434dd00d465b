using Routing.Core.Llm;
using Routing.Core.Providers.OpenAI;

namespace Routing.Core.Providers.Vertex;

/// <summary>Reads streamGenerateContent with <c>alt=sse</c>: one response a line, split anywhere.</summary>
internal sealed class GeminiStreamReader : GeminiReader
{
    private const int LargestLineBytes = 16 * 1024 * 1024;

    private byte[] _tail = [];
    private int _tailLength;
    private bool _anything;

    public override void Read(ReadOnlyMemory<byte> bytes, List<ChatEvent> events)
    {
        if (HasFailed) return;
        Rewind(_tailLength + bytes.Length);
        var input = Join(bytes.Span);
        while (!HasFailed && input.IndexOfAny((byte)'\n', (byte)'\r') is >= 0 and var end)
        {
            TakeLine(input[..end], events);
            input = input[(end + 1)..];
        }

        if (input.Length > LargestLineBytes) Fail(events, Failure.Of(FailureKind.StreamInterrupted, $"Vertex AI sent a line of more than {LargestLineBytes} bytes."));
        else Keep(input);
    }

    public override void Complete(List<ChatEvent> events)
    {
        if (HasFailed) return;
        Rewind(_tailLength);
        if (_tailLength > 0) TakeLine(_tail.AsSpan(0, _tailLength), events);
        if (HasFailed || Stopped) return;
        Fail(events, Failure.Of(FailureKind.StreamInterrupted,
            _anything ? "Vertex AI's stream ended without a finish reason." : "Vertex AI answered 200 with an empty stream."));
    }

    private void TakeLine(ReadOnlySpan<byte> line, List<ChatEvent> events)
    {
        var data = SseData.Of(line);
        if (data.IsEmpty) return;
        _anything = true;
        Take(data, events);
    }

    private ReadOnlySpan<byte> Join(ReadOnlySpan<byte> bytes)
    {
        if (_tailLength == 0) return bytes;
        var joined = new byte[_tailLength + bytes.Length];
        _tail.AsSpan(0, _tailLength).CopyTo(joined);
        bytes.CopyTo(joined.AsSpan(_tailLength));
        return joined;
    }

    private void Keep(ReadOnlySpan<byte> rest)
    {
        if (rest.Length > _tail.Length) _tail = new byte[Math.Max(rest.Length, 1024)];
        rest.CopyTo(_tail);
        _tailLength = rest.Length;
    }
}
