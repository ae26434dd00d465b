using System.Buffers;
using Routing.Simulator.Answers;
using Routing.Simulator.Calls;
using Routing.Simulator.Embeddings;

namespace Routing.Simulator.Bedrock;

/// <summary>Titan's answer: the vector twice, as old and as new clients look for it.</summary>
internal sealed class TitanForm(EmbeddingAsk ask) : IAnswerForm
{
    public void WriteWhole(IBufferWriter<byte> body, SimulatedCall call, Answer answer, TimeSpan took)
    {
        var vector = ask.Vectors(call.Model).First();
        var json = JsonOut.Into(body);
        json.WriteStartObject();
        JsonOut.WriteNumbers(json, "embedding", vector);
        json.WriteStartObject("embeddingsByType");
        JsonOut.WriteNumbers(json, "float", vector);
        json.WriteEndObject();
        json.WriteNumber("inputTextTokenCount", answer.InputTokens);
        json.WriteEndObject();
        json.Flush();
    }
}

/// <summary>Cohere's answer: a list of vectors, or one by type when types were asked for. Its token count is in a header only.</summary>
internal sealed class CohereForm(EmbeddingAsk ask, bool byType) : IAnswerForm
{
    public void WriteWhole(IBufferWriter<byte> body, SimulatedCall call, Answer answer, TimeSpan took)
    {
        var json = JsonOut.Into(body);
        json.WriteStartObject();
        if (byType) json.WriteStartObject("embeddings");
        json.WriteStartArray(byType ? "float" : "embeddings");
        foreach (var vector in ask.Vectors(call.Model))
        {
            json.WriteStartArray();
            foreach (var number in vector) json.WriteNumberValue(number);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        if (byType) json.WriteEndObject();
        json.WriteString("id", call.RequestId);
        json.WriteString("response_type", byType ? "embeddings_by_type" : "embeddings_floats");
        json.WriteStartArray("texts");
        foreach (var text in ask.Texts) json.WriteStringValue(text);
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
    }
}
