using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.OpenAI;

/// <summary>Forwards a whole response of OpenAI's Responses API as it came, reading only usage and stop reason.</summary>
internal sealed class ResponsesAnswerForwarder(OpenAIFailureTable failures) : WholeAnswerReader
{
    private string? _capacity;

    public override void ReadHeaders(IWireHeaders headers) => _capacity = Spillover.CapacityOf(headers);

    protected override void ReadWhole(ReadOnlyMemory<byte> body, List<ChatEvent> events)
    {
        var json = new Utf8JsonReader(body.Span);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) throw new JsonException("It is no object.");
        var answer = ResponseObject.Read(ref json);
        if (answer.HasError || answer.Status == "failed")
        {
            events.Add(ChatEvent.Failed(failures.ReadInBand(body.Span)));
            return;
        }

        if (answer.Status is null)
        {
            events.Add(ChatEvent.Failed(Interrupted("The provider answered 200 without a response.")));
            return;
        }

        ResponseId = answer.Id;
        var (stop, raw) = answer.Stop();
        events.Add(ChatEvent.Raw(body, answer.HasOutput));
        if (answer.Usage is { } usage) events.Add(ChatEvent.Used(_capacity is null ? usage : usage with { CapacityClass = _capacity }));
        events.Add(ChatEvent.Stopped(stop, raw));
    }
}
