using System.Collections.Immutable;
using Routing.Core.Llm;
using Routing.Core.Providers.Bedrock;

namespace Routing.Core.Providers.Anthropic;

/// <summary>What a translated call to one of Anthropic's models leaves out, behind whichever door.</summary>
internal static class ClaudeWarnings
{
    public static ImmutableArray<string> Of(ChatRequest request, in BedrockModel model)
    {
        if (model.Maker != BedrockMaker.Anthropic) return [];
        List<string>? found = null;
        if (ConverseReasoning.IsLeftOut(request, model)) (found ??= []).Add("reasoning not sent; the thinking this turn began with was not handed back");
        return found is null ? [] : [.. found];
    }
}
