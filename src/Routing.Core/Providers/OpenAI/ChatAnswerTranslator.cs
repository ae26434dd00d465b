using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.OpenAI;

/// <summary>Reads a whole chat completion into events, for a caller of another API.</summary>
internal sealed class ChatAnswerTranslator(OpenAIFailureTable failures) : WholeAnswerReader
{
    private readonly ChatContent _content = new();
    private string? _capacity;

    public override void ReadHeaders(IWireHeaders headers) => _capacity = Spillover.CapacityOf(headers);

    protected override void ReadWhole(ReadOnlyMemory<byte> body, List<ChatEvent> events)
    {
        if (!OpenAIChunk.TryRead(body.Span, out var answer) || !answer.IsObject) throw new JsonException("It is no object.");
        if (answer.Failure(failures, body.Span) is { } failure)
        {
            events.Add(ChatEvent.Failed(failure));
            return;
        }

        ResponseId = answer.Id;
        _content.Read(body, answer.Id, events);
        _content.CompleteCalls(events);
        if (answer.Usage is { } usage) events.Add(ChatEvent.Used(_capacity is null ? usage : usage with { CapacityClass = _capacity }));
        if (answer.Finish is { } finish) events.Add(ChatEvent.Stopped(_content.Judge(OpenAIUsage.Stop(finish)), finish));
    }
}
