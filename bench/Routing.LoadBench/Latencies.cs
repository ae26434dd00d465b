namespace Routing.LoadBench;

/// <summary>Milliseconds of the good calls of one round; zero when there were none.</summary>
internal sealed record Latencies(double Mean, double P50, double P90, double P99)
{
    public static Latencies Of(IEnumerable<TimeSpan> spans)
    {
        var sorted = spans.Select(s => s.TotalMilliseconds).Order().ToArray();
        return sorted.Length == 0 ? new(0, 0, 0, 0) : new(sorted.Average(), At(0.5), At(0.9), At(0.99));

        double At(double share) => sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * share)];
    }
}
