using Routing.Simulator.Answers;

namespace Routing.Simulator.Faults;

/// <summary>The faults that change what an answer says rather than how it travels.</summary>
internal static class FaultedAnswer
{
    // A filter that strikes in the middle lets some text through first.
    private const int TokensBeforeFilter = 2;

    public static Answer Apply(Answer answer, FaultRule? fault) => fault?.Kind switch
    {
        FaultKind.ContentFilter when fault.OnPrompt => answer with
        {
            Choices = [.. answer.Choices.Select(c => new Choice(c.Index, [], StopCause.ContentFilter))], PromptBlocked = true, OutputTokens = 0, ThoughtTokens = 0,
        },
        FaultKind.ContentFilter => Filtered(answer),
        FaultKind.StopReason or FaultKind.UnknownStop => Renamed(answer, fault.Word),
        _ => answer,
    };

    private static Answer Renamed(Answer answer, string word) =>
        answer with { Choices = [.. answer.Choices.Select(c => c with { Stop = StopCause.Named, NamedStop = word })] };

    private static Answer Filtered(Answer answer)
    {
        var choices = answer.Choices.Select(Shortened).ToList();
        return answer with { Choices = choices, OutputTokens = answer.ThoughtTokens + choices.SelectMany(c => c.Blocks).Where(b => b.Kind == BlockKind.Text).Sum(b => b.Parts.Length) };
    }

    private static Choice Shortened(Choice choice) => choice with
    {
        Stop = StopCause.ContentFilter,
        Blocks = [.. choice.Blocks.Where(b => b.Kind != BlockKind.ToolCall)
            .Select(b => b.Kind == BlockKind.Text ? b with { Parts = b.Parts[..Math.Min(TokensBeforeFilter, b.Parts.Length)] } : b)],
    };
}
