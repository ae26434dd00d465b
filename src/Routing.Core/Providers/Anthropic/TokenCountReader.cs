using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Anthropic;

/// <summary>Forwards the count of a request's tokens. Counting costs nothing, so nothing is reported as used.</summary>
internal sealed class TokenCountReader : WholeAnswerReader
{
    protected override void ReadWhole(ReadOnlyMemory<byte> body, List<ChatEvent> events)
    {
        var json = new Utf8JsonReader(body.Span);
        var isCount = false;
        if (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                isCount |= json.ValueTextEquals("input_tokens"u8);
                MessagesJson.Skip(ref json);
            }
        }

        if (!isCount)
        {
            events.Add(ChatEvent.Failed(Failure.Of(FailureKind.Unknown, "The provider answered 200 with something that is not a token count.") with { HttpStatus = 200 }));
            return;
        }

        events.Add(ChatEvent.Raw(body, hasContent: true));
        events.Add(ChatEvent.Used(new TokenUsage { Source = UsageSource.Reported }));
        events.Add(ChatEvent.Stopped(StopReason.End, null));
    }
}
