using System.Collections.Immutable;
using Routing.Core.Providers;
using Routing.Core.Snapshots;

namespace AllInOne.Sample;

/// <summary>The sample set-up: one account on each of four clouds, twelve model endpoints, seven features. Its prices are list prices to try things out with.</summary>
internal static class SampleWorld
{
    public const string Sonnet = "anthropic.claude-sonnet-4-5-20250929-v1:0";
    public const string NovaLite = "amazon.nova-lite-v1:0";
    private const string Interactive = "interactive";
    private const string Batch = "batch";

    /// <param name="clouds">Address of the simulated clouds.</param>
    public static RoutingSnapshot Build(Uri clouds, CallerConfig caller) => new()
    {
        Accounts = Accounts(clouds.GetLeftPart(UriPartial.Authority)),
        ModelEndpoints = Endpoints(),
        Breakers = Breakers(),
        Features = Features(),
        Callers = [caller],
        Prices = Prices(),
    };

    private static ImmutableArray<ProviderAccountConfig> Accounts(string address) =>
    [
        new()
        {
            Id = "bedrock-main", Name = "Bedrock main", Provider = ProviderKind.Bedrock, Address = address,
            Credential = Sealed(CredentialKind.AwsKeys, "bedrock-main", "accessKeyId", "secretAccessKey"),
        },
        new()
        {
            Id = "vertex-main", Name = "Vertex AI main", Provider = ProviderKind.Vertex, Address = address, Project = "sample-project",
            Credential = Sealed(CredentialKind.ServiceAccountKey, "vertex-main", "json"),
        },
        new()
        {
            Id = "azure-main", Name = "Azure OpenAI main", Provider = ProviderKind.AzureOpenAI, Address = address, ApiVersion = "2024-10-21",
            Credential = Sealed(CredentialKind.ApiKey, "azure-main", "key"),
        },
        new()
        {
            Id = "anthropic-main", Name = "Anthropic main", Provider = ProviderKind.Anthropic, Address = address,
            Credential = Sealed(CredentialKind.ApiKey, "anthropic-main", "key"),
        },
    ];

    private static CredentialConfig Sealed(CredentialKind kind, string secret, params string[] fields) => new()
    {
        Kind = kind,
        Fields = fields.ToImmutableDictionary(f => f, f => $"sealed:{secret}#{f}", StringComparer.Ordinal),
    };

    private static ImmutableArray<ModelEndpointConfig> Endpoints() =>
    [
        Endpoint("bedrock-us-east-1-sonnet", "Claude Sonnet 4.5", "bedrock-main", "us-east-1", Sonnet, Interactive, 200_000),
        Endpoint("bedrock-us-west-2-sonnet", "Claude Sonnet 4.5", "bedrock-main", "us-west-2", Sonnet, Interactive, 200_000),
        Endpoint("bedrock-us-east-1-nova-lite", "Nova Lite", "bedrock-main", "us-east-1", NovaLite, Batch, 300_000),
        Endpoint("vertex-us-east5-flash", "Gemini 2.5 Flash", "vertex-main", "us-east5", "gemini-2.5-flash", Interactive, 1_048_576),
        Endpoint("vertex-europe-west4-flash", "Gemini 2.5 Flash", "vertex-main", "europe-west4", "gemini-2.5-flash", Interactive, 1_048_576),
        Endpoint("vertex-us-east5-flash-lite", "Gemini 2.5 Flash-Lite", "vertex-main", "us-east5", "gemini-2.5-flash-lite", Batch, 1_048_576),
        Endpoint("azure-eastus2-gpt-4.1", "GPT-4.1", "azure-main", "eastus2", "gpt-4.1", Interactive, 1_047_576),
        Endpoint("azure-eastus2-gpt-4.1-mini", "GPT-4.1 mini", "azure-main", "eastus2", "gpt-4.1-mini", Interactive, 1_047_576),
        Endpoint("anthropic-sonnet", "Claude Sonnet 4.5", "anthropic-main", "", "claude-sonnet-4-5", Interactive, 200_000),
        Endpoint("vertex-us-east5-sonnet", "Claude Sonnet 4.5", "vertex-main", "us-east5", "claude-sonnet-4-5@20250929", Interactive, 200_000),
        Endpoint("azure-eastus2-embedding", "Text Embedding 3 small", "azure-main", "eastus2", "text-embedding-3-small", Batch, 8_191),
        Endpoint("vertex-us-east5-embedding", "Gemini Embedding", "vertex-main", "us-east5", "gemini-embedding-001", Batch, 2_048),
    ];

    private static ModelEndpointConfig Endpoint(string id, string name, string account, string region, string model, string breaker, int context) => new()
    {
        Id = id, DisplayName = name, Account = account, Region = region, Model = model, Breaker = breaker, ContextTokens = context, MaxOutputTokens = 1024,
    };

    private static ImmutableArray<BreakerPolicyConfig> Breakers() =>
    [
        new() { Id = Interactive, Name = "Interactive", FirstTokenP90Ms = 1_800 },
        new() { Id = Batch, Name = "Batch", WindowSeconds = 60, FirstTokenP90Ms = 6_000, OpenSeconds = 20 },
    ];

    private static ImmutableArray<FeatureConfig> Features() =>
    [
        Feature("thread-summary", "Messaging AI", "Summary of a long thread", 5_000, 1_500,
            Primary("bedrock-us-east-1-sonnet"), Backup("vertex-us-east5-flash", 2), Backup("azure-eastus2-gpt-4.1", 3)),
        Feature("channel-recap", "Messaging AI", "What happened in a channel since yesterday", 8_000, 2_000,
            Primary("bedrock-us-west-2-sonnet"), Backup("azure-eastus2-gpt-4.1-mini", 2), Backup("vertex-europe-west4-flash", 3)),
        Feature("search-answer", "Search", "One answer over search results", 5_000, 1_500,
            Primary("azure-eastus2-gpt-4.1"), Backup("bedrock-us-east-1-sonnet", 2), Backup("vertex-us-east5-flash", 3)),
        Feature("huddle-notes", "Huddles", "Notes of a call", 8_000, 2_000,
            Primary("vertex-us-east5-flash"), Backup("bedrock-us-east-1-nova-lite", 2)),
        Feature("translate", "Platform", "Translation of a message", 3_000, 1_000,
            Primary("vertex-us-east5-flash-lite", 80), Experiment("bedrock-us-east-1-nova-lite", 20), Backup("azure-eastus2-gpt-4.1-mini", 2)),
        Feature("task-agent", "Automation", "Looks things up and acts on them, with tools", 8_000, 2_500,
            Primary("anthropic-sonnet"), Backup("vertex-us-east5-sonnet", 2), Backup("azure-eastus2-gpt-4.1", 3)),
        Feature("search-index", "Search", "Vectors of what was written", 5_000, 1_500,
            Primary("azure-eastus2-embedding"), Backup("vertex-us-east5-embedding", 2)),
    ];

    private static FeatureConfig Feature(string name, string owner, string description, int firstTokenMs, int sloMs, params CandidateConfig[] candidates) => new()
    {
        Name = name, Owner = owner, Description = description, FirstTokenMs = firstTokenMs, TotalMs = 60_000, SloFirstTokenMs = sloMs, Candidates = [.. candidates],
    };

    private static CandidateConfig Primary(string endpoint, int weight = 100) => new() { ModelEndpoint = endpoint, Weight = weight, Role = CandidateRole.Primary };

    private static CandidateConfig Experiment(string endpoint, int weight) => new() { ModelEndpoint = endpoint, Weight = weight, Role = CandidateRole.Experiment };

    private static CandidateConfig Backup(string endpoint, int tier) => new() { ModelEndpoint = endpoint, Tier = tier, Role = CandidateRole.Backup };

    private static ImmutableArray<PriceConfig> Prices() =>
    [
        Price("bedrock-us-east-1-sonnet", 3_000_000, 15_000_000, 300_000, 3_750_000),
        Price("bedrock-us-west-2-sonnet", 3_000_000, 15_000_000, 300_000, 3_750_000),
        Price("bedrock-us-east-1-nova-lite", 60_000, 240_000, 15_000),
        Price("vertex-us-east5-flash", 300_000, 2_500_000, 75_000),
        Price("vertex-europe-west4-flash", 300_000, 2_500_000, 75_000),
        Price("vertex-us-east5-flash-lite", 100_000, 400_000, 25_000),
        Price("azure-eastus2-gpt-4.1", 2_000_000, 8_000_000, 500_000),
        Price("azure-eastus2-gpt-4.1-mini", 400_000, 1_600_000, 100_000),
        Price("anthropic-sonnet", 3_000_000, 15_000_000, 300_000, 3_750_000),
        Price("vertex-us-east5-sonnet", 3_000_000, 15_000_000, 300_000, 3_750_000),
        Price("azure-eastus2-embedding", 20_000, 0, 0),
        Price("vertex-us-east5-embedding", 150_000, 0, 0),
    ];

    private static PriceConfig Price(string endpoint, long input, long output, long cacheRead, long? cacheWrite = null) => new()
    {
        ModelEndpoint = endpoint, From = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), Input = input, Output = output, CacheRead = cacheRead, CacheWrite = cacheWrite,
    };
}
