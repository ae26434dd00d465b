namespace Routing.Simulator.Calls;

/// <summary>A turn of the model's own at the end of a conversation with one of Anthropic's, whichever door it is behind.</summary>
internal static class ClaudePrefill
{
    private static readonly string[] Adaptive = ["-4-6", "-4-7", "-4-8", "claude-opus-5", "claude-sonnet-5"];

    /// <summary>What is wrong with it; null when the model goes on from it, or there is none.</summary>
    public static string? Check(string model, PromptText prompt)
    {
        if (prompt.ModelText is not { } begun) return null;
        if (Adaptive.Any(n => model.Contains(n, StringComparison.Ordinal))) return "This model does not support assistant message prefill. The conversation must end with a user message.";
        return begun.Length > 0 && char.IsWhiteSpace(begun[^1]) ? "messages: final assistant content cannot end with trailing whitespace" : null;
    }
}
