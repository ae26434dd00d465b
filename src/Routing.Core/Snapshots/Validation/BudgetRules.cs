namespace Routing.Core.Snapshots.Validation;

/// <summary>A feature's budget for the month, and whether its candidates' prices can be held against it.</summary>
internal static class BudgetRules
{
    // A million million micro-units are a million of the currency: a thousand times that is a slip of the hand, and far from an overflow.
    private const long MaxBudgetMicros = 1_000_000_000_000_000;

    public static void Check(string path, FeatureConfig feature, SnapshotIndex index, ProblemList problems)
    {
        problems.Range($"{path}.budgetMicros", "Budget of a month", feature.BudgetMicros, 0, MaxBudgetMicros, "micro-units");
        problems.Defined($"{path}.budgetAction", "What a used-up budget does", feature.BudgetAction);
        if (!problems.Currency($"{path}.budgetCurrency", feature.BudgetCurrency) || feature.BudgetMicros <= 0) return;
        foreach (var candidate in SnapshotIndex.Items(feature.Candidates))
        {
            if (index.ModelEndpointsById.GetValueOrDefault(candidate?.ModelEndpoint ?? "") is { } endpoint) Candidate(path, feature, endpoint.Id, index, problems);
        }
    }

    /// <summary>A forgotten price must not take a feature down, so it is no error; but nobody may believe that such calls are counted.</summary>
    private static void Candidate(string path, FeatureConfig feature, string endpoint, SnapshotIndex index, ProblemList problems)
    {
        // Its last price: earlier ones end.
        var price = index.Prices.OfType<PriceConfig>().Where(p => p.ModelEndpoint == endpoint).MaxBy(p => p.From);
        if (price is null)
        {
            problems.Warn($"{path}.budgetMicros", "budget_unpriced", $"{endpoint} has no price, so what its calls cost is not counted against the budget. Add a price.");
        }
        else if (price.Currency != feature.BudgetCurrency)
        {
            problems.Add($"{path}.budgetCurrency", "budget_currency",
                $"{endpoint} is priced in {ProblemList.Shown(price.Currency)}, the budget is in {ProblemList.Shown(feature.BudgetCurrency)}: amounts of two currencies are never added. Set the budget in the currency of the prices, or price the endpoint in its own.");
        }
    }
}
