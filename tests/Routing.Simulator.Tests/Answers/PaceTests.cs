using Routing.Simulator.Answers;

namespace Routing.Simulator.Tests.Answers;

public sealed class PaceTests
{
    private static readonly ModelBehaviour Behaviour = new() { FirstTokenMs = 400, FirstTokenSigma = 0.4, TokensPerSecond = 100 };

    [Fact]
    public void Draw_SpeedZero_IsInstant() => Assert.True(Pace.Draw(Behaviour, 0, new StableRandom(1), TimeProvider.System).IsInstant);

    [Fact]
    public async Task UntilFirstToken_ManyCalls_MedianAndTailAsConfigured()
    {
        var time = new RecordingTime();
        for (ulong at = 0; at < 2000; at++)
            await Pace.Draw(Behaviour, 1, new StableRandom(at), time).UntilFirstTokenAsync(CancellationToken.None);
        var sorted = time.Waits.Order().ToList();

        Assert.InRange(sorted[1000].TotalMilliseconds, 380, 420);
        Assert.InRange(sorted[1800].TotalMilliseconds, 400 * 1.55, 400 * 1.8);
    }

    [Fact]
    public async Task UntilWholeAnswer_SpeedTwo_TakesHalf()
    {
        var time = new RecordingTime();
        await Pace.Draw(new ModelBehaviour { FirstTokenMs = 400, FirstTokenSigma = 0, TokensPerSecond = 100 }, 2, new StableRandom(1), time)
            .UntilWholeAnswerAsync(11, CancellationToken.None);

        Assert.Equal(TimeSpan.FromMilliseconds(250), Assert.Single(time.Waits));
    }

    [Fact]
    public void MustSleep_FastTokens_DebtAddsUp()
    {
        var pace = new Pace(TimeSpan.Zero, TimeSpan.FromMilliseconds(1), TimeProvider.System);
        var slept = TimeSpan.Zero;
        for (var token = 0; token < 100; token++)
            if (pace.MustSleep(out var sleep)) slept += sleep;

        Assert.Equal(TimeSpan.FromMilliseconds(100), slept);
    }

    /// <summary>Notes every wait and ends it at once.</summary>
    private sealed class RecordingTime : TimeProvider
    {
        public List<TimeSpan> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Add(dueTime);
            return System.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
