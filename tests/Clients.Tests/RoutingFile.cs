using System.Security.Cryptography;
using System.Text;

namespace Clients.Tests;

/// <summary>The edge's routing file: an account of every kind on the simulated clouds, and a feature for each provider.</summary>
internal static class RoutingFile
{
    /// <summary>
    /// Features whose answers are held back until they are whole, with two providers of <see cref="Provider.All"/> each. The first is a model endpoint of
    /// the feature's own, whose breaker has patience: each of its answers is broken on purpose.
    /// </summary>
    public static readonly IReadOnlyList<(string Feature, string First, string Backup)> Guarded =
        [("guarded-openai", "openai", "anthropic"), ("guarded-anthropic", "anthropic", "azure"), ("guarded-bedrock", "bedrock-claude", "openai")];

    /// <summary>
    /// Features whose answers are continued. Their models say the same, and take up a begun turn: which of them breaks is for the test to say.
    /// </summary>
    public static readonly IReadOnlyList<(string Feature, string First, string Backup)> Continued =
        [("continued-openai", "spoken-openai", "spoken-anthropic"), ("continued-anthropic", "spoken-anthropic", "spoken-bedrock"), ("continued-bedrock", "spoken-bedrock", "spoken-openai")];

    /// <param name="secret">Writes a secret to a file and returns the reference to it.</param>
    public static string Write(Uri clouds, string callerKey, Func<string, string> secret)
    {
        var yaml = new StringBuilder();
        WriteAccounts(yaml, clouds, secret);
        yaml.AppendLine("modelEndpoints:");
        foreach (var p in Every()) yaml.AppendLine($"  - {{ id: {p.Feature}, account: {p.Account}, region: {p.Region}, model: \"{p.Model}\", maxOutputTokens: 8192 }}");
        foreach (var (feature, first, _) in Guarded)
        {
            var p = Provider.Of(first);
            yaml.AppendLine($"  - {{ id: {feature}, account: {p.Account}, region: {p.Region}, model: \"{p.Model}\", maxOutputTokens: 8192, breaker: patient }}");
        }

        foreach (var p in Provider.Spoken)
            yaml.AppendLine($"  - {{ id: {p.Feature}, account: {p.Account}, region: {p.Region}, model: \"{p.Model}\", maxOutputTokens: 8192, breaker: patient{(p.Account == "openai" ? ", quirks: { prefill: prefix }" : "")} }}");
        yaml.AppendLine("breakers: [ { id: patient, consecutiveFailures: 100, minimumSamples: 1000 } ]");
        yaml.AppendLine("features:");
        foreach (var p in Every()) yaml.AppendLine($"  - {{ name: {p.Feature}, firstTokenMs: 60000, totalMs: 110000, maxAttempts: 1, candidates: [ {{ modelEndpoint: {p.Feature} }} ] }}");
        foreach (var (feature, _, backup) in Guarded)
            yaml.AppendLine($"  - {{ name: {feature}, delivery: protected, candidates: [ {{ modelEndpoint: {feature} }}, {{ modelEndpoint: {backup}, tier: 2, role: backup }} ] }}");
        foreach (var (feature, first, backup) in Continued)
            yaml.AppendLine($"  - {{ name: {feature}, delivery: continued, candidates: [ {{ modelEndpoint: {first} }}, {{ modelEndpoint: {backup}, tier: 2, role: backup }} ] }}");
        WriteCaller(yaml, callerKey);
        yaml.AppendLine("prices:");
        foreach (var endpoint in Every().Concat(Provider.Spoken).Select(p => p.Feature).Concat(Guarded.Select(g => g.Feature))) yaml.AppendLine($"  - {{ modelEndpoint: {endpoint}, from: 2026-01-01T00:00:00Z, input: 1000000, cacheRead: 100000, output: 4000000 }}");
        return yaml.ToString();
    }

    public static void WriteAccounts(StringBuilder yaml, Uri clouds, Func<string, string> secret)
    {
        yaml.AppendLine("accounts:");
        foreach (var (id, kind, more, credential) in Accounts(secret))
            yaml.AppendLine($"  - {{ id: {id}, provider: {kind}, address: \"http://{clouds.Authority}\"{more}, credential: {{ {credential} }} }}");
    }

    public static void WriteCaller(StringBuilder yaml, string callerKey)
    {
        yaml.AppendLine("callers:");
        yaml.AppendLine($"  - {{ id: product, keys: [ {{ sha256: {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(callerKey)))} }} ], features: [ \"*\" ] }}");
    }

    private static IEnumerable<Provider> Every() => Provider.All.Concat(Provider.Embedders).Concat(Provider.Others);

    private static IEnumerable<(string Id, string Kind, string More, string Credential)> Accounts(Func<string, string> secret) =>
    [
        ("bedrock", "bedrock", "", $"kind: aws_keys, fields: {{ accessKeyId: \"{secret(EdgeAndClouds.AwsKeyId)}\", secretAccessKey: \"{secret(EdgeAndClouds.AwsSecret)}\" }}"),
        ("vertex", "vertex", ", project: my-project", $"kind: service_account_key, fields: {{ json: \"{secret(EdgeAndClouds.ServiceAccountJson)}\" }}"),
        ("azure", "azure_openai", ", apiVersion: 2024-10-21", $"kind: api_key, fields: {{ key: \"{secret(EdgeAndClouds.AzureKey)}\" }}"),
        ("azure-v1", "azure_openai", "", $"kind: api_key, fields: {{ key: \"{secret(EdgeAndClouds.AzureKey)}\" }}"),
        ("openai", "openai_compatible", "", $"kind: api_key, fields: {{ key: \"{secret(EdgeAndClouds.OpenAIKey)}\" }}"),
        ("anthropic", "anthropic", "", $"kind: api_key, fields: {{ key: \"{secret(EdgeAndClouds.AnthropicKey)}\" }}"),
    ];
}
