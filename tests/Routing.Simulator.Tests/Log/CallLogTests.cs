using Routing.Simulator.Log;

namespace Routing.Simulator.Tests.Log;

public sealed class CallLogTests
{
    private static readonly CallRecord Call = new(0, DateTimeOffset.UnixEpoch, "openai", "default", "m", 200, false, "id", 3, 4, "completed", null);

    [Fact]
    public void After_MoreThanCapacity_OldestAreForgottenTotalsAreNot()
    {
        var log = new CallLog();
        for (var at = 0; at < CallLog.Capacity + 10; at++) log.Add(Call);
        var kept = log.After(0, int.MaxValue);

        Assert.Equal((CallLog.Capacity, 11L, CallLog.Capacity + 10L), (kept.Count, kept[0].Seq, kept[^1].Seq));
        Assert.Equal((CallLog.Capacity + 10L, 3L * (CallLog.Capacity + 10)), (log.Summary().Single().Calls, log.Summary().Single().InputTokens));
    }

    [Fact]
    public void After_SeqAndLimit_NextInOrder()
    {
        var log = new CallLog();
        for (var at = 0; at < 5; at++) log.Add(Call);

        Assert.Equal([3L, 4L], log.After(2, 2).Select(c => c.Seq));
        Assert.Empty(log.After(5));
        Assert.Empty(log.After(99));
    }
}
