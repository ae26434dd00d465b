using ControlPlane.Web.Ui;
using Routing.Core.Budgets;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Budgets;

/// <summary>How a budget's state is said.</summary>
internal static class BudgetWords
{
    /// <summary>From here on it is shown as nearly used up.</summary>
    private const double Near = 0.8;

    public static Tone ToneOf(BudgetState state) => state switch
    {
        { IsStopped: true } => Tone.Bad,
        { IsSpent: true } or { ReachedAt: not null } => Tone.Warn,
        { Share: >= Near } => Tone.Warn,
        _ => Tone.None,
    };

    /// <summary>In two or three words, for a tag.</summary>
    public static string Tag(BudgetState state) => state switch
    {
        { IsStopped: true } => "calls refused",
        { IsSpent: true } => "over budget",
        { ReachedAt: { } at } => $"reached about {Format.Day(at)}",
        { Pace: null } => "too early to forecast",
        _ => "lasts the month",
    };

    /// <summary>"$12.40 of $100".</summary>
    public static string Spent(BudgetState state) => $"{Format.Money(state.SpentMicros, state.Budget.Currency)} of {Format.Money(state.Budget.Micros, state.Budget.Currency)}";

    /// <summary>Of a budget that is to be published: that it would stop everything at once. Null when it would not.</summary>
    public static string? Already(BudgetState state) => !state.IsStopped ? null
        : $"Already spent {Spent(state)}: all calls will be refused until {Format.Day(state.Ends)}.";

    public static string Then(BudgetAction action) => action == BudgetAction.Stop ? "calls are refused" : "calls are answered";

    /// <summary>Whatever the sum does not hold; empty when it holds all.</summary>
    public static string NotCounted(BudgetState state)
    {
        List<string> parts = [];
        if (state.Unpriced > 0) parts.Add($"{Format.Count(state.Unpriced)} attempts without a price");
        if (state.OtherCurrencies.Length > 0) parts.Add($"what was paid in {state.OtherCurrencies}");
        return parts.Count == 0 ? "" : $"not counted: {string.Join(" and ", parts)}";
    }

    /// <summary>For the headline: whose calls are refused, why, until when. Null when nobody's are.</summary>
    public static string? Stopped(IEnumerable<BudgetState> states)
    {
        BudgetState[] stopped = [.. states.Where(s => s.IsStopped)];
        if (stopped.Length == 0) return null;
        string others = stopped.Length == 1 ? "" : $" and {stopped.Length - 1} more";
        return $"Calls of {stopped[0].Feature}{others} are refused: {(stopped.Length == 1 ? "its budget" : "their budgets")} for {BudgetMonth.Name(stopped[0].Month)} {(stopped.Length == 1 ? "is" : "are")} spent. Raise {(stopped.Length == 1 ? "it" : "them")} on the feature's page and publish, or wait until {Format.Day(stopped[0].Ends)}.";
    }
}
