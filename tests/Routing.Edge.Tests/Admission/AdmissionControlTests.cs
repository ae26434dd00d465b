using Routing.Core.Health;
using Routing.Core.Snapshots;
using Routing.Edge.Admission;
using TestKit;

namespace Routing.Edge.Tests.Admission;

public sealed class AdmissionControlTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Enter_NearTheLimit_RefusesBatchAndAdmitsInteractive()
    {
        var admission = Of(10, batchPercent: 80);
        for (var i = 0; i < 8; i++) Assert.True(await admission.EnterAsync(RequestLane.Batch, default));
        Assert.False(await admission.EnterAsync(RequestLane.Batch, default));
        for (var i = 0; i < 2; i++) Assert.True(await admission.EnterAsync(RequestLane.Interactive, default));
        Assert.Equal((10, 0, 1L, 0L), (admission.InFlight, admission.Waiting, admission.Shed(RequestLane.Batch), admission.Shed(RequestLane.Interactive)));
    }

    [Fact]
    public async Task HasSlack_HalfOfThePlacesAreTaken_IsTheLastMoment()
    {
        var admission = Of(10, batchPercent: 80);
        for (var i = 0; i < 5; i++) Assert.True(await admission.EnterAsync(RequestLane.Interactive, default));
        Assert.True(admission.HasSlack);
        Assert.True(await admission.EnterAsync(RequestLane.Interactive, default));
        Assert.False(admission.HasSlack);
    }

    [Fact]
    public async Task RecentShed_RefusedCalls_AreCountedByLaneAndForgottenAfterFiveMinutes()
    {
        var admission = Of(2, batchPercent: 50);
        var recent = new RecentShed(admission, () => 0, _time);
        Assert.Equal(new ShedCalls(0, 0), recent.Read());
        Assert.True(await admission.EnterAsync(RequestLane.Batch, default));
        for (var i = 0; i < 3; i++) Assert.False(await admission.EnterAsync(RequestLane.Batch, default));
        for (var second = 0; second < 300; second += 2)
        {
            Assert.Equal(new ShedCalls(0, 3), recent.Read());
            _time.Advance(2);
        }

        Assert.False(await admission.EnterAsync(RequestLane.Batch, default));
        _time.Advance(10);
        Assert.Equal(new ShedCalls(0, 1), recent.Read());
        _time.Advance(400);
        recent.Read();
        _time.Advance(400);
        Assert.Equal(new ShedCalls(0, 0), recent.Read());
    }

    [Fact]
    public void RecentShed_CopiesLeftOut_AreNoCallsAndForgottenAfterFiveMinutes()
    {
        var leftOut = 0L;
        var recent = new RecentShed(Of(2), () => leftOut, _time);
        recent.Read();
        leftOut = 7;
        _time.Advance(10);
        Assert.Equal((0, 7), (recent.Read().All, recent.Read().Copies));
        _time.Advance(290);
        recent.Read();
        leftOut = 8;
        _time.Advance(10);
        Assert.Equal(new ShedCalls(0, 0, 1), recent.Read());
    }

    [Fact]
    public async Task Enter_AtTheLimit_InteractiveGetsTheNextFreePlaceBeforeAnybodyElse()
    {
        var admission = Of(4);
        for (var i = 0; i < 4; i++) Assert.True(await admission.EnterAsync(RequestLane.Interactive, default));
        var waits = admission.EnterAsync(RequestLane.Interactive, default);
        Assert.False(waits.IsCompleted);
        Assert.False(await admission.EnterAsync(RequestLane.Batch, default));
        new AdmissionControl.Place(admission).Dispose();
        Assert.True(await waits);
        Assert.Equal((4, 0), (admission.InFlight, admission.Waiting));
    }

    [Fact]
    public async Task Enter_QueueIsFull_RefusesAtOnce()
    {
        var admission = Of(2);
        for (var i = 0; i < 2; i++) Assert.True(await admission.EnterAsync(RequestLane.Interactive, default));
        Task<bool>[] waiting = [admission.EnterAsync(RequestLane.Interactive, default).AsTask(), admission.EnterAsync(RequestLane.Interactive, default).AsTask()];
        Assert.False(await admission.EnterAsync(RequestLane.Interactive, default));
        foreach (var turn in waiting)
        {
            new AdmissionControl.Place(admission).Dispose();
            Assert.True(await turn);
        }
    }

    [Fact]
    public async Task Enter_NoPlaceGetsFree_IsRefusedAfterItsPatience()
    {
        var admission = Of(2);
        for (var i = 0; i < 2; i++) Assert.True(await admission.EnterAsync(RequestLane.Interactive, default));
        var waits = admission.EnterAsync(RequestLane.Interactive, default);
        _time.Advance(TimeSpan.FromMilliseconds(499));
        Assert.False(waits.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(await waits);
        Assert.Equal((2, 0, 1L), (admission.InFlight, admission.Waiting, admission.Shed(RequestLane.Interactive)));
    }

    [Fact]
    public async Task Enter_CallerGoesAwayWhileWaiting_LeavesNothingBehind()
    {
        var admission = Of(2);
        for (var i = 0; i < 2; i++) Assert.True(await admission.EnterAsync(RequestLane.Interactive, default));
        using var caller = new CancellationTokenSource();
        var waits = admission.EnterAsync(RequestLane.Interactive, caller.Token);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waits);
        for (var i = 0; i < 2; i++) new AdmissionControl.Place(admission).Dispose();
        Assert.Equal((0, 0), (admission.InFlight, admission.Waiting));
    }

    [Fact]
    public async Task Enter_ManyAtATime_NeverExceedsTheLimitAndLosesNoPlace()
    {
        var admission = Of(16, time: TimeProvider.System, queueMs: 10_000);
        int inside = 0, most = 0, served = 0;
        await Task.WhenAll(Enumerable.Range(0, 20).Select(n => Task.Run(async () =>
        {
            for (var i = 0; i < 500; i++)
            {
                if (!await admission.EnterAsync(n % 4 == 0 ? RequestLane.Batch : RequestLane.Interactive, default)) continue;
                using var place = new AdmissionControl.Place(admission);
                InterlockedMax(ref most, Interlocked.Increment(ref inside));
                await Task.Yield();
                Interlocked.Increment(ref served);
                Interlocked.Decrement(ref inside);
            }
        })));
        Assert.InRange(most, 1, 16);
        Assert.Equal((0, 0), (admission.InFlight, admission.Waiting));
        Assert.Equal(10_000, served + admission.Shed(RequestLane.Batch) + admission.Shed(RequestLane.Interactive));
    }

    /// <summary>
    /// Five times what can be served, in virtual time: 50 places before an upstream of 50 ms, so 1,000 calls a second; 5,000 come, 600 of
    /// them interactive, at random moments.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Enter_FiveTimesOverload_ServesInteractiveAndKeepsGoodput(int seed)
    {
        var admission = Of(50);
        var random = new Random(seed);
        var ends = new PriorityQueue<bool, double>();
        var waiting = new List<Task<bool>>();
        double now = 0;
        int interactive = 0, servedInteractive = 0, servedBatch = 0;
        while (now < 20_000)
        {
            var next = now + -Math.Log(1 - random.NextDouble()) / 5; // 5 a millisecond
            while (ends.TryPeek(out _, out var end) && end <= next)
            {
                ends.Dequeue();
                Move(end);
                new AdmissionControl.Place(admission).Dispose();
                await SettleAsync();
            }

            Move(next);
            await SettleAsync();
            var lane = random.NextDouble() < 600.0 / 5_000 ? RequestLane.Interactive : RequestLane.Batch;
            if (lane == RequestLane.Interactive) interactive++;
            var entered = admission.EnterAsync(lane, default);
            if (!entered.IsCompleted) waiting.Add(entered.AsTask());
            else if (await entered) Serve(lane);
        }

        Assert.True(servedInteractive >= 0.994 * interactive, $"{servedInteractive} of {interactive} interactive calls served");
        Assert.True(servedInteractive + servedBatch >= 0.9 * 20_000, $"{servedInteractive + servedBatch} calls served in 20 s");
        return;

        void Serve(RequestLane lane)
        {
            if (lane == RequestLane.Interactive) servedInteractive++;
            else servedBatch++;
            ends.Enqueue(true, now + 50);
        }

        void Move(double to)
        {
            _time.Advance(TimeSpan.FromMilliseconds(to - now));
            now = to;
        }

        // A place that got free is taken by whoever waits: until nobody does or none is free.
        async Task SettleAsync()
        {
            while (waiting.Count > admission.Waiting)
            {
                var done = await Task.WhenAny(waiting);
                waiting.Remove(done);
                if (await done) Serve(RequestLane.Interactive);
            }
        }
    }

    private AdmissionControl Of(int most, int batchPercent = 90, int queueMs = 500, TimeProvider? time = null) =>
        new(new EdgeOptions { MaxInFlight = most, BatchPercent = batchPercent, QueueMs = queueMs }, time ?? _time);

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); seen < value; seen = Volatile.Read(ref target)) Interlocked.CompareExchange(ref target, value, seen);
    }
}
