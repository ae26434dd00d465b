using Routing.Core.Snapshots;

namespace Routing.Core.Pricing;

/// <summary>What one model endpoint costs, and from when on. Immutable.</summary>
/// <param name="prices">Ascending by <see cref="PriceConfig.From"/>.</param>
public sealed class PriceList(PriceConfig[] prices)
{
    public static readonly PriceList Empty = new([]);

    /// <returns>Null when there is no price at that moment: the call is unpriced, which is not free.</returns>
    public PriceConfig? At(DateTimeOffset moment)
    {
        var (low, high) = (0, prices.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (prices[middle].From <= moment) low = middle + 1;
            else high = middle;
        }
        return low == 0 ? null : prices[low - 1];
    }
}
