using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Routing.Core.Providers;
using Routing.Core.Snapshots.Validation;

namespace Routing.Core.Snapshots;

/// <summary>How things are called in sentences.</summary>
internal static class Spoken
{
    /// <summary>"Claude Sonnet 4.5 on Bedrock us-east-1".</summary>
    public static string Endpoint(SnapshotIndex index, string? id)
    {
        if (index.ModelEndpointsById.GetValueOrDefault(id ?? "") is not { } endpoint) return id ?? "";
        var model = string.IsNullOrEmpty(endpoint.DisplayName) ? endpoint.Model : endpoint.DisplayName;
        var capacity = endpoint.CapacityClass == CapacityClass.OnDemand ? "" : $" ({Name(endpoint.CapacityClass)})";
        var place = index.AccountOf(endpoint) is { } account ? Cloud(account) : endpoint.Account;
        return $"{model} on {place}{(string.IsNullOrEmpty(endpoint.Region) ? "" : " " + endpoint.Region)}{capacity}";
    }

    public static string Cloud(ProviderAccountConfig account) => account.Provider switch
    {
        ProviderKind.OpenAICompatible => string.IsNullOrEmpty(account.Name) ? account.Id : account.Name,
        var provider => Provider(provider),
    };

    public static string Provider(ProviderKind provider) => provider switch
    {
        ProviderKind.Bedrock => "Bedrock",
        ProviderKind.Vertex => "Vertex AI",
        ProviderKind.AzureOpenAI => "Azure OpenAI",
        ProviderKind.Anthropic => "Anthropic",
        ProviderKind.OpenAICompatible => "an OpenAI-compatible server",
        _ => "an unknown provider",
    };

    public static string Credential(CredentialKind kind) => kind switch
    {
        CredentialKind.None => "no credential",
        CredentialKind.ApiKey => "an API key",
        CredentialKind.AwsKeys => "AWS keys",
        CredentialKind.ServiceAccountKey => "a Google service-account key",
        CredentialKind.Federated => "a federated identity",
        CredentialKind.Ambient => "an ambient identity",
        _ => "an unknown kind of credential",
    };

    /// <summary>What a model is when it is of the family: "a chat model".</summary>
    public static string Family(ModelFamily family) => family switch
    {
        ModelFamily.Chat => "a chat model",
        ModelFamily.Claude => "a Claude model",
        ModelFamily.Embedding => "an embedding model",
        ModelFamily.TitanEmbedding => "a Titan embedding model",
        ModelFamily.CohereEmbedding => "a Cohere embedding model",
        _ => "a model of an unknown family",
    };

    public static string Delivery(DeliveryMode delivery) => delivery switch
    {
        DeliveryMode.Immediate => "as they come",
        DeliveryMode.Protected => "held back until they are whole",
        DeliveryMode.Continued => "as they come, and continued by another candidate when one breaks",
        _ => "unknown",
    };

    public static string Selection(SelectionStrategy strategy) => strategy switch
    {
        SelectionStrategy.Weighted => "by weight",
        SelectionStrategy.Fastest => "the fastest",
        SelectionStrategy.Cheapest => "the cheapest",
        SelectionStrategy.Balanced => "the best by speed and price",
        _ => "unknown",
    };

    public static string Affinity(AffinityMode affinity) => affinity switch
    {
        AffinityMode.None => "none",
        AffinityMode.Key => "those of one user or conversation",
        AffinityMode.Cache => "those of one user or conversation while the prompt cache pays",
        _ => "unknown",
    };

    /// <summary>Micro-units of whatever the currency is: "0.05".</summary>
    public static string Limit(long micros) => micros == 0 ? "no limit" : (micros / 1_000_000m).ToString("#,##0.00####", CultureInfo.InvariantCulture);

    /// <summary>"250.00 USD", "none".</summary>
    public static string Budget(FeatureConfig feature) => feature.BudgetMicros == 0 ? "none" : $"{Limit(feature.BudgetMicros)}\u00A0{feature.BudgetCurrency}";

    /// <summary>What calls get: "a refusal".</summary>
    public static string Beyond(BudgetAction action) => action switch
    {
        BudgetAction.Warn => "an answer",
        BudgetAction.Stop => "a refusal",
        _ => "unknown",
    };

    /// <summary>"A, B or C".</summary>
    public static string Either(IReadOnlyList<string> choices) =>
        choices.Count < 2 ? string.Concat(choices) : string.Join(", ", choices.SkipLast(1)) + " or " + choices[^1];

    /// <summary>on_demand → "on demand".</summary>
    public static string Name<T>(T value) where T : struct, Enum =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()).Replace('_', ' ');

    public static string List<T>(ImmutableArray<T> items, string none) =>
        items.IsDefaultOrEmpty ? none : string.Join(", ", items.Select(i => Convert.ToString(i, CultureInfo.InvariantCulture)));

    /// <summary>Micro-units per million tokens as money per million tokens: "$3.00", "EUR 0.0375".</summary>
    public static string Price(long micros, string? currency)
    {
        var amount = (micros / 1_000_000m).ToString("#,##0.00####", CultureInfo.InvariantCulture);
        return currency == "USD" ? "$" + amount : $"{currency}\u00A0{amount}";
    }

    public static string Moment(DateTimeOffset? at) => at is not { } moment ? ""
        : moment.UtcDateTime.ToString(moment.UtcTicks % TimeSpan.TicksPerMinute == 0 ? "yyyy-MM-dd HH:mm 'UTC'" : "yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
