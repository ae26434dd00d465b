using System.Collections.Immutable;
using Routing.Core.Llm;
using Routing.Core.Providers.Anthropic;

namespace Routing.Core.Providers.Bedrock;

/// <summary>What a call says otherwise to Converse than its caller said it.</summary>
internal static class ConverseWarnings
{
    public const string CacheOfNova = "cache_control sent without ttl and not on tools";

    public static ImmutableArray<string> Of(ChatRequest request, in BedrockModel model)
    {
        var found = ClaudeWarnings.Of(request, model);
        if (ConverseTools.Warning(request) is { } tools) found = found.Add(tools);
        if (RequestMetadata.IsChanged(request)) found = found.Add(RequestMetadata.Changed);
        return model.Maker == BedrockMaker.Nova && LosesMarks(request) ? found.Add(CacheOfNova) : found;
    }

    private static bool LosesMarks(ChatRequest request)
    {
        foreach (var tool in request.Tools)
        {
            if (tool.Cache is not null) return true;
        }

        foreach (var message in request.Messages)
        {
            foreach (var part in message.Parts)
            {
                if (part.Cache?.Ttl is not null || (part is ToolResultPart result && HasTtl(result))) return true;
            }
        }

        return false;
    }

    private static bool HasTtl(ToolResultPart result)
    {
        foreach (var part in result.Content)
        {
            if (part.Cache?.Ttl is not null) return true;
        }

        return false;
    }
}
