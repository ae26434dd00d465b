using ControlPlane.Web.Budgets;
using ControlPlane.Web.Ui;
using Microsoft.AspNetCore.Components;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Bindings;

/// <summary>What the edit changes for those who call the feature: live and draft side by side, and how far it reaches.</summary>
public sealed partial class ImpactPanel
{
    private const double Worth = 0.02;
    private const int CallersNamed = 4;

    private BindingImpact _impact = new(null, null, "", null);

    /// <summary>Null until it is read.</summary>
    [Parameter, EditorRequired] public BindingOutlook? Outlook { get; set; }

    [Parameter, EditorRequired] public BindingForm Form { get; set; } = null!; // required

    /// <summary>A model endpoint's name for people.</summary>
    [Parameter, EditorRequired] public Func<string, string> NameOf { get; set; } = null!; // required

    private string Spent => Outlook is not { } known ? Format.Nothing
        : known.SpendLastDay.IsEmpty ? known.UnpricedLastDay > 0 ? "spend unknown, its calls have no price" : "nothing spent"
        : string.Join(" + ", known.SpendLastDay.Select(s => Format.Money(s.Micros, s.Currency))) + " spent" + (known.UnpricedLastDay > 0 ? $" and {Count(known.UnpricedLastDay, "unpriced call")}" : "");

    private string? Already => Outlook?.Month?.Against(Form.BudgetMicros, Form.BudgetCurrency, Form.BudgetAction) is { } state ? BudgetWords.Already(state) : null;

    private string Callers => Outlook is not { Callers: { Length: > 0 } callers } ? "No caller may ask for it yet."
        : $"{Count(callers.Length, "caller")} may ask for it: {string.Join(", ", callers.Take(CallersNamed))}{(callers.Length > CallersNamed ? $" and {callers.Length - CallersNamed} more" : "")}.";

    protected override void OnParametersSet()
    {
        if (Outlook is null) return;
        CandidateConfig[] draft = [.. Form.Candidates.Select(c => new CandidateConfig { ModelEndpoint = c.ModelEndpoint, Tier = c.Tier, Weight = c.Weight, Role = c.Role })];
        _impact = BindingImpact.Of(draft, Form.ShadowPercent, Outlook, NameOf);
    }

    private static string Count(long count, string word) => $"{Format.CountExact(count)} {word}{(count == 1 ? "" : "s")}";

    private static string Money(Expectation? of) => of?.PerThousand is { } micros ? Format.Money(micros, of.Currency, MoneyKind.PerThousand) : Format.Nothing;

    // Less is better for all of them; a difference nobody would notice has no colour.
    private static string? Tone(long? live, long? draft) =>
        live is not { } before || draft is not { } after || Math.Abs(after - before) <= Worth * before ? null : after < before ? "good" : "warn";
}
