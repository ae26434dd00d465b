using System.Buffers;
using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Vertex;

/// <summary>Reads a whole answer of generateContent.</summary>
internal sealed class GeminiUnaryReader : GeminiReader
{
    // Beyond it something else than a chat answer is coming.
    private const int LargestBytes = 64 * 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _body = new();

    public override void Read(ReadOnlyMemory<byte> bytes, List<ChatEvent> events)
    {
        if (HasFailed) return;
        if (_body.WrittenCount + bytes.Length <= LargestBytes) _body.Write(bytes.Span);
        else Fail(events, Failure.Of(FailureKind.StreamInterrupted, $"Vertex AI's answer is larger than {LargestBytes} bytes.") with { HttpStatus = 200 });
    }

    public override void Complete(List<ChatEvent> events)
    {
        if (HasFailed) return;
        if (!IsObject(_body.WrittenSpan))
        {
            var failure = VertexFailures.IsError(_body.WrittenSpan)
                ? VertexFailures.ReadInBand(_body.WrittenSpan)
                : Failure.Of(FailureKind.Unknown, "Vertex AI answered 200 with something that is not a chat answer.") with { HttpStatus = 200 };
            Fail(events, failure);
            return;
        }

        Take(_body.WrittenMemory, events);
        if (!HasFailed && !Stopped) Fail(events, Failure.Of(FailureKind.StreamInterrupted, "Vertex AI answered 200 without a finish reason.") with { HttpStatus = 200 });
    }

    private static bool IsObject(ReadOnlySpan<byte> body)
    {
        try
        {
            var json = new Utf8JsonReader(body);
            return json.Read() && json.TokenType == JsonTokenType.StartObject && json.TrySkip();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
