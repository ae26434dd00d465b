using Routing.Core.Budgets;
using Routing.Core.Dispatch;
using Routing.Core.Dispatch.Choice;
using Routing.Core.Llm;

namespace Routing.Core.Tables;

/// <summary>What an edge has learned of a feature from its answers, and counts of its calls; goes on from table to table. Thread-safe, without locks.</summary>
public sealed class FeatureMemory
{
    // Weight of the newest answer: the last few dozen tell.
    private const int Smoothing = 32;
    private const int Fraction = 16;

    private CacheHolders? _holders;
    private FeatureSpend? _spend;
    private int _meanAnswer;
    private long _calls;
    private ulong _draws;
    private ulong _shadowDraws;

    /// <summary>Tokens of an answer in the mean of late; 0 = none has come yet.</summary>
    public int MeanAnswer => (Volatile.Read(ref _meanAnswer) + Fraction - 1) / Fraction;

    /// <summary>Made with the first call that asks: most features never do.</summary>
    internal CacheHolders Holders => Volatile.Read(ref _holders) ?? Interlocked.CompareExchange(ref _holders, new CacheHolders(), null) ?? _holders;

    internal RetryBudget Retries { get; } = new();
    internal Looks Looks { get; } = new();

    /// <summary>Calls of which a share keeps backups warm; a feature whose table is replaced often would else never come to its turn.</summary>
    internal ref long Calls => ref _calls;

    /// <summary>Of the row by which the weights choose: begun anew with each table, it would give its first few draws again and again.</summary>
    internal ref ulong Draws => ref _draws;

    /// <summary>Of the row by which a share of the calls is copied; as <see cref="Calls"/>, it goes on from table to table.</summary>
    internal ref ulong ShadowDraws => ref _shadowDraws;

    /// <summary>For the compiler, one at a time. In another currency nothing has been spent yet.</summary>
    internal FeatureSpend SpendIn(string currency) => _spend is { } known && known.Currency == currency ? known : _spend = new FeatureSpend(currency);

    /// <summary>Of two answers that come at the same instant one may be forgotten.</summary>
    public void Answered(in TokenUsage usage)
    {
        if (usage.Source == UsageSource.None || usage.OutputTotal <= 0) return;
        var (mean, answer) = (Volatile.Read(ref _meanAnswer), (int)Math.Min(usage.OutputTotal, int.MaxValue / Fraction) * Fraction);
        Volatile.Write(ref _meanAnswer, mean == 0 ? answer : Math.Max(1, mean + ((answer - mean) / Smoothing)));
    }
}
