using Routing.Core.Llm;

namespace Routing.Core.Providers.Anthropic;

/// <summary>Forwards a whole message to a caller of the same API, reading only usage and stop reason.</summary>
internal sealed class MessagesAnswerForwarder(AnthropicFailures failures) : WholeAnswerReader
{
    protected override void ReadWhole(ReadOnlyMemory<byte> body, List<ChatEvent> events)
    {
        var answer = MessagesAnswer.Read(body.Span);
        ResponseId = answer.Id;
        if (answer.Failure(failures, body.Span) is { } failure)
        {
            events.Add(ChatEvent.Failed(failure));
            return;
        }

        events.Add(ChatEvent.Raw(body, answer.HasContent));
        answer.Note(events);
    }
}
