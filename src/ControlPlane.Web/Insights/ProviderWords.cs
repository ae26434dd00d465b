using Routing.Core.Providers;

namespace ControlPlane.Web.Insights;

/// <summary>How providers are called in prose and tables.</summary>
public static class ProviderWords
{
    public static string Of(ProviderKind kind) => kind switch
    {
        ProviderKind.Bedrock => "Bedrock",
        ProviderKind.Vertex => "Vertex AI",
        ProviderKind.AzureOpenAI => "Azure OpenAI",
        ProviderKind.Anthropic => "Anthropic",
        ProviderKind.OpenAICompatible => "OpenAI-compatible",
        _ => kind.ToString(),
    };
}
