namespace Routing.Simulator.Answers;

/// <summary>Which tools an answer calls: a rule, not a guess, so that a test can say beforehand what will happen.</summary>
internal sealed record ToolPlan(IReadOnlyList<ToolSpec> Calls, bool ExplainsFirst)
{
    public const string SealedThoughts = "ANTHROPIC_MAGIC_STRING_TRIGGER_REDACTED_THINKING";
    private const string NoTool = "without tools";
    private const string Explain = "explain first";
    private static readonly string[] Parallel = ["in parallel", "call both", "call all"];

    public static ToolPlan Of(ChatAsk ask)
    {
        var all = !ask.ToolChoice.OneOnly && Parallel.Any(words => Wants(ask, words));
        IReadOnlyList<ToolSpec> calls = ask.ToolChoice.Kind switch
        {
            _ when ask.Tools.Count == 0 => [],
            ToolChoiceKind.Named => [.. ask.Tools.Where(t => t.Name == ask.ToolChoice.Name).DefaultIfEmpty(ask.Tools[0]).Take(1)],
            ToolChoiceKind.Any => First(ask, all),
            ToolChoiceKind.Auto when ask.ToolResults.Count == 0 && !Wants(ask, NoTool) => First(ask, all),
            _ => [],
        };
        return new ToolPlan(calls, calls.Count > 0 && Wants(ask, Explain));
    }

    public static bool Wants(ChatAsk ask, string words) => ask.LastUserText.Contains(words, StringComparison.OrdinalIgnoreCase);

    private static IReadOnlyList<ToolSpec> First(ChatAsk ask, bool all) => all ? ask.Tools : [ask.Tools[0]];
}
