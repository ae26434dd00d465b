using Routing.Simulator.Faults;

namespace Routing.Simulator.Tests.Faults;

public sealed class FaultBookTests
{
    [Fact]
    public void Roll_SeveralKeysMatch_MostPreciseWins()
    {
        var book = new FaultBook(1);
        book.Set("*/*/*", new FaultRule { Kind = FaultKind.Internal });
        book.Set("bedrock/*/*", new FaultRule { Kind = FaultKind.Unavailable });
        book.Set("bedrock/us-east-1/m", new FaultRule { Kind = FaultKind.Capacity });

        Assert.Equal(FaultKind.Capacity, book.Roll("bedrock", "us-east-1", "m")?.Kind);
        Assert.Equal(FaultKind.Unavailable, book.Roll("bedrock", "us-west-2", "m")?.Kind);
        Assert.Equal(FaultKind.Internal, book.Roll("vertex", "us-east5", "m")?.Kind);
    }

    [Fact]
    public void Roll_Count_SpentAfterThatMany()
    {
        var book = new FaultBook(1);
        book.Set("*/*/m", new FaultRule { Kind = FaultKind.Internal, Count = 2 });

        Assert.Equal(2, Enumerable.Range(0, 10).Count(_ => book.Roll("openai", "default", "m") is not null));
        Assert.Equal(2, book.All.Single().Struck);
    }

    [Fact]
    public void Roll_Rate_SeededShare()
    {
        var (first, second) = (Rolls(7), Rolls(7));

        Assert.InRange(first.Count(struck => struck), 230, 270);
        Assert.Equal(first, second);
    }

    [Fact]
    public void Roll_ModelWithSlashes_Matches()
    {
        var book = new FaultBook(1);
        book.Set("bedrock/us-east-1/arn:aws:bedrock:us-east-1:1:provisioned-model/x", new FaultRule { Kind = FaultKind.ReservedExhausted });

        Assert.NotNull(book.Roll("bedrock", "us-east-1", "arn:aws:bedrock:us-east-1:1:provisioned-model/x"));
    }

    [Theory]
    [InlineData("bedrock")]
    [InlineData("bedrock/us-east-1")]
    [InlineData("bedrock//m")]
    [InlineData("cloud/us-east-1/m")]
    public void Set_BadKey_IsRefused(string key) => Assert.False(new FaultBook(1).Set(key, new FaultRule { Kind = FaultKind.Internal }));

    private static List<bool> Rolls(ulong seed)
    {
        var book = new FaultBook(seed);
        book.Set("*/*/*", new FaultRule { Kind = FaultKind.Internal, Rate = 0.25 });
        return [.. Enumerable.Range(0, 1000).Select(_ => book.Roll("openai", "default", "m") is not null)];
    }
}
