namespace Routing.LoadBench;

/// <summary>Medians with ranges, and the ratio to YARP in the same run.</summary>
internal static class Report
{
    public static void Print(Scenario scenario, IReadOnlyList<Measured> all)
    {
        var rows = all.Where(m => m.Scenario == scenario.Name).ToArray();
        Console.WriteLine();
        Console.WriteLine(scenario.Name);
        Console.WriteLine("  target    CPU µs/call (range)        × YARP   calls/s   first token ms   p50 ms   RSS MiB   bad");
        foreach (var target in new[] { "direct", "yarp", "edge" })
        {
            var own = rows.Where(r => r.Target == target).ToArray();
            var cpu = Median(own, r => r.CpuMicros);
            var ratio = cpu / Median(rows.Where(r => r.Target == "yarp"), r => r.CpuMicros);
            var range = Text($"{cpu:0.0} ({own.Min(r => r.CpuMicros):0.0}–{own.Max(r => r.CpuMicros):0.0})");
            var times = target == "direct" ? "–" : Text($"{ratio:0.00}");
            Console.WriteLine(Text(
                $"  {target,-8}  {range,-25} {times,6} {Median(own, r => r.RatePerSecond),9:0} {Median(own, r => r.FirstTokenMs),16:0.00} {Median(own, r => r.P50Ms),8:0.00} {Median(own, r => r.ResidentKiB / 1024.0),9:0} {own.Sum(r => r.Bad),5}"));
        }
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private static double Median(IEnumerable<Measured> rows, Func<Measured, double> value)
    {
        var sorted = rows.Select(value).Order().ToArray();
        return sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
    }
}
