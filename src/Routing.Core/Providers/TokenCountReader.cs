using System.Buffers;
using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers;

/// <summary>Reads the count of a request's tokens and gives it in Anthropic's shape. Counting costs nothing, so nothing is reported as used.</summary>
/// <param name="member">Where the provider writes the count.</param>
internal sealed class TokenCountReader(string member) : WholeAnswerReader
{
    protected override void ReadWhole(ReadOnlyMemory<byte> body, List<ChatEvent> events)
    {
        if (Count(body.Span) is not { } count)
        {
            events.Add(ChatEvent.Failed(Failure.Of(FailureKind.Unknown, "The provider answered 200 with something that is not a token count.") with { HttpStatus = 200 }));
            return;
        }

        var answer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(answer))
        {
            json.WriteStartObject();
            json.WriteNumber("input_tokens"u8, count);
            json.WriteEndObject();
        }

        events.Add(ChatEvent.Raw(answer.WrittenMemory, hasContent: true));
        events.Add(ChatEvent.Used(new TokenUsage { Source = UsageSource.Reported }));
        events.Add(ChatEvent.Stopped(StopReason.End, null));
    }

    private long? Count(ReadOnlySpan<byte> body)
    {
        var json = new Utf8JsonReader(body);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isCount = json.ValueTextEquals(member);
            json.Read();
            if (isCount && json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var count) && count >= 0) return count;
            json.Skip();
        }

        return null;
    }
}
