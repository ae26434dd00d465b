using System.Text.Json;
using Routing.Simulator.Answers;
using Routing.Simulator.Anthropic;
using Routing.Simulator.Calls;

namespace Routing.Simulator.Bedrock;

/// <summary>
/// CountTokens: a Converse request, or an InvokeModel body in base64. Only Anthropic's models are counted, and only by the model's own
/// name: an inference profile is refused, though the same model cannot be called without one.
/// </summary>
internal static class CountReader
{
    private const string InvokeVersion = "bedrock-2023-05-31";
    private static readonly CountForm Counts = new();

    /// <summary>The call with its form and its tokens; null with the sentence of a ValidationException.</summary>
    public static SimulatedCall? Read(JsonElement root, SimulatedCall call, out string problem)
    {
        problem = IsCounted(call.Model) ? "" : "The provided model doesn't support counting tokens.";
        if (problem.Length > 0 || ReadInput(root.Get("input") ?? default, call.Model, out problem) is not { } ask) return null;
        return call with { Form = Counts, Generates = false, Ask = ask };
    }

    private static bool IsCounted(string model)
    {
        const string Foundation = ":foundation-model/";
        var cut = model.IndexOf(Foundation, StringComparison.Ordinal);
        return model.AsSpan(cut < 0 ? 0 : cut + Foundation.Length).StartsWith("anthropic.claude", StringComparison.Ordinal);
    }

    private static ChatAsk? ReadInput(JsonElement input, string model, out string problem)
    {
        var (converse, invoke) = (input.Get("converse"), input.Get("invokeModel"));
        problem = (converse, invoke) switch
        {
            (null, null) => "1 validation error detected: Value at 'input' failed to satisfy constraint: Member must not be null",
            (not null, not null) => "Value at 'input' failed to satisfy constraint: Exactly one member of the union must be set",
            _ => "",
        };
        if (problem.Length > 0) return null;
        return converse is { } conversation ? ConverseReader.Read(conversation, model, out problem) : ReadInvoke(invoke?.Get("body") ?? default, out problem);
    }

    // The body is a blob, and a blob of JSON is base64.
    private static ChatAsk? ReadInvoke(JsonElement blob, out string problem)
    {
        problem = "Malformed input request, please reformat your input and try again.";
        if (blob.ValueKind != JsonValueKind.String || !blob.TryGetBytesFromBase64(out var bytes)) return null;
        using var body = RequestBody.TryParse(bytes);
        if (body is null) return null;
        if (body.RootElement.Text("anthropic_version") == InvokeVersion) return MessageReader.Read(body.RootElement.Clone(), InvokeVersion, model: null, mustLimit: true, out problem);
        problem = $"anthropic_version: Input should be '{InvokeVersion}'";
        return null;
    }
}
