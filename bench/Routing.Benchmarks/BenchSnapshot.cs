using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Routing.Core.Providers;
using Routing.Core.Snapshots;

namespace Routing.Benchmarks;

internal static class BenchSnapshot
{
    public static RoutingSnapshot Build(int features, int callers) => new()
    {
        Accounts = [new() { Id = "a", Provider = ProviderKind.OpenAICompatible, Address = "https://example.com", Credential = new() { Kind = CredentialKind.ApiKey } }],
        ModelEndpoints = [new() { Id = "e1", Account = "a", Model = "m1" }, new() { Id = "e2", Account = "a", Model = "m2" }],
        Features = [.. Enumerable.Range(0, features).Select(i => new FeatureConfig
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"feature-{i}"),
            Candidates = [new() { ModelEndpoint = "e1" }, new() { ModelEndpoint = "e2", Tier = 2 }],
        })],
        Callers = [.. Enumerable.Range(0, callers).Select(i => new CallerConfig
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"caller-{i}"),
            Features = ["*"],
            Keys = [new() { Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"cpk_{i:0000000000000000000000000000000000000000000}")))) }],
        })],
        Prices = [new() { ModelEndpoint = "e1", From = DateTimeOffset.UnixEpoch, Input = 1_000_000, Output = 4_000_000 }],
    };
}
