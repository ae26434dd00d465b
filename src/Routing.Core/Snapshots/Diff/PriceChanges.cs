using Routing.Core.Snapshots.Validation;

namespace Routing.Core.Snapshots.Diff;

internal static class PriceChanges
{
    public static void Find(SnapshotIndex before, SnapshotIndex after, ChangeList changes)
    {
        foreach (var (_, old, now) in Pairs.Of(before.Prices, after.Prices, Key))
        {
            if ((now ?? old) is not { } price) continue;
            var endpoint = new Subject("price", "prices", price.ModelEndpoint ?? "");
            var from = Spoken.Moment(price.From);
            if (old is null) changes.Added(endpoint, "", $"from {from}, input costs {Input(price)} and output {Output(price)} per million tokens", Both(price));
            else if (now is null) changes.Removed(endpoint, "", $"the price from {from} is removed; it was {Input(price)} for input and {Output(price)} for output", Both(price));
            else Amounts(endpoint, from, old, now, changes);
        }
    }

    private static void Amounts(Subject endpoint, string from, PriceConfig old, PriceConfig now, ChangeList changes)
    {
        changes.Value(endpoint, "input", $"input price per million tokens from {from}", Input(old), Input(now));
        changes.Value(endpoint, "output", $"output price per million tokens from {from}", Output(old), Output(now));
        changes.Value(endpoint, "cacheRead", $"price of cache reads from {from}", Cache(old, old.CacheRead), Cache(now, now.CacheRead));
        changes.Value(endpoint, "cacheWrite", $"price of cache writes from {from}", Cache(old, old.CacheWrite), Cache(now, now.CacheWrite));
    }

    // Sortable, so that an endpoint's prices are listed by their moment.
    private static string? Key(PriceConfig price) => price.ModelEndpoint is null ? null : ChangeList.Say($"{price.ModelEndpoint}\n{price.From.UtcTicks:D20}");

    private static string Input(PriceConfig price) => Spoken.Price(price.Input, price.Currency);

    private static string Output(PriceConfig price) => Spoken.Price(price.Output, price.Currency);

    private static string Both(PriceConfig price) => $"{Input(price)} / {Output(price)}";

    private static string Cache(PriceConfig price, long? micros) => micros is { } own ? Spoken.Price(own, price.Currency) : "that of input";
}
