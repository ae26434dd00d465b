using ControlPlane.Web.Ui.Charts;

namespace ControlPlane.Web.Ui.Gallery;

/// <summary>One made-up story for all gallery tabs: Bedrock us-east-1 turns slow at 14:02 and comes back by partial-open. Seeded, so that pictures compare.</summary>
internal static class GalleryData
{
    public static readonly DateTimeOffset To = new(2026, 11, 19, 14, 32, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset From = To.AddHours(-1);
    public static readonly TimeSpan Step = TimeSpan.FromMinutes(1);
    public static readonly IReadOnlyList<string> Minutes = [.. Enumerable.Range(0, 60).Select(static at => Format.Clock(From.AddMinutes(at)))];

    public static readonly IReadOnlyList<ChartAnnotation> Happenings =
    [
        new(To.AddMinutes(-34), "r412"),
        new(To.AddMinutes(-30), "tripped"),
        new(To.AddMinutes(-8), "10 %"),
    ];

    public static readonly IReadOnlyList<StateSpan> Band =
    [
        new(From, To.AddMinutes(-30), BreakerView.Closed),
        new(To.AddMinutes(-30), To.AddMinutes(-27.7), BreakerView.Partial(.01)),
        new(To.AddMinutes(-27.7), To.AddMinutes(-24.2), BreakerView.Open),
        new(To.AddMinutes(-24.2), To.AddMinutes(-22.1), BreakerView.Partial(.01)),
        new(To.AddMinutes(-22.1), To.AddMinutes(-20), BreakerView.Partial(.02)),
        new(To.AddMinutes(-20), To.AddMinutes(-17.6), BreakerView.Partial(.05)),
        new(To.AddMinutes(-17.6), To.AddMinutes(-15.2), BreakerView.Partial(.01)),
        new(To.AddMinutes(-15.2), To.AddMinutes(-12.2), BreakerView.Partial(.02)),
        new(To.AddMinutes(-12.2), To.AddMinutes(-8), BreakerView.Partial(.05)),
        new(To.AddMinutes(-8), To, BreakerView.Partial(.10)),
    ];

    /// <summary>Noise around a base with an optional hump, as latency looks on a bad day.</summary>
    public static double?[] Line(int seed, double level, double noise, double peak = 0, int peakAt = 32, double width = 5, int count = 60)
    {
        Random random = new(seed);
        double drift = 0;
        double?[] values = new double?[count];
        for (int i = 0; i < count; i++)
        {
            drift = drift * .7 + (random.NextDouble() - .5) * noise;
            double distance = (i - peakAt) / (i < peakAt ? width * .5 : width);
            values[i] = Math.Max(0, level * (1 + drift) + peak * Math.Exp(-distance * distance));
        }
        return values;
    }

    public static double?[] WithGap(double?[] values, int from, int to)
    {
        for (int i = from; i < to; i++)
            values[i] = null;
        return values;
    }

    public static IReadOnlyList<MatrixRow> Matrix() =>
    [
        new("Bedrock", "77.7 /s",
        [
            new() { State = BreakerView.Partial(.1), Place = "us-east-1 · 12 endpoints", Href = "#", Rate = 4.1, P50 = 640, P90 = 2310, OverLimit = true, ErrorRatio = .019, Spark = Line(1, 900, .06, 2000), Selected = true },
            Closed("us-west-2", 46.2, 410, 890, .002, 2),
            Closed("eu-west-1", 18, 455, 960, .001, 3),
            Closed("ap-northeast-1", 9.4, 520, 1120, .003, 4),
        ]),
        new("Vertex AI", "67.1 /s",
        [
            Closed("us-east5", 38.7, 350, 780, .001, 5),
            new() { State = BreakerView.NoTraffic, Place = "us-west1", Instead = "no requests in 1 h" },
            Closed("europe-west4", 21.3, 380, 820, .001, 6),
            Closed("asia-northeast1", 7.1, 470, 1010, .002, 7),
        ]),
        new("Azure OpenAI", "60.3 /s",
        [
            new() { State = BreakerView.Quota(.96), Place = "eastus2", Href = "#", Rate = 31, P50 = 430, P90 = 1050, ErrorRatio = .062, Spark = Line(8, 1000, .08) },
            Closed("westus3", 12.8, 445, 930, .001, 9),
            new() { State = BreakerView.Open, Place = "swedencentral", Href = "#", Rate = 0, P50 = 470, P90 = 2985, OverLimit = true, ErrorRatio = .412, Spark = WithGap(Line(10, 900, .08, 2400, 40), 50, 60) },
            new() { State = BreakerView.Isolated, Place = "japaneast", Instead = "M. Ito, until 15:10" },
        ]),
        new("Anthropic", "11.9 /s", [Closed("global · direct API", 11.9, 610, 1240, .002, 11) with { Span = 4 }]),
        new("Self-hosted", "6.3 /s",
        [
            Closed("dc1-us-east · OpenAI-compatible", 6.3, 220, 510, 0, 12), null,
            new() { State = BreakerView.NotEnough(7, 50), Place = "dc3-fra", Href = "#", Rate = .4, P50 = 240, P90 = 540, ErrorRatio = 0, Spark = WithGap(Line(13, 500, .1), 20, 34) }, null,
        ]),
    ];

    private static MatrixCellView Closed(string place, double rate, double p50, double p90, double errors, int seed) =>
        new() { State = BreakerView.Closed, Place = place, Href = "#", Rate = rate, P50 = p50, P90 = p90, ErrorRatio = errors, Spark = Line(seed, p90, .07) };
}
