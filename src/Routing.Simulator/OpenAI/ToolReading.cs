using System.Text.Json;
using Routing.Simulator.Answers;
using Routing.Simulator.Calls;

namespace Routing.Simulator.OpenAI;

/// <summary>Tools as OpenAI's two APIs spell them: chat nests them in <c>function</c>, responses does not.</summary>
internal static class ToolReading
{
    public static IReadOnlyList<ToolSpec> Tools(JsonElement root, Func<JsonElement, JsonElement?> function) =>
        [.. root.Get("tools").Items().Select(function).OfType<JsonElement>().Where(f => f.Text("name") is not null).Select(f => new ToolSpec(f.Text("name")!, f.Get("parameters")))]; // Looked at just before.

    public static ToolChoice Choice(JsonElement root)
    {
        var one = root.Get("parallel_tool_calls") is { ValueKind: JsonValueKind.False };
        var choice = root.Get("tool_choice");
        if (ChosenName(root) is { } name) return new(ToolChoiceKind.Named, name, one);
        return choice is { ValueKind: JsonValueKind.String } word && word.GetString() is { } said ? new(said switch
        {
            "none" => ToolChoiceKind.None,
            "required" => ToolChoiceKind.Any,
            _ => ToolChoiceKind.Auto,
        }, OneOnly: one) : new(ToolChoiceKind.Auto, OneOnly: one);
    }

    public static ChatProblem? Check(JsonElement root, Func<JsonElement, JsonElement?> function)
    {
        var tools = Tools(root, function);
        if (ChosenName(root) is { } name && tools.All(t => t.Name != name)) return new($"Tool choice '{name}' not found in 'tools' parameter.", "tool_choice");
        return Choice(root).Kind == ToolChoiceKind.Any && tools.Count == 0 ? new("'tool_choice' is only allowed when 'tools' are specified.", "tool_choice") : null;
    }

    private static string? ChosenName(JsonElement root) => root.Get("tool_choice") is { } choice ? choice.Get("function")?.Text("name") ?? choice.Text("name") : null;
}

/// <summary>Words for how much to think, as a number of tokens.</summary>
internal static class Effort
{
    public static int? Tokens(string? word) => word switch
    {
        null => null,
        "none" => 0,
        "minimal" => 4,
        "low" => 16,
        "high" => 256,
        "xhigh" or "max" => 512,
        _ => 64,
    };
}
