using System.Buffers;
using Routing.Core.Llm;

namespace Routing.Core.Providers.OpenAI;

/// <summary>Collects a whole answer of OpenAI's shape and forwards it as it came, reading only usage and stop reason.</summary>
internal sealed class OpenAIUnaryReader(OpenAIFailureTable failures) : ChatAnswerReader
{
    // 64 MB: images and long reasoning included; beyond it something else than a chat answer is coming.
    private const int LargestBytes = 64 * 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _body = new();

    public override void Read(ReadOnlyMemory<byte> bytes, List<ChatEvent> events)
    {
        if (_body.WrittenCount + bytes.Length > LargestBytes)
        {
            events.Add(ChatEvent.Failed(Failure.Of(FailureKind.StreamInterrupted, $"The provider's answer is larger than {LargestBytes} bytes.")));
            return;
        }

        _body.Write(bytes.Span);
    }

    public override void Complete(List<ChatEvent> events)
    {
        var body = _body.WrittenMemory;
        if (!OpenAIChunk.TryRead(body.Span, out var answer) || !answer.IsObject)
        {
            // A proxy's error page, a captive portal: a success by status only.
            events.Add(ChatEvent.Failed(Failure.Of(FailureKind.Unknown, "The provider answered 200 with something that is not a chat answer.") with { HttpStatus = 200 }));
            return;
        }

        if (answer.HasError)
        {
            events.Add(ChatEvent.Failed(failures.ReadInBand(body.Span)));
            return;
        }

        if (!answer.HasChoices)
        {
            events.Add(ChatEvent.Failed(Failure.Of(FailureKind.StreamInterrupted, "The provider answered 200 without any choice.")));
            return;
        }

        ResponseId = answer.Id;
        events.Add(ChatEvent.Raw(body, answer.HasContent));
        if (answer.Usage is { } usage) events.Add(ChatEvent.Used(usage));
        if (answer.Finish is { } finish) events.Add(ChatEvent.Stopped(OpenAIUsage.Stop(finish), finish));
    }
}
