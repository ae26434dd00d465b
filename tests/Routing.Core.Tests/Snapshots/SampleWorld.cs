using System.Collections.Immutable;
using Routing.Core.Providers;
using Routing.Core.Snapshots;

namespace Routing.Core.Tests.Snapshots;

/// <summary>A document of the size a small company has: three clouds, two regions each, five features. Valid, without a warning.</summary>
internal static class SampleWorld
{
    public static readonly DateTimeOffset Day = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    public static RoutingSnapshot Snapshot { get; } = new()
    {
        Revision = 412,
        PublishedAt = new DateTimeOffset(2026, 11, 24, 13, 0, 0, TimeSpan.Zero),
        Note = "Gemini takes over translate",
        Accounts = [Bedrock, Vertex, Azure],
        ModelEndpoints =
        [
            .. Endpoints("bedrock", ["us-east-1", "us-west-2"], ("sonnet-4-5", "Claude Sonnet 4.5", "anthropic.claude-sonnet-4-5-20250929-v1:0", 200_000), ("nova-lite", "Nova Lite", "amazon.nova-lite-v1:0", 300_000)),
            .. Endpoints("vertex", ["us-east5", "europe-west4"], ("gemini-2.5-flash", "Gemini 2.5 Flash", "gemini-2.5-flash", 1_048_576), ("gemini-2.5-flash-lite", "Gemini 2.5 Flash-Lite", "gemini-2.5-flash-lite", 1_048_576)),
            .. Endpoints("azure", ["eastus2", "swedencentral"], ("gpt-4.1", "GPT-4.1", "gpt-4.1", 1_047_576), ("gpt-4.1-mini", "GPT-4.1 mini", "gpt-4.1-mini", 1_047_576)),
        ],
        Breakers =
        [
            new() { Id = "interactive", Name = "Interactive", FirstTokenP90Ms = 2_000 },
            new() { Id = "batch", Name = "Batch", WindowSeconds = 120, FailurePercent = 40, RampPercent = [10, 50, 100], DurationP90MsPer100Tokens = 6_000 },
        ],
        Features =
        [
            Feature("thread-summary", "Ana", Tier(1, ("bedrock-us-east-1-sonnet-4-5", 100)), Tier(2, ("bedrock-us-west-2-sonnet-4-5", 60), ("vertex-us-east5-gemini-2.5-flash", 40)), Tier(3, ("azure-eastus2-gpt-4.1", 100))),
            Feature("channel-recap", "Ana", Tier(1, ("bedrock-us-east-1-nova-lite", 50), ("bedrock-us-west-2-nova-lite", 50)), Tier(2, ("vertex-us-east5-gemini-2.5-flash-lite", 100))),
            Feature("search-answer", "Ben", Tier(1, ("azure-eastus2-gpt-4.1", 80), ("azure-swedencentral-gpt-4.1", 20)), Tier(2, ("bedrock-us-east-1-sonnet-4-5", 100))),
            Feature("huddle-notes", "Ben", Tier(1, ("vertex-us-east5-gemini-2.5-flash", 90), ("vertex-europe-west4-gemini-2.5-flash", 10)), Tier(2, ("azure-eastus2-gpt-4.1-mini", 100))),
            Feature("translate", "Cem", Tier(1, ("vertex-us-east5-gemini-2.5-flash-lite", 50), ("vertex-europe-west4-gemini-2.5-flash-lite", 50)), Tier(2, ("azure-eastus2-gpt-4.1-mini", 50), ("azure-swedencentral-gpt-4.1-mini", 50))),
        ],
        Callers =
        [
            new() { Id = "web", Name = "Web application", Features = ["*"], Keys = [new() { Prefix = "rk_web_1", Sha256 = new string('a', 64) }] },
            new()
            {
                Id = "nightly", Name = "Nightly jobs", Features = ["channel-recap", "translate"],
                Keys = [new() { Prefix = "rk_job_1", Sha256 = new string('b', 64), ExpiresAt = Day.AddDays(60) }, new() { Prefix = "rk_job_2", Sha256 = new string('c', 64) }],
            },
        ],
        Prices =
        [
            .. Prices("bedrock", ["us-east-1", "us-west-2"], ("sonnet-4-5", 3_000_000, 15_000_000, 300_000, 3_750_000), ("nova-lite", 60_000, 240_000, 15_000, null)),
            .. Prices("vertex", ["us-east5", "europe-west4"], ("gemini-2.5-flash", 300_000, 2_500_000, 30_000, null), ("gemini-2.5-flash-lite", 100_000, 400_000, 10_000, null)),
            .. Prices("azure", ["eastus2", "swedencentral"], ("gpt-4.1", 2_000_000, 8_000_000, 500_000, null), ("gpt-4.1-mini", 400_000, 1_600_000, 100_000, null)),
        ],
    };

    private static ProviderAccountConfig Bedrock => new()
    {
        Id = "bedrock", Name = "AWS production", Provider = ProviderKind.Bedrock,
        Credential = new() { Kind = CredentialKind.AwsKeys, Fields = Fields(("accessKeyId", "sealed:bedrock#accessKeyId"), ("secretAccessKey", "sealed:bedrock#secretAccessKey")) },
    };

    private static ProviderAccountConfig Vertex => new()
    {
        Id = "vertex", Name = "Google Cloud production", Provider = ProviderKind.Vertex, Project = "example-prod-1",
        Credential = new() { Kind = CredentialKind.ServiceAccountKey, Fields = Fields(("json", "file:/run/secrets/vertex.json")) },
    };

    private static ProviderAccountConfig Azure => new()
    {
        Id = "azure", Name = "Azure production", Provider = ProviderKind.AzureOpenAI, Address = "https://example-prod.openai.azure.com",
        Credential = new() { Kind = CredentialKind.ApiKey, Fields = Fields(("key", "env:AZURE_OPENAI_KEY")) },
    };

    private static ImmutableDictionary<string, string> Fields(params (string Name, string Value)[] fields) =>
        fields.ToImmutableDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal);

    private static IEnumerable<ModelEndpointConfig> Endpoints(string account, string[] regions, params (string Id, string Name, string Model, int Context)[] models) =>
        from model in models
        from region in regions
        select new ModelEndpointConfig
        {
            Id = $"{account}-{region}-{model.Id}", DisplayName = model.Name, Account = account, Region = region, Model = model.Model,
            ContextTokens = model.Context, Breaker = model.Id.Contains("lite", StringComparison.Ordinal) ? "batch" : "interactive",
        };

    private static FeatureConfig Feature(string name, string owner, params CandidateConfig[][] tiers) => new()
    {
        Name = name, Owner = owner, Description = $"What {name} shows", SloFirstTokenMs = 2_000,
        Candidates = [.. tiers.SelectMany(t => t)],
    };

    private static CandidateConfig[] Tier(int tier, params (string Endpoint, int Weight)[] candidates) =>
        [.. candidates.Select(c => new CandidateConfig { ModelEndpoint = c.Endpoint, Tier = tier, Weight = c.Weight, Role = tier == 1 ? CandidateRole.Primary : CandidateRole.Backup })];

    private static IEnumerable<PriceConfig> Prices(string account, string[] regions, params (string Id, long Input, long Output, long? Read, long? Write)[] models) =>
        from model in models
        from region in regions
        select new PriceConfig
        {
            ModelEndpoint = $"{account}-{region}-{model.Id}", From = Day,
            Input = model.Input, Output = model.Output, CacheRead = model.Read, CacheWrite = model.Write,
        };
}
