namespace Routing.Core.Snapshots.Validation;

internal static class PriceRules
{
    /// <summary>One unit of currency per token, in micro-units per million tokens. A hundred times the dearest model; a wrong decimal point lies above it.</summary>
    private const long MaxPrice = 1_000_000_000_000;

    private static readonly DateTimeOffset Earliest = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static void Check(SnapshotIndex index, ProblemList problems)
    {
        var seen = new Dictionary<(string, DateTimeOffset), int>();
        var currencies = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < index.Prices.Length; i++)
        {
            var path = $"prices[{i}]";
            if (index.Prices[i] is not { } price)
            {
                problems.Add(path, "item_missing", $"Entry {i} is null. Remove it.");
                continue;
            }
            var endpoint = price.ModelEndpoint ?? "";
            if (!index.ModelEndpointsById.ContainsKey(endpoint))
            {
                problems.Add($"{path}.modelEndpoint", "reference_dangling", $"Model endpoint '{ProblemList.Shown(endpoint)}' does not exist. Remove the price, or add the model endpoint.");
            }
            else if (!seen.TryAdd((endpoint, price.From), i))
            {
                problems.Add($"{path}.from", "price_repeated",
                    $"{endpoint} already has a price from {price.From.UtcDateTime:yyyy-MM-dd HH:mm} UTC in entry {seen[(endpoint, price.From)]}. Keep one.");
            }
            if (price.From < Earliest || price.From >= Latest)
            {
                problems.Add($"{path}.from", "out_of_range", $"The price begins in {price.From.Year}; between {Earliest.Year} and {Latest.Year - 1}.");
            }
            Currency(path, price, endpoint, currencies, problems);
            Amounts(path, price, problems);
        }
    }

    private static void Currency(string path, PriceConfig price, string endpoint, Dictionary<string, string> currencies, ProblemList problems)
    {
        var currency = price.Currency ?? "";
        if (problems.Currency($"{path}.currency", currency) && !currencies.TryAdd(endpoint, currency) && currencies[endpoint] != currency)
        {
            problems.Warn($"{path}.currency", "currency_mixed", $"{ProblemList.Shown(endpoint)} is priced in {currencies[endpoint]} and in {currency}. Amounts of two currencies are never added.");
        }
    }

    private static void Amounts(string path, PriceConfig price, ProblemList problems)
    {
        const string unit = "micro-units per million tokens";
        problems.Range($"{path}.input", "Input price", price.Input, 0, MaxPrice, unit);
        problems.Range($"{path}.output", "Output price", price.Output, 0, MaxPrice, unit);
        problems.Range($"{path}.cacheRead", "Cache-read price", price.CacheRead ?? 0, 0, MaxPrice, unit);
        problems.Range($"{path}.cacheWrite", "Cache-write price", price.CacheWrite ?? 0, 0, MaxPrice, unit);
    }
}
