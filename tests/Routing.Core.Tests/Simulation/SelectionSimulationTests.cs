using System.Globalization;
using Routing.Core.Snapshots;
using static Routing.Core.Tests.Simulation.SelectionTable;

namespace Routing.Core.Tests.Simulation;

/// <summary>Who gets the traffic of a tier as its candidates' speeds change, over many seeds. A seed that breaks a promise is named.</summary>
public sealed class SelectionSimulationTests
{
    private const int DegradedFrom = 60, DegradedTo = 150;

    // SIMULATION_SEEDS=1000 searches further.
    private static readonly int Seeds = int.Parse(Environment.GetEnvironmentVariable("SIMULATION_SEEDS") ?? "50", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData(SelectionStrategy.Fastest)]
    [InlineData(SelectionStrategy.Balanced)]
    public void Run_TwoAboutAsFast_ShareTheTrafficEvenly(SelectionStrategy strategy)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var run = new SelectionRun(seed, Feature(50, 50) with { Selection = strategy }, (i, _) => i == 0 ? 0.4 : 0.42);
            run.Run(120, perSecond: 20);
            InRange(40, 60, run.Share(0, 0, 120), run, "e0's share");
            for (var from = 10; from < 120; from += 10) InRange(30, 70, run.Share(0, from, from + 10), run, $"e0's share of the ten seconds from {from}");
        }
    }

    [Fact]
    public void Run_OneIsTwiceAsFast_GetsAllButTheLooks()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var run = new SelectionRun(seed, Feature(10, 80, 10) with { Selection = SelectionStrategy.Fastest }, (i, _) => i == 0 ? 0.3 : 0.8);
            run.Run(300, perSecond: 20);
            InRange(98.5, 99.3, run.Share(0, 30, 300), run, "the fastest's share");
            for (var i = 1; i < 3; i++) Assert.True(run.Calls[i].Count(c => c > 30) >= 10, $"seed {seed}: e{i} was looked at by {run.Calls[i].Count(c => c > 30)} calls");
        }
    }

    [Theory]
    [InlineData(20, 4)]
    [InlineData(100, 4)]
    public void Run_OneOfTwoGetsSlowAndRecovers_LosesTheTrafficWithinSecondsAndGetsItBack(int perSecond, int within)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var run = new SelectionRun(seed, Feature(50, 50) with { Selection = SelectionStrategy.Fastest }, (i, at) => i == 0 && at is >= DegradedFrom and < DegradedTo ? 2 : 0.4);
            run.Run(DegradedTo + 120, perSecond);

            // Its answers of then are 3 s long: evidence begins with the first of them.
            InRange(0, 15, run.Share(0, DegradedFrom + 3 + within, DegradedFrom + 3 + within + 10), run, "the slow one's share, seconds after the first slow answer");
            InRange(0.3, 2, run.Share(0, DegradedFrom + 20, DegradedTo), run, "the slow one's share while it is slow");
            InRange(35, 65, run.Share(0, DegradedTo + 80, DegradedTo + 120), run, "its share after it has recovered");
            Assert.True(MostInOneSecond(run.Calls[0], DegradedTo, DegradedTo + 120) < perSecond * 1.6, $"seed {seed}: a herd of {MostInOneSecond(run.Calls[0], DegradedTo, DegradedTo + 120)} in one second");
        }
    }

    [Fact]
    public void Run_ThinTraffic_ASlowOneIsFoundAndAFastOneIsFoundAgain()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var run = new SelectionRun(seed, Feature(50, 50) with { Selection = SelectionStrategy.Fastest }, (i, at) => i == 0 && at is >= 300 and < 1_000 ? 2 : 0.4);
            run.Run(2_400, perSecond: 1);
            InRange(0, 12, run.Share(0, 360, 1_000), run, "the slow one's share");
            InRange(30, 70, run.Share(0, 1_700, 2_400), run, "its share after it has recovered");
        }
    }

    [Fact]
    public void Run_OneComesBackStepByStep_GetsItsShareAgain()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var run = new SelectionRun(seed, Feature(50, 50) with { Selection = SelectionStrategy.Fastest }, (_, _) => 0.4);
            var health = run.Route.Candidates[0].Endpoint.Health;
            health.Isolate(VirtualClock.Start.AddSeconds(60), "drill", "ana");
            run.Run(360, perSecond: 20);
            InRange(0, 0, run.Share(0, 0, 60), run, "its share while it is isolated");
            InRange(35, 65, run.Share(0, 300, 360), run, "its share after it has come back");
        }
    }

    [Fact]
    public void Run_ByPriceAndSpeed_TheOneThatIsGoodAtBothGetsTheTraffic()
    {
        // Twice as slow and half as dear each; the third is nearly as good at both.
        PriceConfig[] prices = [Price("e0", 4_000_000, 16_000_000), Price("e1", 1_000_000, 4_000_000), Price("e2", 1_200_000, 4_800_000)];
        for (var seed = 0; seed < Seeds; seed++)
        {
            var run = new SelectionRun(seed, Feature(34, 33, 33) with { Selection = SelectionStrategy.Balanced }, (i, _) => i switch { 0 => 0.3, 1 => 1.2, _ => 0.36 }, prices);
            run.Run(120, perSecond: 20);
            InRange(98, 99.5, run.Share(2, 30, 120), run, "the balanced one's share");
        }
    }

    private static int MostInOneSecond(List<double> calls, double from, double to)
    {
        var most = 0;
        for (int first = 0, last = 0; last < calls.Count; last++)
        {
            while (calls[first] < calls[last] - 1) first++;
            if (calls[last] >= from && calls[last] < to) most = Math.Max(most, last - first + 1);
        }

        return most;
    }

    private static void InRange(double least, double most, double value, SelectionRun run, string what) =>
        Assert.True(value >= least && value <= most, $"seed {run.Seed}: {what} is {value:0.00} %, not {least} to {most} %");
}
