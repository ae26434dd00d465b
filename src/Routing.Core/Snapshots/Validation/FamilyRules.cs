using Routing.Core.Providers;

namespace Routing.Core.Snapshots.Validation;

/// <summary>
/// Whether a model can be on its account's provider. A family that the provider has no wire for is refused; a name is only doubted,
/// and only where names are the provider's own: deployments and servers call a model what they like.
/// </summary>
internal static class FamilyRules
{
    public static void Check(string path, ModelEndpointConfig endpoint, ProviderAccountConfig? account, ProblemList problems)
    {
        if (account is null || !Enum.IsDefined(endpoint.Family)) return;
        if (!Fits(account.Provider, endpoint.Family))
        {
            problems.Add($"{path}.family", "family_unfit",
                $"{Spoken.Provider(account.Provider)} has no wire for {Spoken.Family(endpoint.Family)}; it takes {FamiliesOf(account.Provider)}. Choose one of them, or another account.");
        }
        else if (HomeOf(account.Provider, endpoint.Model ?? "") is { } home)
        {
            problems.Warn($"{path}.model", "model_elsewhere", $"'{ProblemList.Shown(endpoint.Model)}' is a name of {home}, not of {Spoken.Provider(account.Provider)}. Write the model as the provider does, or choose another account.");
        }
    }

    private static bool Fits(ProviderKind provider, ModelFamily family) => family is ModelFamily.Auto or ModelFamily.Chat || provider switch
    {
        ProviderKind.Bedrock => family is ModelFamily.Claude or ModelFamily.TitanEmbedding or ModelFamily.CohereEmbedding,
        ProviderKind.Vertex => family is ModelFamily.Claude or ModelFamily.Embedding,
        ProviderKind.Anthropic => family is ModelFamily.Claude,
        ProviderKind.AzureOpenAI or ProviderKind.OpenAICompatible => family is ModelFamily.Embedding,
        _ => true,
    };

    private static string FamiliesOf(ProviderKind provider) =>
        Spoken.Either([.. Enum.GetValues<ModelFamily>().Where(f => f != ModelFamily.Auto && Fits(provider, f)).Select(Spoken.Family)]);

    /// <summary>Whose name it is, when it is certainly not the provider's; else null.</summary>
    private static string? HomeOf(ProviderKind provider, string model) => provider switch
    {
        ProviderKind.Bedrock when Begins(model, "gemini-") => "Vertex AI",
        ProviderKind.Bedrock when Begins(model, "claude-") => "Anthropic and Vertex AI",
        ProviderKind.Bedrock or ProviderKind.Vertex or ProviderKind.Anthropic when Begins(model, "gpt-") => "OpenAI",
        ProviderKind.Vertex or ProviderKind.Anthropic when model.Contains("anthropic.claude", StringComparison.OrdinalIgnoreCase) || Begins(model, "amazon.") => "Bedrock",
        ProviderKind.Anthropic when Begins(model, "gemini-") => "Vertex AI",
        _ => null,
    };

    private static bool Begins(string model, string word) => model.StartsWith(word, StringComparison.OrdinalIgnoreCase);
}
