namespace Routing.Core.Budgets;

/// <summary>What one edge has spent on a feature, month by month, in one currency. Goes on from table to table. Lock-free.</summary>
public sealed class FeatureSpend(string currency)
{
    // This month, the one before, whose last calls are still under way, and two that a clock may have wandered into.
    private const int MostMonths = 4;

    private MonthSpend[] _months = [];

    public string Currency { get; } = currency;

    /// <summary>Micro-units counted in a month.</summary>
    public long Spent(int month) => Find(month)?.Spent ?? 0;

    /// <summary>Micro-units set aside for calls under way.</summary>
    public long Reserved(int month) => Find(month) is { } known ? known.Used - known.Spent : 0;

    public long? UpTo(int month) => Find(month)?.UpTo;

    /// <inheritdoc cref="MonthSpend.IsWholeSpent"/>
    public bool? IsWholeSpent(int month) => Find(month)?.IsWholeSpent;

    /// <inheritdoc cref="MonthSpend.Hear"/>
    public void Hear(int month, long spent, long? upTo, bool? isWholeSpent = null) => Of(month).Hear(spent, upTo, isWholeSpent);

    internal MonthSpend Of(int month)
    {
        while (true)
        {
            var months = Volatile.Read(ref _months);
            if (Find(months, month) is { } known) return known;
            MonthSpend[] more = [new MonthSpend(month), .. months.AsSpan(0, Math.Min(months.Length, MostMonths - 1))];
            Interlocked.CompareExchange(ref _months, more, months);
        }
    }

    internal MonthSpend? Find(int month) => Find(Volatile.Read(ref _months), month);

    private static MonthSpend? Find(MonthSpend[] months, int month)
    {
        foreach (var known in months)
        {
            if (known.Month == month) return known;
        }

        return null;
    }
}
