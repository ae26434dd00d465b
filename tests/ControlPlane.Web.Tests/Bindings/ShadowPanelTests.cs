using System.Collections.Immutable;
using AngleSharp.Dom;
using ControlPlane.Web.Bindings;
using ControlPlane.Web.ModelEndpoints;
using ControlPlane.Web.Tests.Ui;
using ControlPlane.Web.Ui;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Tests.Bindings;

public sealed class ShadowPanelTests
{
    private static readonly CandidateForm Primary = new() { ModelEndpoint = "nova", Weight = 100 };
    private static readonly CandidateForm Shadow = new() { ModelEndpoint = "gpt", Role = CandidateRole.Shadow, Tier = 2, Weight = 100 };

    [Fact]
    public async Task Panel_NoShadow_SaysWhatToDo()
    {
        IElement panel = await PanelAsync(new BindingForm { Candidates = [Primary] }, Outlook(null));
        Assert.Contains("give it the role Shadow", panel.TextContent, StringComparison.Ordinal);
        Assert.Empty(panel.QuerySelectorAll("table"));
    }

    [Fact]
    public async Task Panel_NoCopyYet_SaysHowTheFirstOneComes()
    {
        IElement panel = await PanelAsync(new BindingForm { Candidates = [Primary, Shadow], ShadowPercent = 5 }, Outlook(null));
        Assert.Contains("no copy yet", panel.QuerySelector("[data-testid=shadow-figures]")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("publish with a share above 0", panel.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Panel_Copies_StandBesideThePrimaryWithUnitsOnEveryFigure()
    {
        IElement panel = await PanelAsync(new BindingForm { Candidates = [Primary, Shadow], ShadowPercent = 5 }, Outlook(new AnswersOfDay(20, 15, 800, 900, 2_000, 2_500, 100, 60, 9_000, "USD")));

        string[] primary = Cells(panel, "primary-figures"), shadow = Cells(panel, "shadow-figures");
        Assert.Equal(["40", $"100{Format.Nbsp}%", $"400{Format.Nbsp}ms / 450{Format.Nbsp}ms", $"1.00{Format.Nbsp}s / 1.20{Format.Nbsp}s", "100 / 20", "unpriced"], primary);
        Assert.Equal(["20", $"75{Format.Nbsp}%", $"800{Format.Nbsp}ms / 900{Format.Nbsp}ms", $"2.00{Format.Nbsp}s / 2.50{Format.Nbsp}s", "100 / 60", Format.Money(9_000, "USD", MoneyKind.PerThousand)], shadow);
    }

    [Fact]
    public async Task CandidateTable_AShadow_HasNoTierAndNoWeightAndCountsInNoSum()
    {
        List<CandidateForm> rows = [Primary, Shadow];
        IElement table = await Rendered.PartAsync<CandidateTable>(("Rows", rows), ("Endpoints", (ImmutableArray<ModelEndpointView>)[Endpoint("nova"), Endpoint("gpt")]), ("ProblemOf", (Func<string, string?>)(_ => null)));

        Assert.Equal("adds up to 100 %", Assert.Single(table.QuerySelectorAll("[data-testid=tier-sum]")).TextContent);
        Assert.Contains("nobody gets their answers", table.QuerySelector("[data-testid=shadows]")!.TextContent, StringComparison.Ordinal);
        Assert.NotNull(table.QuerySelector("#candidate-tier-0"));
        Assert.Null(table.QuerySelector("#candidate-tier-1"));
        Assert.Equal("Shadow", table.QuerySelector("#candidate-role-1 option[selected]")!.TextContent);
    }

    private static Task<IElement> PanelAsync(BindingForm form, BindingOutlook outlook) => Rendered.PartAsync<ShadowPanel>(
        ("Form", form), ("Outlook", outlook), ("NameOf", (Func<string, string>)(id => id)), ("ProblemOf", (Func<string, string?>)(_ => null)));

    private static string[] Cells(IElement panel, string row) => [.. panel.QuerySelectorAll($"[data-testid={row}] td").Select(c => c.TextContent)];

    private static BindingOutlook Outlook(AnswersOfDay? copies) => new(1, null, 40, 40, [], 0, [], 1, new Dictionary<string, EndpointOutlook>
    {
        ["nova"] = Of("nova") with { Answers = new AnswersOfDay(40, 40, 400, 450, 1_000, 1_200, 100, 20, null, "") },
        ["gpt"] = Of("gpt") with { Copies = copies },
    }.ToImmutableDictionary());

    private static EndpointOutlook Of(string id) => new(id, BreakerView.NoTraffic, null, null, "", false, false, null);

    private static ModelEndpointView Endpoint(string id) =>
        new(id, "", "a", null, "", id, default, default, null, [], 0, 0, "", 0, 0, "", false, [], 1, DateTimeOffset.UnixEpoch, "");
}
