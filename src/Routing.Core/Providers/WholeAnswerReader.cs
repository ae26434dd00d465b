using System.Buffers;
using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers;

/// <summary>Collects a whole answer and reads it when it is complete.</summary>
internal abstract class WholeAnswerReader : ChatAnswerReader
{
    private readonly ArrayBufferWriter<byte> _body = new();
    private bool _failed;

    /// <summary>Images and long reasoning included; beyond it something else than an answer is coming.</summary>
    protected virtual int LargestBytes => 64 * 1024 * 1024;

    public sealed override void Read(ReadOnlyMemory<byte> bytes, List<ChatEvent> events)
    {
        if (_failed) return;
        if (_body.WrittenCount + bytes.Length > LargestBytes)
        {
            _failed = true;
            events.Add(ChatEvent.Failed(Interrupted($"The provider's answer is larger than {LargestBytes} bytes.")));
            return;
        }

        bytes.Span.CopyTo(_body.GetSpan(bytes.Length)); // In one piece: Write would grow the buffer step by step.
        _body.Advance(bytes.Length);
    }

    public sealed override void Complete(List<ChatEvent> events)
    {
        if (_failed) return;
        try
        {
            ReadWhole(_body.WrittenMemory, events);
        }
        catch (Exception e) when (WireJson.IsUnreadable(e))
        {
            // A proxy's error page, a captive portal: a success by status only.
            events.Clear();
            events.Add(ChatEvent.Failed(NoAnswer));
        }
    }

    protected static Failure NoAnswer => Failure.Of(FailureKind.Unknown, "The provider answered 200 with something that is not a chat answer.") with { HttpStatus = 200 };

    protected static Failure Interrupted(string sentence) => Failure.Of(FailureKind.StreamInterrupted, sentence) with { HttpStatus = 200 };

    /// <exception cref="JsonException">It is not JSON.</exception>
    protected abstract void ReadWhole(ReadOnlyMemory<byte> body, List<ChatEvent> events);
}
