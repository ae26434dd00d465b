using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Routing.Simulator.Answers;
using Routing.Simulator.Calls;
using Routing.Simulator.Embeddings;

namespace Routing.Simulator.OpenAI;

/// <summary><c>embeddings</c>.</summary>
internal sealed class EmbeddingsOperation : IOpenAIOperation
{
    private const int MostInputs = 2048;

    public string Path => "embeddings";
    public string IdPrefix => "embd-";
    public bool HasDeploymentPath => true;

    public SimulatedCall Begin(JsonElement root, OpenAICaller caller) => new()
    {
        Wire = caller.Wire, Form = new EmbeddingsForm(EmbeddingAsk.Nothing, false), Region = caller.Region, Model = caller.Deployment ?? root.Text("model") ?? "",
        RequestId = "", At = default, Principal = caller.Principal, Generates = false,
    };

    public SimulatedCall? Read(JsonElement root, SimulatedCall call, out ChatProblem? problem)
    {
        var largest = Largest(call.Model);
        var ask = ReadInput(root.Get("input"), root.Number("dimensions") ?? largest);
        problem = Check(root, ask, largest);
        if (problem is not null || ask is null) return null;
        return call with { Form = new EmbeddingsForm(ask, root.Text("encoding_format") == "base64"), Ask = call.Ask with { InputTokens = ask.InputTokens } };
    }

    private static ChatProblem? Check(JsonElement root, EmbeddingAsk? ask, int largest)
    {
        if (root.Get("input") is null) return new("Missing required parameter: 'input'.", "input", "missing_required_parameter");
        if (ask is null || ask.Texts.Count == 0 || ask.Texts.Any(t => t.Length == 0)) return new("'$.input' is invalid. Please check the API reference: https://platform.openai.com/docs/api-reference.", null);
        if (ask.Texts.Count > MostInputs) return new($"'$.input' has {ask.Texts.Count} inputs; at most {MostInputs} are taken.", null);
        if (ask.Dimensions < 1 || ask.Dimensions > largest) return new($"Invalid value for 'dimensions' = {ask.Dimensions}. Must be less than or equal to {largest}.", "dimensions");
        return root.Text("encoding_format") is null or "float" or "base64" ? null : new($"Invalid value: '{root.Text("encoding_format")}'. Supported values are: 'float' and 'base64'.", "encoding_format", "invalid_value");
    }

    /// <summary>A text, texts, tokens, or lists of tokens; null when it is none of these.</summary>
    private static EmbeddingAsk? ReadInput(JsonElement? input, int dimensions)
    {
        if (input is not { } given) return null;
        if (given.ValueKind == JsonValueKind.String) return new([given.AsText()], dimensions);
        if (given.ValueKind != JsonValueKind.Array) return null;
        var items = given.EnumerateArray().ToList();
        if (items.Count > 0 && items.All(i => i.ValueKind == JsonValueKind.Number)) return new([given.GetRawText()], dimensions) { GivenTokens = items.Count };
        if (items.All(i => i.ValueKind == JsonValueKind.String)) return new([.. items.Select(i => i.AsText())], dimensions);
        if (items.Any(i => i.ValueKind != JsonValueKind.Array || i.GetArrayLength() == 0)) return null;
        return new([.. items.Select(i => i.GetRawText())], dimensions) { GivenTokens = items.Sum(i => i.GetArrayLength()) };
    }

    private static int Largest(string model) => model.Contains("3-large", StringComparison.Ordinal) ? 3072 : 1536;

    private sealed class EmbeddingsForm(EmbeddingAsk ask, bool asBase64) : IAnswerForm
    {
        public void WriteWhole(IBufferWriter<byte> body, SimulatedCall call, Answer answer, TimeSpan took)
        {
            var json = JsonOut.Into(body);
            json.WriteStartObject();
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            var index = 0;
            foreach (var vector in ask.Vectors(call.Model)) WriteOne(json, vector, index++);
            json.WriteEndArray();
            json.WriteString("model", call.Model);
            json.WriteStartObject("usage");
            json.WriteNumber("prompt_tokens", answer.InputTokens);
            json.WriteNumber("total_tokens", answer.InputTokens);
            json.WriteEndObject();
            json.WriteEndObject();
            json.Flush();
        }

        private void WriteOne(Utf8JsonWriter json, float[] vector, int index)
        {
            json.WriteStartObject();
            json.WriteString("object", "embedding");
            json.WriteNumber("index", index);

            // Little-endian 32-bit floats, which is what every machine this runs on has in memory.
            if (asBase64) json.WriteBase64String("embedding", MemoryMarshal.AsBytes<float>(vector));
            else JsonOut.WriteNumbers(json, "embedding", vector);
            json.WriteEndObject();
        }
    }
}
