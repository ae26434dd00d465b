using ControlPlane.Web.Ui.Charts;

namespace ControlPlane.Web.Ui.Gallery;

public sealed partial class GalleryEndpoint
{
    private static readonly TimeSpan[] _ends = [TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1), TimeSpan.FromHours(4)];

    private readonly IReadOnlyList<ChartSeries> _ttft =
    [
        new("p50", 1, GalleryData.Line(21, 520, .08, 500, 33, 7), SeriesStroke.P50),
        new("p90", 1, GalleryData.Line(22, 1100, .08, 1850, 33, 4), SeriesStroke.P90),
        new("p99", 1, GalleryData.WithGap(GalleryData.Line(23, 1650, .1, 2000, 35, 9), 12, 15), SeriesStroke.P99),
    ];

    private readonly IReadOnlyList<ChartSeries> _errors =
    [
        new("5xx", 4, GalleryData.Line(24, .004, .5, .032, 30, 4)),
        new("429", 2, GalleryData.Line(25, .002, .5, .009, 33, 7)),
        new("Timeout", 8, GalleryData.Line(26, .0008, .9, .012, 38, 5)),
    ];

    private readonly IReadOnlyList<ChartSeries> _total =
    [
        new("p50", 3, GalleryData.Line(27, 4200, .06, 1700, 33, 6), SeriesStroke.P50),
        new("p90", 3, GalleryData.Line(28, 8000, .08, 7200, 33, 5), SeriesStroke.P90),
    ];

    private readonly IReadOnlyList<ChartSeries> _spend =
    [
        new("Primary", 1, [.. GalleryData.Line(29, 600_000, .06).Select(static (value, at) => at < 30 ? value : value * .06)], Area: true),
        new("Retry and probe", 6, GalleryData.Line(30, 22_000, .2), Area: true),
    ];

    private readonly IReadOnlyList<SmallChart> _small =
    [
        .. Enumerable.Range(0, 8).Select(static at => new SmallChart($"model-{at + 1}", Format.Latency(800 + at * 110), GalleryData.Line(40 + at, 800 + at * 110, .1, at == 2 ? 1500 : 0))
        {
            Limit = 1800, Note = "limit 1.80 s", Sentence = "p90 over the hour", Hue = 1,
        }),
    ];

    private ConfirmDialog? _isolate;
    private ConfirmDialog? _close;
    private string? _decision;

    private async Task IsolateAsync()
    {
        Confirmation? given = await _isolate!.AskAsync(); // rendered above the button's first click
        _decision = given is null ? "Left as it is." : $"Isolated for {Format.Duration(given.Duration ?? TimeSpan.Zero)}: {given.Reason}";
    }

    private async Task CloseAsync()
    {
        Confirmation? given = await _close!.AskAsync(); // rendered above the button's first click
        _decision = given is null ? "Left as it is." : "Closed.";
    }
}
