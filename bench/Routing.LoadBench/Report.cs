namespace Routing.LoadBench;

/// <summary>Medians with ranges, and what a target costs more than another and adds to direct calls in the same run.</summary>
internal static class Report
{
    public static void Print(Scenario scenario, IReadOnlyList<Measured> all)
    {
        var rows = all.Where(m => m.Scenario == scenario.Name).ToArray();
        Console.WriteLine();
        Console.WriteLine(scenario.Name);
        var basis = scenario.Targets[1];
        Console.WriteLine($"  target        CPU µs/call (range)        {"× " + basis,6}   calls/s   p50 ms   RSS MiB   bad");
        foreach (var target in scenario.Targets)
        {
            var own = rows.Where(r => r.Target == target).ToArray();
            var times = target == scenario.Targets[0] ? "–" : Text($"{Median(own, r => r.CpuMicros) / Median(rows.Where(r => r.Target == basis), r => r.CpuMicros):0.00}");
            Console.WriteLine(Text(
                $"  {target,-12}  {Range(own, r => r.CpuMicros, "0.0"),-25} {times,6} {Median(own, r => r.RatePerSecond),9:0} {Median(own, r => r.Total.P50),8:0.00} {Median(own, r => r.ResidentKiB / 1024.0),9:0} {own.Sum(r => r.Bad),5}"));
        }

        PrintAdded(scenario, rows, scenario.Stream ? r => r.FirstToken : r => r.Total);
    }

    /// <summary>What else the machine is doing, as the kernel averages it over 1, 5 and 15 minutes.</summary>
    public static void PrintLoad(string when) => Console.WriteLine($"load average {when}: {string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3])}");

    // Target minus direct, round by round: the two stand next to each other in time.
    private static void PrintAdded(Scenario scenario, Measured[] rows, Func<Measured, Latencies> latencies)
    {
        var what = scenario.Stream ? "first token" : "answer";
        var direct = rows.Where(r => r.Target == scenario.Targets[0]).ToDictionary(r => r.Round, latencies);
        foreach (var target in scenario.Targets[1..])
        {
            var own = rows.Where(r => r.Target == target).ToArray();
            string Added(Func<Latencies, double> value) => Range(own, r => value(latencies(r)) - value(direct[r.Round]), "0.00");
            Console.WriteLine($"  {target,-12}  added to the {what}, ms: mean {Added(l => l.Mean)}, p50 {Added(l => l.P50)}, p90 {Added(l => l.P90)}, p99 {Added(l => l.P99)}");
        }
    }

    private static string Range(Measured[] rows, Func<Measured, double> value, string format)
    {
        string Number(double number) => number.ToString(format, System.Globalization.CultureInfo.InvariantCulture);
        return $"{Number(Median(rows, value))} ({Number(rows.Min(value))}–{Number(rows.Max(value))})";
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private static double Median(IEnumerable<Measured> rows, Func<Measured, double> value)
    {
        var sorted = rows.Select(value).Order().ToArray();
        return sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
    }
}
