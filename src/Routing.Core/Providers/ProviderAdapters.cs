using Routing.Core.Providers.Anthropic;
using Routing.Core.Providers.AzureOpenAI;
using Routing.Core.Providers.Bedrock;
using Routing.Core.Providers.OpenAI;
using Routing.Core.Providers.Vertex;

namespace Routing.Core.Providers;

/// <summary>The adapter of each provider kind. Adapters hold no state, so one of each serves all.</summary>
public static class ProviderAdapters
{
    public static IProviderAdapter Of(ProviderKind kind, ModelFamily family = ModelFamily.Chat) => kind switch
    {
        ProviderKind.Bedrock => BedrockAdapter.Instance,
        ProviderKind.Vertex when family == ModelFamily.Claude => ClaudeOnVertexAdapter.Instance,
        ProviderKind.Vertex => VertexAdapter.Instance,
        ProviderKind.Anthropic => AnthropicAdapter.Instance,
        ProviderKind.AzureOpenAI => AzureOpenAIAdapter.Instance,
        ProviderKind.OpenAICompatible => OpenAICompatibleAdapter.Instance,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No adapter speaks for this provider."),
    };
}
