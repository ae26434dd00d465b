using Routing.Core.Credentials;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Providers;
using Routing.Core.Snapshots;
using Routing.Core.Tables;

namespace Routing.Core.Tests.Simulation;

/// <summary>A table for features whose model endpoints are made up from their candidates, and calls of them.</summary>
internal static class SelectionTable
{
    public static RoutingTable Compile(
        EndpointHealthRegistry health, FeatureConfig[] features, PriceConfig[] prices, ulong seed = 1, Func<ModelEndpointConfig, ModelEndpointConfig>? endpoint = null, RoutingTable? previous = null)
    {
        var ids = features.SelectMany(f => f.Candidates).Select(c => c.ModelEndpoint).Distinct(StringComparer.Ordinal);
        var snapshot = new RoutingSnapshot
        {
            Accounts = [new() { Id = "a", Provider = ProviderKind.OpenAICompatible, Address = "https://example.com", Credential = new() { Kind = CredentialKind.ApiKey } }],
            ModelEndpoints = [.. ids.Select(id => new ModelEndpointConfig { Id = id, Account = "a", Model = id }).Select(e => endpoint?.Invoke(e) ?? e)],
            Features = [.. features],
            Prices = [.. prices],
        };
        return new RoutingTableCompiler(health, _ => new StaticTokenSource(new ApiKeyCredential("k")), seed).Compile(snapshot, new EdgeOverlay(), "epoch", previous);
    }

    /// <summary>Candidates e0, e1, … of one tier, with these weights.</summary>
    public static FeatureConfig Feature(params int[] weights) =>
        new() { Name = "f", Candidates = [.. weights.Select((w, i) => new CandidateConfig { ModelEndpoint = $"e{i}", Weight = w })] };

    public static PriceConfig Price(string endpoint, long input, long output, long? cacheRead = null) =>
        new() { ModelEndpoint = endpoint, From = DateTimeOffset.UnixEpoch, Input = input, Output = output, CacheRead = cacheRead };

    public static ChatCall Call(ulong key = 0, int bytes = 400, int? limit = null, int choices = 1, CallerApi api = default) => new(() => new ChatRequest { Messages = [] })
    {
        Feature = "f", Stream = true, Needs = api == CallerApi.Embeddings ? Capabilities.Embeddings : Capabilities.Text, AffinityKey = key, MaxOutputTokens = limit, Choices = choices, Api = api, Original = new OriginalBody(new byte[bytes], default, null, 1),
    };
}
