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

    /// <summary>A model endpoint in prose: Claude Sonnet 4.5 on Bedrock us-east-1.</summary>
    public static string Endpoint(string title, string provider, string region) => $"{title} on {provider} {region}".TrimEnd();
}
