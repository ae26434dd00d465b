namespace ControlPlane.Web.Ui.Charts;

/// <summary>At most as many points as a line can show; each keeps the largest of its bucket, because peaks are what is looked for.</summary>
public static class Downsample
{
    public const int MostPoints = 400;

    public static IReadOnlyList<double?> Thin(IReadOnlyList<double?> values, int most = MostPoints)
    {
        if (values.Count <= most)
            return values;
        double?[] thin = new double?[most];
        for (int i = 0; i < values.Count; i++)
        {
            int bucket = (int)((long)i * most / values.Count);
            thin[bucket] = thin[bucket] is { } have && values[i] is { } value ? Math.Max(have, value) : values[i] ?? thin[bucket];
        }
        return thin;
    }
}
