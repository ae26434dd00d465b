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
            Tokens = ReadOnlyMemory<string>.Empty, Stop = StopCause.ContentFilter, PromptBlocked = true, OutputTokens = 0, ThoughtTokens = 0,
        },
        FaultKind.ContentFilter => Shorten(answer) with { Stop = StopCause.ContentFilter },
        FaultKind.UnknownStop => answer with { Stop = StopCause.Unknown, UnknownStop = fault.Word },
        _ => answer,
    };

    private static Answer Shorten(Answer answer)
    {
        var tokens = answer.Tokens[..Math.Min(TokensBeforeFilter, answer.Tokens.Length)];
        return answer with { Tokens = tokens, OutputTokens = tokens.Length + answer.ThoughtTokens };
    }
}
