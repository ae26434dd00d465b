namespace Routing.Core.Health;

/// <summary>How sure a ratio is. 4 of 20 and 40 of 200 are both 20 %, but only the second is evidence.</summary>
public static class Wilson
{
    // Two-sided 95 %.
    private const double Z = 1.96;

    /// <summary>Lower bound of the 95 % interval of <paramref name="hits"/> of <paramref name="samples"/>, 0 to 1. No samples: 0.</summary>
    public static double LowerBound(long hits, long samples)
    {
        if (samples <= 0 || hits <= 0) return 0;
        double n = samples, p = Math.Min(hits, samples) / n;
        const double z2 = Z * Z;
        var centre = p + (z2 / (2 * n));
        var margin = Z * Math.Sqrt(((p * (1 - p)) + (z2 / (4 * n))) / n);
        return Math.Max(0, (centre - margin) / (1 + (z2 / n)));
    }
}
