using Routing.Edge.Shadows;

namespace Routing.Edge.Tests.Shadows;

public sealed class CopyRoomTests
{
    [Fact]
    public void TryEnter_AsManyAsMay_LetsTheNextInWhenOneLeaves()
    {
        var room = new CopyRoom(2);
        Assert.Equal([true, true, false], new[] { room.TryEnter(10), room.TryEnter(10), room.TryEnter(10) });
        room.Leave(10);
        Assert.True(room.TryEnter(10));
        Assert.Equal(2, room.Copies);
    }

    [Fact]
    public void TryEnter_LargeBodies_AreBoundedTogether()
    {
        var room = new CopyRoom(100);
        for (var i = 0; i < 3; i++) Assert.True(room.TryEnter(20 << 20));
        Assert.False(room.TryEnter(20 << 20));
        Assert.True(room.TryEnter(4 << 20));
    }

    [Fact]
    public void TryEnter_NoRoomAtAll_LetsNobodyIn() => Assert.False(new CopyRoom(0).TryEnter(0));

    [Fact]
    public async Task Close_CopiesUnderWay_EndsWithTheLastAndLetsNobodyIn()
    {
        var room = new CopyRoom(9);
        Assert.True(room.TryEnter(1) && room.TryEnter(1));
        var ended = room.CloseAsync();
        Assert.False(room.TryEnter(1));
        room.Leave(1);
        Assert.False(ended.IsCompleted);
        room.Leave(1);
        await ended;
    }

    [Fact]
    public void Close_ACopyComesAtTheSameInstant_IsTurnedAwayOrWaitedFor()
    {
        // What is asked here goes wrong once in some ten thousand rounds where a processor may read the count before the door is seen to be shut.
        const int Rounds = 200_000;
        var rooms = Enumerable.Range(0, Rounds).Select(_ => new CopyRoom(9)).ToArray();
        var entered = new bool[Rounds];
        int begun = -1, done = -1;
        var coming = new Thread(() =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                Await(ref begun, i);
                entered[i] = rooms[i].TryEnter(1);
                Volatile.Write(ref done, i);
            }
        });
        coming.Start();
        var unawaited = 0;
        for (var i = 0; i < Rounds; i++)
        {
            Volatile.Write(ref begun, i);
            var hasEnded = rooms[i].CloseAsync().IsCompleted;
            Await(ref done, i);
            if (entered[i] && hasEnded) unawaited++;
        }

        coming.Join();
        Assert.Equal(0, unawaited);
    }

    [Fact]
    public async Task Close_Empty_HasEnded() => await new CopyRoom(9).CloseAsync();

    private static void Await(ref int round, int wanted)
    {
        var spin = new SpinWait();
        while (Volatile.Read(ref round) < wanted) spin.SpinOnce(sleep1Threshold: -1);
    }
}
