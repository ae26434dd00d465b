namespace ControlPlane.Web.Ui.Charts;

/// <summary>One of many: title, current value, line. Any number fits on a page.</summary>
public sealed record SmallChart(string Title, string Now, IReadOnlyList<double?> Values)
{
    /// <summary>What a reader hears.</summary>
    public string Sentence { get; init; } = "";

    public string? Href { get; init; }

    public double? Limit { get; init; }

    /// <summary>Muted, below: "limit 1.80 s".</summary>
    public string? Note { get; init; }

    public int Hue { get; init; } = 1;
}
