using System.Collections.Frozen;
using Routing.Core.Budgets;
using Routing.Core.Credentials;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Pricing;
using Routing.Core.Providers;
using Routing.Core.Providers.OpenAI;
using Routing.Core.Snapshots;

namespace Routing.Core.Tables;

/// <summary>
/// Turns a valid snapshot and an overlay into a table. Health is looked up by endpoint id, so a new table inherits open breakers
/// and calls in flight. Validate first: a dangling reference here is a bug and throws.
/// </summary>
/// <param name="tokenSources">Credential source of an account; called once per account and table, so it should cache.</param>
/// <param name="seed">Seed of the weighted choices.</param>
/// <param name="leases">Who hands out parts of budgets; null where nobody does.</param>
public sealed class RoutingTableCompiler(
    EndpointHealthRegistry health, Func<ProviderAccountConfig, ICloudTokenSource> tokenSources, ulong seed, LeaseSource? leases = null)
{
    /// <param name="previous">The table it replaces: what was learned of its features goes on.</param>
    public RoutingTable Compile(RoutingSnapshot snapshot, EdgeOverlay overlay, string epoch, RoutingTable? previous = null)
    {
        var prices = PriceBook.Build(snapshot.Prices);
        var endpoints = Endpoints(snapshot, prices);
        var features = snapshot.Features.ToFrozenDictionary(f => f.Name, f => Route(f, endpoints, previous?.Features.GetValueOrDefault(f.Name)?.Memory ?? new FeatureMemory()), StringComparer.Ordinal);
        return new RoutingTable
        {
            Epoch = epoch,
            Revision = snapshot.Revision,
            Overlay = overlay.Version,
            Callers = Callers(snapshot, overlay, features),
            Features = features,
            Endpoints = endpoints,
            Prices = prices,
        };
    }

    private FrozenDictionary<string, ModelEndpoint> Endpoints(RoutingSnapshot snapshot, PriceBook prices)
    {
        var accounts = snapshot.Accounts.ToDictionary(a => a.Id, a => (Config: a, Tokens: tokenSources(a)), StringComparer.Ordinal);
        var policies = snapshot.Breakers.ToDictionary(b => b.Id, StringComparer.Ordinal);
        return snapshot.ModelEndpoints.ToFrozenDictionary(e => e.Id, e =>
        {
            var (account, tokens) = accounts[e.Account];
            var policy = e.Breaker.Length == 0 ? BreakerPolicyConfig.Default : policies[e.Breaker];
            return Endpoint(e, account, tokens, health.Get(e.Id, policy, new QuotaLimits(e.RequestsPerMinute, e.TokensPerMinute)), prices.Of(e.Id));
        }, StringComparer.Ordinal);
    }

    private static ModelEndpoint Endpoint(ModelEndpointConfig config, ProviderAccountConfig account, ICloudTokenSource tokens, EndpointHealth health, PriceList prices)
    {
        var address = Address(config, account);
        var target = Target(config, account, address);
        var adapter = ProviderAdapters.Of(account.Provider, target.Family);
        return new ModelEndpoint
        {
            Id = config.Id,
            Model = Shown(config.Model),
            ContextTokens = config.ContextTokens,
            Residency = config.Residency,
            Prices = prices,
            Adapter = adapter,
            Target = target,
            Apis = [.. Enum.GetValues<CallerApi>().Select(api => Api(api, adapter, target, address, config))],
            Credentials = tokens,
            Health = health,
        };
    }

    internal static Uri Address(ModelEndpointConfig config, ProviderAccountConfig account) =>
        account.Address.Length == 0 ? ProviderAddresses.Default(account.Provider, config.Region) : new Uri(account.Address);

    internal static ModelTarget Target(ModelEndpointConfig config, ProviderAccountConfig account, Uri address) =>
        new(config.Model, config.Region, account.Project, account.ApiVersion, config.MaxOutputTokens)
        {
            Family = ModelFamilies.Resolve(config.Family, account.Provider, config.Model), CapacityClass = config.CapacityClass, Quirks = Quirks(config.Quirks, account, address),
        };

    private static string Shown(string model) => model.StartsWith("arn:", StringComparison.Ordinal) ? model[(model.LastIndexOf('/') + 1)..] : model;

    // Azure is OpenAI's own wire, and has the Responses API at its v1 path only.
    private static WireQuirks Quirks(QuirksConfig? config, ProviderAccountConfig account, Uri address) => account.Provider switch
    {
        ProviderKind.OpenAICompatible => QuirkPresets.Of(config, address.IdnHost),
        ProviderKind.AzureOpenAI => QuirkPresets.OfAzure(config, isV1: account.ApiVersion.Length == 0),
        _ => WireQuirks.OpenAI,
    };

    private static EndpointApi Api(CallerApi api, IProviderAdapter adapter, ModelTarget target, Uri address, ModelEndpointConfig config)
    {
        var support = adapter.Support(api, target);
        if (support.Carries == Capabilities.None) return NoApi;
        return new EndpointApi(Allowed(config, support.Carries), support.Approximations, Call(stream: false), Call(stream: true));

        EndpointCall Call(bool stream)
        {
            var wire = adapter.Target(target, api, stream);
            return new EndpointCall(new Uri(address, wire.PathAndQuery), wire.Accept, wire.Headers);
        }
    }

    private static readonly EndpointApi NoApi = new(Capabilities.None, [], null!, null!); // Never called: no call needs nothing.

    // An administrator may take abilities away from a model, never from the wire.
    private static Capabilities Allowed(ModelEndpointConfig config, Capabilities carries)
    {
        if (config.Capabilities.IsEmpty) return carries;
        var own = Capabilities.Text | CapabilityNames.WireFields;
        foreach (var name in config.Capabilities) own |= CapabilityNames.Parse(name);
        return own & carries;
    }

    private FeatureRoute Route(FeatureConfig feature, FrozenDictionary<string, ModelEndpoint> endpoints, FeatureMemory memory) => new(seed ^ (ulong)feature.Name.Length)
    {
        Name = feature.Name,
        Lane = feature.Lane,
        FirstToken = TimeSpan.FromMilliseconds(feature.FirstTokenMs),
        Idle = Idle(feature),
        Total = TimeSpan.FromMilliseconds(feature.TotalMs),
        MaxAttempts = feature.MaxAttempts,
        Delivery = feature.Delivery,
        FailOverOnContentFilter = feature.FailOverOnContentFilter,
        Selection = feature.Selection,
        Affinity = feature.Affinity,
        WarmPercent = feature.WarmPercent,
        Residency = feature.Residency,
        MaxCostMicros = feature.MaxCostMicros,
        Memory = memory,
        MonthlyBudget = Budget(feature, memory),
        HedgePercent = feature.HedgePercent,
        ShadowPercent = feature.ShadowPercent,
        Shadows = feature.ShadowPercent == 0 ? [] : [.. feature.Candidates.Where(c => c.IsShadow).Select(c => Shadow(feature, endpoints[c.ModelEndpoint], memory))],
        Candidates = [.. feature.Candidates.Where(c => !c.IsShadow).OrderBy(c => c.Tier).Select(c => new Candidate(endpoints[c.ModelEndpoint], c.Tier, c.Weight, c.Role))],
    };

    /// <summary>The feature as its copies meet it: its limits, and nothing that is done to rescue an answer.</summary>
    private FeatureRoute Shadow(FeatureConfig feature, ModelEndpoint endpoint, FeatureMemory memory) => new(seed)
    {
        Name = feature.Name,
        FirstToken = TimeSpan.FromMilliseconds(feature.FirstTokenMs),
        Idle = Idle(feature),
        Total = TimeSpan.FromMilliseconds(feature.TotalMs),
        MaxAttempts = 1,
        FailOverOnContentFilter = feature.FailOverOnContentFilter, // Rescues nothing here; but what the feature takes for no answer is none of its shadow's.
        Residency = feature.Residency,
        MaxCostMicros = feature.MaxCostMicros,
        MonthlyBudget = Budget(feature, memory), // One purse: copies are paid for too.
        IsShadow = true,
        Candidates = [new Candidate(endpoint, Tier: 1, Weight: 100, CandidateRole.Shadow)],
    };

    private static TimeSpan Idle(FeatureConfig feature) => TimeSpan.FromMilliseconds(feature.IdleMs == 0 ? feature.FirstTokenMs : feature.IdleMs);

    // A budget that only warns is the control plane's matter.
    private FeatureBudget? Budget(FeatureConfig feature, FeatureMemory memory) => feature.BudgetMicros > 0 && feature.BudgetAction == BudgetAction.Stop
        ? new FeatureBudget(feature.BudgetMicros, memory.SpendIn(feature.BudgetCurrency), health, leases)
        : null;

    private static FrozenDictionary<KeyHash, CallerBinding> Callers(
        RoutingSnapshot snapshot, EdgeOverlay overlay, FrozenDictionary<string, FeatureRoute> features)
    {
        var revoked = overlay.RevokedKeys.Select(KeyHash.Parse).ToHashSet();
        var callers = new Dictionary<KeyHash, CallerBinding>();
        foreach (var caller in snapshot.Callers)
        {
            var allowed = caller.Features.AsSpan().Contains("*")
                ? features
                : features.Where(f => caller.Features.AsSpan().Contains(f.Key)).ToFrozenDictionary(StringComparer.Ordinal);
            foreach (var key in caller.Keys)
            {
                var hash = KeyHash.Parse(key.Sha256);
                if (!revoked.Contains(hash)) callers[hash] = new CallerBinding(caller.Id, allowed, key.ExpiresAt);
            }
        }

        return callers.ToFrozenDictionary();
    }
}
