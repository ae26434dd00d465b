using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Bedrock;

/// <summary>Reads a whole Converse answer: <c>{"output":{"message":{"content":[{"text":…}]}},"stopReason":…,"usage":…}</c>.</summary>
internal sealed class ConverseAnswerReader : WholeAnswerReader
{
    private JsonText _text = new();

    protected override void ReadWhole(ReadOnlyMemory<byte> body, List<ChatEvent> events)
    {
        var json = new Utf8JsonReader(body.Span);
        TokenUsage? usage = null;
        string? stop = null, tier = null;
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            events.Add(ChatEvent.Failed(NoAnswer));
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var (isOutput, isUsage, isStop, isTier) = (json.ValueTextEquals("output"u8), json.ValueTextEquals("usage"u8),
                json.ValueTextEquals("stopReason"u8), json.ValueTextEquals("serviceTier"u8));
            json.Read();
            if (isOutput) ReadOutput(ref json, body, events);
            else if (isUsage && json.TokenType == JsonTokenType.StartObject) usage = ConverseAnswer.ReadUsage(ref json);
            else if (isStop && json.TokenType == JsonTokenType.String) stop = json.GetString();
            else if (isTier) tier = ConverseAnswer.ReadTier(ref json);
            else json.Skip();
        }

        if (usage is { } used) events.Add(ChatEvent.Used(used with { CapacityClass = tier }));
        if (stop is not null) events.Add(ChatEvent.Stopped(ConverseAnswer.Stop(stop), stop));
        else events.Add(ChatEvent.Failed(Interrupted("The provider's answer has no stop reason.")));
    }

    // Text blocks lie at output.message.content[].text; the same name deeper down belongs to something else.
    private void ReadOutput(ref Utf8JsonReader json, ReadOnlyMemory<byte> body, List<ChatEvent> events)
    {
        const int TextDepth = 4;
        var depth = json.CurrentDepth;
        if (json.TokenType != JsonTokenType.StartObject) return;
        while (json.Read() && !(json.TokenType == JsonTokenType.EndObject && json.CurrentDepth == depth))
        {
            if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != depth + TextDepth || !json.ValueTextEquals("text"u8)) continue;
            json.Read();
            if (json.TokenType == JsonTokenType.String && json.ValueSpan.Length > 0) events.Add(ChatEvent.Text(_text.Of(json, body)));
        }
    }
}
