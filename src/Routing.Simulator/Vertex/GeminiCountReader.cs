using System.Text.Json;
using Routing.Simulator.Calls;

namespace Routing.Simulator.Vertex;

/// <summary>Reads a countTokens request: less than generateContent takes, and what more is there is refused by its name.</summary>
internal static class GeminiCountReader
{
    private static readonly string[] Members = ["endpoint", "model", "instances", "contents", "systemInstruction", "tools", "generationConfig"];

    /// <summary>The call with its form and its tokens; null with the sentence of an INVALID_ARGUMENT.</summary>
    public static SimulatedCall? Read(JsonElement root, SimulatedCall call, out string problem)
    {
        var unknown = root.EnumerateObject().Select(m => m.Name).FirstOrDefault(n => !Members.Contains(n, StringComparer.Ordinal));
        problem = unknown is null ? "" : $"Invalid JSON payload received. Unknown name \"{unknown}\": Cannot find field.";
        if (unknown is not null || GeminiReader.Read(root, "", out problem) is not { } ask) return null;
        var texts = root.Get("contents").Items().Append(root.Get("systemInstruction") ?? default).SelectMany(c => c.Get("parts").Items()).Select(p => p.Text("text"));
        return call with { Form = new GeminiCountForm(texts.Sum(Characters)), Generates = false, Ask = ask };
    }

    private static int Characters(string? text) => text?.Count(c => !char.IsWhiteSpace(c)) ?? 0;
}
