using System.Text.Json;
using Routing.Simulator.Calls;
using Routing.Simulator.Embeddings;

namespace Routing.Simulator.Bedrock;

/// <summary>InvokeModel for the two families of embedding models: Amazon Titan (one text) and Cohere (many).</summary>
internal static class InvokeEmbeddings
{
    private const int MostTexts = 96;
    private static readonly int[] TitanSizes = [256, 512, 1024];
    private static readonly int[] CohereSizes = [256, 512, 1024, 1536];
    private static readonly string[] InputTypes = ["search_document", "search_query", "classification", "clustering", "image"];

    /// <summary>The call with its form and its tokens; null with the sentence of a ValidationException.</summary>
    public static SimulatedCall? Read(JsonElement root, SimulatedCall call, out string problem)
    {
        if (call.Model.Contains("titan-embed", StringComparison.Ordinal)) return ReadTitan(root, call, out problem);
        if (call.Model.Contains("cohere.embed", StringComparison.Ordinal)) return ReadCohere(root, call, out problem);
        problem = "This simulator's InvokeModel answers embedding models only.";
        return null;
    }

    private static SimulatedCall? ReadTitan(JsonElement root, SimulatedCall call, out string problem)
    {
        var isFirst = call.Model.Contains("embed-text-v1", StringComparison.Ordinal);
        var size = isFirst ? 1536 : root.Number("dimensions") ?? 1024;
        problem = root.Text("inputText") is not { Length: > 0 } ? "Malformed input request: #: required key [inputText] not found, please reformat your input and try again."
            : isFirst && root.Get("dimensions") is not null ? "Malformed input request: #: extraneous key [dimensions] is not permitted, please reformat your input and try again."
            : !isFirst && !TitanSizes.Contains(size) ? $"Malformed input request: #/dimensions: {size} is not a valid enum value, please reformat your input and try again."
            : "";
        if (problem.Length > 0) return null;
        var ask = new EmbeddingAsk([root.Text("inputText") ?? ""], size);
        return With(call, ask, new TitanForm(ask));
    }

    private static SimulatedCall? ReadCohere(JsonElement root, SimulatedCall call, out string problem)
    {
        var texts = root.Get("texts").Strings();
        var isFourth = call.Model.Contains("embed-v4", StringComparison.Ordinal);
        var size = isFourth ? root.Number("output_dimension") ?? 1536 : 1024;
        problem = texts.Count == 0 ? "Malformed input request: #: required key [texts] not found, please reformat your input and try again."
            : texts.Count > MostTexts ? $"Malformed input request: #/texts: expected maximum item count: {MostTexts}, found: {texts.Count}, please reformat your input and try again."
            : !InputTypes.Contains(root.Text("input_type")) ? "Malformed input request: #: required key [input_type] not found, please reformat your input and try again."
            : !CohereSizes.Contains(size) ? $"Malformed input request: #/output_dimension: {size} is not a valid enum value, please reformat your input and try again."
            : "";
        if (problem.Length > 0) return null;
        var ask = new EmbeddingAsk(texts, size);
        return With(call, ask, new CohereForm(ask, byType: root.Get("embedding_types") is not null));
    }

    private static SimulatedCall With(SimulatedCall call, EmbeddingAsk ask, IAnswerForm form) =>
        call with { Form = form, Generates = false, Ask = call.Ask with { InputTokens = ask.InputTokens } };
}
