using ControlPlane.Web.Ui;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Bindings;

/// <summary>How many calls are copied to shadows, and how those did against who answers.</summary>
public sealed partial class ShadowPanel
{
    [Parameter, EditorRequired] public BindingForm Form { get; set; } = null!; // required

    [Parameter] public BindingChoices? Stored { get; set; }

    /// <summary>Null until it is read, and for a new feature.</summary>
    [Parameter] public BindingOutlook? Outlook { get; set; }

    /// <summary>A model endpoint's name for people.</summary>
    [Parameter, EditorRequired] public Func<string, string> NameOf { get; set; } = null!; // required

    [Parameter, EditorRequired] public Func<string, string?> ProblemOf { get; set; } = null!; // required

    [Parameter] public EventCallback Edited { get; set; }

    [Parameter] public bool Disabled { get; set; }

    private string[] Shadows => [.. Form.Candidates.Where(c => c.IsShadow && c.ModelEndpoint.Length > 0).Select(c => c.ModelEndpoint)];

    /// <summary>The candidate most calls go to, then the shadows.</summary>
    private IEnumerable<(string Id, bool IsShadow)> Compared
    {
        get
        {
            CandidateForm? primary = Form.Candidates.Where(c => !c.IsShadow && c.ModelEndpoint.Length > 0).OrderBy(c => c.Tier).ThenByDescending(c => c.Weight).FirstOrDefault();
            return [.. primary is null ? Array.Empty<(string, bool)>() : [(primary.ModelEndpoint, false)], .. Shadows.Select(s => (s, true))];
        }
    }

    private string Foot => Shadows.Any(s => Of(s, isShadow: true) is not null)
        ? "Tokens are the mean of an answer; cost is that of 1,000 answers, failed calls included, by the prices of their time. Calls that were stopped are left out."
        : "No copy in the last 24 h. Save, publish with a share above 0, and the first ones stand here a minute after they were answered.";

    private AnswersOfDay? Of(string id, bool isShadow) => Outlook?.Endpoints.GetValueOrDefault(id) is not { } known ? null : isShadow ? known.Copies : known.Answers;

    private static string Cost(AnswersOfDay? of) => of switch
    {
        null or { Answered: 0 } => Format.Nothing,
        { PerThousand: { } micros } => Format.Money(micros, of.Currency, MoneyKind.PerThousand),
        _ => "unpriced",
    };

    private Task TellAsync() => Edited.InvokeAsync();
}
