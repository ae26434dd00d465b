using System.Collections.Frozen;
using Routing.Core.Snapshots;

namespace Routing.Core.Pricing;

/// <summary>Effective-dated prices: what an endpoint cost at a moment, not what it costs now. Immutable.</summary>
public sealed class PriceBook
{
    public static readonly PriceBook Empty = Build([]);

    private readonly FrozenDictionary<string, PriceList> _prices;

    private PriceBook(FrozenDictionary<string, PriceList> prices) => _prices = prices;

    /// <summary>Of two prices from the same moment the later in order wins; the validator refuses them.</summary>
    public static PriceBook Build(IEnumerable<PriceConfig> prices) => new(prices
        .GroupBy(p => p.ModelEndpoint, StringComparer.Ordinal)
        .ToFrozenDictionary(g => g.Key, g => new PriceList([.. g.OrderBy(p => p.From)]), StringComparer.Ordinal));

    public PriceList Of(string endpointId) => _prices.TryGetValue(endpointId, out var prices) ? prices : PriceList.Empty;

    /// <returns>Null when the endpoint has no price at that moment: the call is unpriced, which is not free.</returns>
    public PriceConfig? Find(string endpointId, DateTimeOffset at) => Of(endpointId).At(at);
}
