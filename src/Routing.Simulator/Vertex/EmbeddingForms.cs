using System.Buffers;
using Routing.Simulator.Answers;
using Routing.Simulator.Calls;
using Routing.Simulator.Embeddings;

namespace Routing.Simulator.Vertex;

internal sealed class PredictForm(EmbeddingAsk ask) : IAnswerForm
{
    public void WriteWhole(IBufferWriter<byte> body, SimulatedCall call, Answer answer, TimeSpan took)
    {
        var json = JsonOut.Into(body);
        json.WriteStartObject();
        json.WriteStartArray("predictions");
        foreach (var text in ask.Texts)
        {
            json.WriteStartObject();
            json.WriteStartObject("embeddings");
            json.WriteStartObject("statistics");
            json.WriteBoolean("truncated", false);
            json.WriteNumber("token_count", Tokenizer.Count(text));
            json.WriteEndObject();
            JsonOut.WriteNumbers(json, "values", EmbeddingVector.Of(text, call.Model, ask.Dimensions));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("metadata");

        // White space is not billed.
        json.WriteNumber("billableCharacterCount", ask.Texts.Sum(t => t.EnumerateRunes().Count(r => !System.Text.Rune.IsWhiteSpace(r))));
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
    }
}

internal sealed class EmbedContentForm(EmbeddingAsk ask) : IAnswerForm
{
    public void WriteWhole(IBufferWriter<byte> body, SimulatedCall call, Answer answer, TimeSpan took)
    {
        var json = JsonOut.Into(body);
        json.WriteStartObject();
        json.WriteStartObject("embedding");
        JsonOut.WriteNumbers(json, "values", ask.Vectors(call.Model).First());
        json.WriteEndObject();
        json.WriteStartObject("usageMetadata");
        json.WriteNumber("promptTokenCount", answer.InputTokens);
        json.WriteNumber("totalTokenCount", answer.InputTokens);
        json.WriteEndObject();
        json.WriteBoolean("truncated", false);
        json.WriteEndObject();
        json.Flush();
    }
}
