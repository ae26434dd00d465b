using System.Collections.Frozen;
using Routing.Core.Snapshots;

namespace Routing.Core.Pricing;

/// <summary>Effective-dated prices: what an endpoint cost at a moment, not what it costs now. Immutable.</summary>
public sealed class PriceBook
{
    public static readonly PriceBook Empty = Build([]);

    // Ascending by From.
    private readonly FrozenDictionary<string, PriceConfig[]> _prices;

    private PriceBook(FrozenDictionary<string, PriceConfig[]> prices) => _prices = prices;

    /// <summary>Of two prices from the same moment the later in order wins; the validator refuses them.</summary>
    public static PriceBook Build(IEnumerable<PriceConfig> prices) => new(prices
        .GroupBy(p => p.ModelEndpoint, StringComparer.Ordinal)
        .ToFrozenDictionary(g => g.Key, g => g.OrderBy(p => p.From).ToArray(), StringComparer.Ordinal));

    /// <returns>Null when the endpoint has no price at that moment: the call is unpriced, which is not free.</returns>
    public PriceConfig? Find(string endpointId, DateTimeOffset at)
    {
        if (!_prices.TryGetValue(endpointId, out var prices)) return null;
        var (low, high) = (0, prices.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (prices[middle].From <= at) low = middle + 1;
            else high = middle;
        }
        return low == 0 ? null : prices[low - 1];
    }
}
