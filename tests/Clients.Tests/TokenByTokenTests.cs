using Clients.Tests.Dialects;

namespace Clients.Tests;

/// <summary>The cloud holds every piece of its answer back until the client has seen the one before: only who passes each on at once gets to the end.</summary>
[Collection(OneEdge.Name)]
public sealed class TokenByTokenTests(EdgeAndClouds edge)
{
    private const int Enough = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [MemberData(nameof(ConversationTests.Pairs), MemberType = typeof(ConversationTests))]
    public async Task Stream_CloudHoldsEachPieceBack_ClientSeesTheOneBefore(string dialect, string feature)
    {
        var key = Provider.Of(feature).Key;
        using var patience = new CancellationTokenSource(Patience);
        Assert.True(edge.Clouds.Holds.Set(key));
        try
        {
            await using var pieces = Dialect.Of(dialect, edge).PiecesAsync(feature, "What did the team decide?", patience.Token).GetAsyncEnumerator(patience.Token);
            for (var seen = 0; seen < Enough; seen++)
            {
                var next = pieces.MoveNextAsync();
                // Nothing may be there yet: the piece is not made.
                Assert.False(next.IsCompleted);
                Assert.True(edge.Clouds.Holds.Release(key, 1));
                Assert.True(await next);
                Assert.NotEmpty(pieces.Current);
                Assert.Equal(seen + 1, edge.Clouds.Holds.All.Single().Passed);
            }
        }
        finally
        {
            edge.Clouds.Holds.Remove(key);
        }
    }
}
