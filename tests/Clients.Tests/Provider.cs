namespace Clients.Tests;

/// <summary>One feature with one candidate: whom its calls go to, and what that provider's wire carries of them.</summary>
internal sealed record Provider(string Feature, string Account, string Wire, string Region, string Model)
{
    public static readonly IReadOnlyList<Provider> All =
    [
        new("bedrock-claude", "bedrock", "bedrock", "us-east-1", "anthropic.claude-sonnet-4-5-20250929-v1:0"),
        new("bedrock-nova", "bedrock", "bedrock", "us-east-1", "amazon.nova-lite-v1:0") { Reasons = false, Schemas = false },
        new("vertex-gemini", "vertex", "vertex", "us-east5", "gemini-2.5-flash"),
        new("vertex-gemini-3", "vertex", "vertex", "us-east5", "gemini-3-flash-preview"),
        new("vertex-claude", "vertex", "vertex", "us-east5", "claude-sonnet-4-5"),
        new("anthropic", "anthropic", "anthropic", "default", "claude-sonnet-4-5"),
        new("azure", "azure", "azure", "eastus2", "gpt-4.1") { Reasons = false },
        new("openai", "openai", "openai", "default", "open-reasoner"),
    ];

    public static readonly IReadOnlyList<Provider> Embedders =
    [
        new("embed-titan", "bedrock", "bedrock", "us-east-1", "amazon.titan-embed-text-v2:0") { Dimensions = 256 },
        new("embed-cohere", "bedrock", "bedrock", "us-east-1", "cohere.embed-v4:0") { Dimensions = 256 },
        new("embed-vertex", "vertex", "vertex", "us-east5", "gemini-embedding-001") { Dimensions = 256 },
        new("embed-azure", "azure", "azure", "eastus2", "text-embedding-3-small") { Dimensions = 256 },
        new("embed-openai", "openai", "openai", "default", "text-embedding-3-small") { Dimensions = 256 },
    ];

    /// <summary>For single questions that those above do not answer: a model called through its profile, one whose reasoning is redacted, Azure's v1 path.</summary>
    public static readonly IReadOnlyList<Provider> Others =
    [
        new("bedrock-profile", "bedrock", "bedrock", "us-east-1", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
        new("bedrock-nova-2", "bedrock", "bedrock", "us-east-1", "us.amazon.nova-2-lite-v1:0"),
        new("azure-v1", "azure-v1", "azure", "eastus2", "gpt-5-mini"),
    ];

    /// <summary>Models that say the same, and go on from what one of them began.</summary>
    public static readonly IReadOnlyList<Provider> Spoken =
    [
        new("spoken-openai", "openai", "openai", "default", "open-speaker"),
        new("spoken-anthropic", "anthropic", "anthropic", "default", "claude-haiku-4-5-speaker"),
        new("spoken-bedrock", "bedrock", "bedrock", "us-east-1", "anthropic.claude-haiku-4-5-speaker"),
    ];

    /// <summary>The model tells its reasoning.</summary>
    public bool Reasons { get; init; } = true;

    /// <summary>The model answers by a schema.</summary>
    public bool Schemas { get; init; } = true;

    public int Dimensions { get; init; }

    /// <summary>What the simulator calls it.</summary>
    public string Key => $"{Wire}/{Region}/{Model}";

    public static Provider Of(string feature) => All.Concat(Embedders).Concat(Others).Concat(Spoken).Single(p => p.Feature == feature);
}
