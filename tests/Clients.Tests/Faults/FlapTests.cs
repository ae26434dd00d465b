using Routing.Simulator.Faults;

namespace Clients.Tests.Faults;

/// <summary>Fault 15: the primary is down for a minute while the traffic goes on.</summary>
public sealed class FlapTests
{
    private const int DownSeconds = 60;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DownForAMinute_EveryCallIsServedAndThePrimaryComesBackStepByStep(bool stream)
    {
        await using var lab = await FaultLab.StartAsync(FaultRows.Of("openai", "anthropic"));
        var (first, second) = (lab.Binding.Primary, lab.Binding.Backup!);
        var healthy = (First: await lab.HealthyAsync(first, stream), Second: await lab.HealthyAsync(second, stream));
        lab.Break(first, new FaultRule { Kind = FaultKind.Unavailable });

        var down = await TrafficAsync(lab, healthy, stream, TimeSpan.FromSeconds(DownSeconds));
        Assert.All(down, s => Assert.Equal(second.Feature, s.ServedBy));
        var asked = down.Select(s => s.Attempts - 1).ToList();
        Assert.Equal([1, 1, 1, 1, 1], asked.Take(5)); // Until it is open; from then on a trial now and then.
        Assert.All(asked.Skip(5).Chunk(10), ten => Assert.InRange(ten.Sum(), 0, 2));

        lab.Mend(first);
        var back = await TrafficAsync(lab, healthy, stream, TimeSpan.FromSeconds(90));
        var firstBack = back.FindIndex(s => s.ServedBy == first.Feature);
        Assert.InRange(firstBack * Between, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        var (early, late) = (Share(back.Skip(firstBack).Take(25)), Share(back.TakeLast(25)));
        Assert.True(early < 0.5 && late > early, $"{early:P0} of the first calls after its return went to the primary, {late:P0} of the last.");

        double Share(IEnumerable<CallerSaw> calls) => calls.Average(s => s.ServedBy == first.Feature ? 1.0 : 0);
    }

    private static async Task<List<CallerSaw>> TrafficAsync(FaultLab lab, (CallerSaw First, CallerSaw Second) healthy, bool stream, TimeSpan time)
    {
        var saw = new List<CallerSaw>();
        for (var passed = TimeSpan.Zero; passed < time; passed += Between)
        {
            var call = await lab.AskAsync(stream);
            var isBackup = call.ServedBy == lab.Binding.Backup!.Feature;
            Verdict.IsServedBy(isBackup ? lab.Binding.Backup : lab.Binding.Primary, isBackup ? healthy.Second : healthy.First, call, call.Attempts);
            saw.Add(call);
            lab.Time.Advance(Between);
        }

        return saw;
    }
}
