using System.Text.Json.Serialization;
using Routing.Core.Llm;

namespace Routing.Core.Providers;

/// <summary>Which of a provider's wires a model speaks. One account of a cloud serves models of several makers.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ModelFamily>))]
public enum ModelFamily : byte
{
    /// <summary>By the model's name.</summary>
    Auto,

    /// <summary>The provider's usual chat wire: Converse, generateContent, chat completions, messages.</summary>
    Chat,

    /// <summary>Anthropic's models on Vertex AI: rawPredict with Anthropic's own body.</summary>
    Claude,

    /// <summary>Embeddings on OpenAI's wire or on Vertex AI.</summary>
    Embedding,

    /// <summary>Amazon Titan's text embeddings on Bedrock: one text a call.</summary>
    TitanEmbedding,

    /// <summary>Cohere's embeddings on Bedrock.</summary>
    CohereEmbedding,
}

public static class ModelFamilies
{
    /// <summary>The family by the model's name, where the document leaves it to us. An ARN's name says nothing: the document must.</summary>
    public static ModelFamily Resolve(ModelFamily family, ProviderKind kind, string model)
    {
        if (family != ModelFamily.Auto) return family;
        return kind switch
        {
            ProviderKind.Bedrock when Has(model, "titan-embed") => ModelFamily.TitanEmbedding,
            ProviderKind.Bedrock when Has(model, "cohere.embed") => ModelFamily.CohereEmbedding,
            ProviderKind.Vertex when model.StartsWith("claude-", StringComparison.Ordinal) => ModelFamily.Claude,
            not ProviderKind.Bedrock when Has(model, "embedding") => ModelFamily.Embedding,
            _ => ModelFamily.Chat,
        };
    }

    private static bool Has(string model, string word) => model.Contains(word, StringComparison.OrdinalIgnoreCase);
}
