using System.Buffers;
using System.Text;
using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Bedrock;

/// <summary>Reads a whole answer of Converse.</summary>
internal sealed class ConverseUnaryReader : ChatAnswerReader
{
    private readonly ArrayBufferWriter<byte> _body = new();

    public override void Read(ReadOnlyMemory<byte> bytes, List<ChatEvent> events) => _body.Write(bytes.Span);

    public override void Complete(List<ChatEvent> events)
    {
        try
        {
            using var document = JsonDocument.Parse(_body.WrittenMemory);
            if (!TryTake(document.RootElement, events)) Fail(events, FailureKind.StreamInterrupted, "Bedrock answered 200 without a stop reason.");
        }
        catch (JsonException)
        {
            Fail(events, FailureKind.Unknown, "Bedrock answered 200 with something that is not a chat answer.");
        }
    }

    private static bool TryTake(JsonElement root, List<ChatEvent> events)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("stopReason", out var reason) || reason.ValueKind != JsonValueKind.String) return false;
        if (root.TryGetProperty("output", out var output) && output.TryGetProperty("message", out var message)
            && message.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Array)
        {
            foreach (var block in content.EnumerateArray())
            {
                if (block.TryGetProperty("text", out var text) && text.GetString() is { Length: > 0 } value)
                {
                    events.Add(ChatEvent.Text(Encoding.UTF8.GetBytes(value)));
                }
            }
        }

        if (root.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object) events.Add(ChatEvent.Used(ConverseParts.Usage(root, usage)));
        var raw = reason.GetString() ?? "";
        events.Add(ChatEvent.Stopped(ConverseParts.Stop(raw), raw));
        return true;
    }

    private static void Fail(List<ChatEvent> events, FailureKind kind, string message) =>
        events.Add(ChatEvent.Failed(Failure.Of(kind, message) with { HttpStatus = 200 }));
}
