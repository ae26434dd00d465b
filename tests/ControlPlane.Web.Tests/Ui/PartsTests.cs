using AngleSharp.Dom;
using ControlPlane.Web.Ui;
using ControlPlane.Web.Ui.Charts;

namespace ControlPlane.Web.Tests.Ui;

public sealed class PartsTests
{
    public static TheoryData<BreakerView, string, string> States => new()
    {
        { BreakerView.Closed, "Closed", "is-closed" },
        { BreakerView.Partial(.1), "Partial 10 %", "is-partial" },
        { BreakerView.Open, "Open", "is-open" },
        { BreakerView.Isolated, "Isolated", "is-isolated" },
        { BreakerView.Quota(.96), "Quota 96 %", "is-quota" },
        { BreakerView.NoTraffic, "No traffic", "is-nodata" },
        { BreakerView.NotEnough(7, 50), "7 of 50 samples", "is-nodata" },
    };

    [Theory]
    [MemberData(nameof(States))]
    public async Task StateChip_InEachState_HasIconWordAndClass(BreakerView state, string word, string css)
    {
        IElement part = await Rendered.PartAsync<StateChip>(("State", state));
        IElement chip = part.QuerySelector("span")!;
        Assert.Equal(word, Plain(chip));
        Assert.True(chip.ClassList.Contains(css));
        Assert.Equal("true", chip.QuerySelector("svg")!.GetAttribute("aria-hidden"));
        Assert.NotEmpty(chip.QuerySelector("svg")!.Children);
    }

    [Fact]
    public async Task KpiTile_WithoutFigure_ShowsADashAndNotZero()
    {
        IElement part = await Rendered.PartAsync<KpiTile>(("Label", "Spend rate"), ("Figure", null), ("Unit", "/h"));
        Assert.Equal("– /h", Plain(part.QuerySelector("dd")!));
    }

    [Fact]
    public async Task Matrix_Rendered_IsAGridWithOneTabStopAndSpokenCells()
    {
        MatrixCellView cell = new() { State = BreakerView.Partial(.1), Place = "us-east-1", Href = "/x", P50 = 640, P90 = 2310, ErrorRatio = .019, Rate = 4.1 };
        MatrixRow[] rows = [new("Bedrock", null, [null, cell, cell with { Place = "us-west-2" }])];
        IElement part = await Rendered.PartAsync<MatrixGrid>(("Label", "States"), ("Corner", "Provider"), ("Columns", new[] { "a", "b", "c" }), ("Rows", rows));
        Assert.Equal(2, part.QuerySelectorAll("[role=grid] > [role=row]").Length);
        Assert.Equal(4, part.QuerySelectorAll("[role=columnheader]").Length);
        Assert.Equal(3, part.QuerySelectorAll("[role=gridcell]").Length);
        IElement stop = Assert.Single(part.QuerySelectorAll("[tabindex='0']"));
        Assert.Equal("1", stop.GetAttribute("data-column"));
        Assert.Equal("Bedrock us-east-1, partially open 10 per cent, TTFT p90 2,310 milliseconds, errors 1.9 per cent, 4.1 requests per second", stop.QuerySelector(".sr")!.TextContent);
        Assert.All(stop.Children.Skip(1), static child => Assert.Equal("true", child.GetAttribute("aria-hidden")));
    }

    [Fact]
    public async Task DiffList_ChangedValue_ReadsAsASentence()
    {
        DiffGroup[] groups = [new("thread-summary", "binding", [new(DiffSign.Change, "First token by", "1,500 ms", "1,200 ms", "override")])];
        IElement part = await Rendered.PartAsync<DiffList>(("Groups", groups));
        Assert.Equal("Changed: First token by 1,500 ms 1,200 ms", Plain(part.QuerySelector("li > span:nth-child(2)")!));
        Assert.Equal("1,500 ms", part.QuerySelector("del")!.TextContent);
        Assert.Equal("override", part.QuerySelector(".effect")!.TextContent);
    }

    [Fact]
    public async Task ProblemList_Items_SayTheirLevelPathAndFix()
    {
        ProblemItem[] items = [new(ProblemLevel.Error, "Weight is 101; at most 100.", "candidates[0].weight", "Use 100 %", "/fix")];
        IElement part = await Rendered.PartAsync<ProblemList>(("Items", items));
        Assert.Equal("Error: Weight is 101; at most 100. candidates[0].weight", Plain(part.QuerySelector("li > span")!));
        Assert.Equal("/fix", part.QuerySelector("a")!.GetAttribute("href"));
    }

    [Fact]
    public async Task ProblemList_TypedMarkup_IsShownAsText()
    {
        ProblemItem[] items = [new(ProblemLevel.Error, "<script>alert(1)</script>", "<b>")];
        IElement part = await Rendered.PartAsync<ProblemList>(("Items", items));
        Assert.Null(part.QuerySelector("script, li b"));
    }

    [Fact]
    public async Task ErrorState_WithReference_ShowsItWithoutRetry()
    {
        IElement part = await Rendered.PartAsync<ErrorState>(("Reference", "7f3a-19c2"), ("Text", Rendered.Text("Nothing was changed.")));
        Assert.Equal("Nothing was changed. Reference 7f3a-19c2.", Plain(part.QuerySelector(".state-text")!));
        Assert.Null(part.QuerySelector("button"));
    }

    [Fact]
    public async Task MoneyText_WithoutPrice_IsUnpricedAndNotFree()
    {
        IElement part = await Rendered.PartAsync<MoneyText>(("MicroUnits", null), ("Confidence", Confidence.Unpriced));
        Assert.Equal("– Unpriced", Plain(part));
    }

    [Fact]
    public async Task TimeRangePicker_OtherQueryValues_Stay()
    {
        IElement part = await Rendered.PartAsync<TimeRangePicker>(("Value", TimeRange.Parse("now-6h")));
        string[] expected = ["/cost?group=model&from=now-15m", "/cost?group=model", "/cost?group=model&from=now-6h", "/cost?group=model&from=now-24h", "/cost?group=model&from=now-7d"];
        Assert.Equal(expected, part.QuerySelectorAll("a").Select(static link => link.GetAttribute("href")), StringComparer.Ordinal);
        Assert.Equal("Last 6 h", Plain(part.QuerySelector("[aria-current]")!));
    }

    [Fact]
    public async Task TimeChart_OnTheServer_DrawsAPreviewAndSaysItsSentence()
    {
        ChartSeries[] series = [new("p50", 1, [100, 120, null], SeriesStroke.P50), new("p90", 1, [300, 340, 320], SeriesStroke.P90)];
        IElement part = await Rendered.PartAsync<TimeSeriesChart>(("Title", "Time to first token"), ("Start", DateTimeOffset.UnixEpoch), ("Step", TimeSpan.FromMinutes(1)), ("Series", series), ("Unit", ChartUnit.Milliseconds));
        Assert.Equal(2, part.QuerySelectorAll("svg.preview path.ln").Length);
        Assert.StartsWith("Time to first token. p90 ran from 300 ms to 340 ms", Plain(part.QuerySelector("[role=img]")!.GetAttribute("aria-label")!), StringComparison.Ordinal);
        Assert.Equal("Time to first token as a table", part.QuerySelector("button")!.GetAttribute("aria-label"));
    }

    [Fact]
    public async Task TimeChart_WithoutData_IsHatchedAndNotEmptyAxes()
    {
        IElement part = await Rendered.PartAsync<TimeSeriesChart>(("Title", "Requests"), ("Start", DateTimeOffset.UnixEpoch), ("Step", TimeSpan.FromMinutes(1)), ("Series", new[] { new ChartSeries("all", 1, new double?[60]) }), ("Unit", ChartUnit.PerSecond));
        Assert.NotNull(part.QuerySelector(".hatch"));
        Assert.Null(part.QuerySelector("[role=img]"));
    }

    [Fact]
    public async Task StateBand_Rendered_IsOneImageWithItsStory()
    {
        DateTimeOffset from = new(2026, 11, 19, 13, 32, 0, TimeSpan.Zero);
        StateSpan[] spans = [new(from, from.AddMinutes(30), BreakerView.Closed), new(from.AddMinutes(30), from.AddHours(1), BreakerView.Open)];
        IElement part = await Rendered.PartAsync<StateBand>(("Spans", spans), ("From", from), ("To", from.AddHours(1)));
        Assert.Equal("Closed until 14:02, since 14:02 open.", part.QuerySelector("svg[role=img]")!.GetAttribute("aria-label"));
        Assert.Equal("50%", part.QuerySelector("rect.f-open")!.GetAttribute("width"));
    }

    [Fact]
    public async Task SecretOnce_Rendered_CopiesItsOwnValue()
    {
        IElement part = await Rendered.PartAsync<SecretOnce>(("Label", "Key of web-client"), ("Value", "rk_live_1"));
        Assert.Equal("rk_live_1", part.QuerySelector("#" + part.QuerySelector("button")!.GetAttribute("data-copy"))!.TextContent);
    }

    [Fact]
    public async Task AgeText_Never_HasNoMoment() => Assert.Equal("never", Plain(await Rendered.PartAsync<AgeText>(("At", null))));

    private static string Plain(IElement element) => Plain(element.TextContent);

    private static string Plain(string text) => string.Join(' ', text.Split([' ', '\n', '\r', '\t', '\u00A0'], StringSplitOptions.RemoveEmptyEntries));
}
