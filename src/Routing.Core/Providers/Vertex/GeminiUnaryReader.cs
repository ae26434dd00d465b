using System.Buffers;
using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Vertex;

/// <summary>Reads a whole answer of generateContent.</summary>
internal sealed class GeminiUnaryReader : GeminiReader
{
    private readonly ArrayBufferWriter<byte> _body = new();

    public override void Read(ReadOnlyMemory<byte> bytes, List<ChatEvent> events) => _body.Write(bytes.Span);

    public override void Complete(List<ChatEvent> events)
    {
        if (!IsObject(_body.WrittenSpan))
        {
            Fail(events, Failure.Of(FailureKind.Unknown, "Vertex AI answered 200 with something that is not a chat answer.") with { HttpStatus = 200 });
            return;
        }

        Rewind(_body.WrittenCount);
        Take(_body.WrittenSpan, events);
        if (!HasFailed && !Stopped) Fail(events, Failure.Of(FailureKind.StreamInterrupted, "Vertex AI answered 200 without a finish reason."));
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
