using System.Text.Json.Serialization;
using Routing.Core.Llm;

namespace Routing.Core.Providers;

/// <summary>Which wire and which identity a provider account speaks.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ProviderKind>))]
public enum ProviderKind : byte
{
    Bedrock,
    Vertex,

    [JsonStringEnumMemberName("azure_openai")]
    AzureOpenAI,

    /// <summary>Anything that speaks OpenAI's chat completions, at an address the administrator gives.</summary>
    [JsonStringEnumMemberName("openai_compatible")]
    OpenAICompatible,

    /// <summary>Anthropic's own API.</summary>
    Anthropic,
}
