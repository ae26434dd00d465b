namespace ControlPlane.Web.Ui;

/// <summary>One row of a <see cref="MatrixGrid"/>: a provider, a model, a feature; a null cell stays empty.</summary>
public sealed record MatrixRow(string Name, string? Note, IReadOnlyList<MatrixCellView?> Cells);

/// <summary>What one cell shows. Latencies in milliseconds, rate per second, errors as a ratio.</summary>
public sealed record MatrixCellView
{
    public required BreakerView State { get; init; }

    /// <summary>Region as the provider writes it, and what else names the place.</summary>
    public required string Place { get; init; }

    /// <summary>Where the cell leads; without one it cannot be opened.</summary>
    public string? Href { get; init; }

    public double? Rate { get; init; }

    public double? P50 { get; init; }

    public double? P90 { get; init; }

    /// <summary>p90 is over its limit.</summary>
    public bool OverLimit { get; init; }

    public double? ErrorRatio { get; init; }

    /// <summary>p90 over the range, null = no data.</summary>
    public IReadOnlyList<double?> Spark { get; init; } = [];

    /// <summary>Instead of figures: "no requests in 1 h", "M. Ito, until 15:10".</summary>
    public string? Instead { get; init; }

    /// <summary>One place that serves the whole world spans its columns.</summary>
    public int Span { get; init; } = 1;

    public bool Selected { get; init; }

    /// <summary>The cell in words, after the row's name.</summary>
    public string Spoken(string row)
    {
        string text = $"{row} {Place}, {State.Spoken}";
        if (Instead is not null)
            return $"{text}, {Instead}";
        if (P90 is { } p90)
            text += $", TTFT p90 {Format.Number(p90, 0)} milliseconds";
        if (ErrorRatio is { } errors)
            text += $", errors {Format.Percent(errors, PercentKind.Error).Replace(Format.Nbsp + "%", " per cent", StringComparison.Ordinal)}";
        return Rate is { } rate ? $"{text}, {Format.RateFigure(rate)} requests per second" : text;
    }
}
