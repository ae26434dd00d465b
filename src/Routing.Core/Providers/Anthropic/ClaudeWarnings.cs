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
        var sampling = ClaudeSampling.Of(request, model);
        var found = ImmutableArray<string>.Empty;
        if (ConverseReasoning.IsLeftOut(request, model)) found = found.Add("reasoning not sent; the thinking this turn began with was not handed back");
        if (request.Reasoning is { Thinks: false } && !model.TakesEffort) found = found.Add("effort not sent; this model has none apart from its thinking");
        if (request.Temperature is not null && sampling.Temperature is null) found = found.Add("temperature not sent");
        if (request.TopP is not null && sampling.TopP is null) found = found.Add("top_p not sent");
        if (request.TopK is not null && sampling.TopK is null) found = found.Add("top_k not sent");
        return found;
    }
}
