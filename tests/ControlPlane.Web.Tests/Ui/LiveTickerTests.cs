using ControlPlane.Web.Ui;

namespace ControlPlane.Web.Tests.Ui;

public sealed class LiveTickerTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Listen_IntervalOver_Calls()
    {
        using LiveTicker ticker = new(_time);
        int calls = 0;
        using IDisposable listening = ticker.Listen(TimeSpan.FromSeconds(5), () => { calls++; return Task.CompletedTask; });
        _time.Advance(4.8);
        Assert.Equal(0, calls);
        _time.Advance(.4);
        Assert.Equal(1, calls);
        _time.Advance(10);
        Assert.Equal(3, calls);
    }

    [Fact]
    public void Nudge_ManyTimes_CallsAtMostFiveTimesASecond()
    {
        using LiveTicker ticker = new(_time);
        int calls = 0;
        using IDisposable listening = ticker.Listen(TimeSpan.FromMinutes(1), () => { calls++; return Task.CompletedTask; });
        for (int i = 0; i < 200; i++)
        {
            ticker.Nudge();
            _time.Advance(.01);
        }
        Assert.InRange(calls, 8, 10);
    }

    [Fact]
    public void Beat_CallStillRunning_DoesNotCallAgain()
    {
        using LiveTicker ticker = new(_time);
        TaskCompletionSource slow = new();
        int calls = 0;
        using IDisposable listening = ticker.Listen(TimeSpan.FromSeconds(1), () => { calls++; return slow.Task; });
        _time.Advance(10);
        Assert.Equal(1, calls);
        slow.SetResult();
        _time.Advance(.2);
        Assert.Equal(2, calls);
    }

    [Fact]
    public void Dispose_OfTheListener_EndsItsCalls()
    {
        using LiveTicker ticker = new(_time);
        int calls = 0;
        IDisposable listening = ticker.Listen(TimeSpan.FromSeconds(1), () => { calls++; return Task.CompletedTask; });
        listening.Dispose();
        _time.Advance(10);
        Assert.Equal((0, 0), (calls, ticker.Listeners));
    }

    [Fact]
    public void Say_WithinFiveSeconds_IsHeldBackUnlessAnAnswer()
    {
        Announcer announcer = new(_time);
        announcer.Say("Bedrock us-east-1 is open.");
        announcer.Say("Vertex AI us-east5 is open.");
        Assert.Equal("Bedrock us-east-1 is open.", announcer.Sentence);
        announcer.Say("Draft saved.", now: true);
        Assert.Equal("Draft saved.", announcer.Sentence);
        _time.Advance(6);
        announcer.Say("Vertex AI us-east5 is closed.");
        Assert.Equal("Vertex AI us-east5 is closed.", announcer.Sentence);
    }
}
