using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.OpenAI;

/// <summary>Forwards a whole chat completion as it came, reading only usage and stop reason.</summary>
internal sealed class OpenAIUnaryReader(OpenAIFailureTable failures) : WholeAnswerReader
{
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
        events.Add(ChatEvent.Raw(body, answer.HasContent));
        if (answer.Usage is { } usage) events.Add(ChatEvent.Used(_capacity is null ? usage : usage with { CapacityClass = _capacity }));
        if (answer.Finish is { } finish) events.Add(ChatEvent.Stopped(OpenAIUsage.Stop(finish), finish));
    }
}
