using System.Text.Json;
using Routing.Simulator.Calls;
using Routing.Simulator.Embeddings;

namespace Routing.Simulator.Vertex;

/// <summary>Vectors on Vertex: <c>:predict</c> with instances, and <c>:embedContent</c> for the models that have it.</summary>
internal static class EmbeddingReader
{
    private const string OneAtATime = "gemini-embedding-001";
    private const int MostInstances = 250;

    /// <summary>The call with its form and its tokens; null with the sentence of an INVALID_ARGUMENT.</summary>
    public static SimulatedCall? Read(JsonElement root, string verb, SimulatedCall call, out string problem) =>
        verb == "predict" ? ReadPredict(root, call, out problem) : ReadEmbedContent(root, call, out problem);

    private static SimulatedCall? ReadPredict(JsonElement root, SimulatedCall call, out string problem)
    {
        var most = call.Model == OneAtATime ? 1 : MostInstances;
        List<string?> texts = [.. root.Get("instances").Items().Select(i => i.Text("content"))];
        problem = texts.Count == 0 ? "Empty instances."
            : texts.Count > most ? $"{texts.Count} instance(s) is more than the maximum of {most} for this model."
            : texts.Any(string.IsNullOrEmpty) ? "The text content is empty."
            : "";
        return problem.Length > 0 ? null
            : With(call, [.. texts.OfType<string>()], root.Get("parameters")?.Number("outputDimensionality"), ask => new PredictForm(ask), ref problem);
    }

    private static SimulatedCall? ReadEmbedContent(JsonElement root, SimulatedCall call, out string problem)
    {
        var text = string.Join('\n', (root.Get("content")?.Get("parts")).Items().Select(p => p.Text("text")).OfType<string>());
        problem = text.Length == 0 ? "content is not set or has no text." : "";
        var size = root.Get("embedContentConfig")?.Number("outputDimensionality") ?? root.Number("outputDimensionality");
        return problem.Length > 0 ? null : With(call, [text], size, ask => new EmbedContentForm(ask), ref problem);
    }

    private static SimulatedCall? With(SimulatedCall call, IReadOnlyList<string> texts, int? size, Func<EmbeddingAsk, IAnswerForm> form, ref string problem)
    {
        var largest = call.Model.StartsWith("gemini", StringComparison.Ordinal) ? 3072 : 768;
        var ask = new EmbeddingAsk(texts, size ?? largest);
        if (ask.Dimensions < 1 || ask.Dimensions > largest)
        {
            problem = $"outputDimensionality must be 1 to {largest}.";
            return null;
        }

        return call with { Form = form(ask), Generates = false, Streamed = false, Ask = call.Ask with { InputTokens = ask.InputTokens } };
    }
}
