using Clients.Tests.Dialects;
using Routing.Core.Usage;
using Routing.Simulator.Faults;

namespace Clients.Tests;

/// <summary>Features whose streams another provider goes on from when they break: the client has one whole answer, and cannot tell.</summary>
[Collection(OneEdge.Name)]
public sealed class ContinuedStreamTests(EdgeAndClouds edge)
{
    private const int Pieces = 40;

    public static TheoryData<string, string, FaultKind> Breaks()
    {
        var rows = new TheoryData<string, string, FaultKind>();
        foreach (var dialect in (string[])[Dialect.Chat, Dialect.Messages, Dialect.Responses])
        {
            foreach (var (feature, _, _) in RoutingFile.Continued)
            {
                rows.Add(dialect, feature, FaultKind.Cut);
                rows.Add(dialect, feature, FaultKind.Malformed);
            }
        }

        return rows;
    }

    [Theory]
    [InlineData(Dialect.Chat)]
    [InlineData(Dialect.Messages)]
    [InlineData(Dialect.Responses)]
    public async Task Stream_StandInSendsBackTheTurnFirst_ClientGetsTheTextOnce(string dialect)
    {
        var (feature, first, backup) = RoutingFile.Continued.Single(c => c.Backup == "spoken-openai");
        var client = Dialect.Of(dialect, edge);
        var ask = new Ask("Write 60 tokens about the café.") { Stream = true };
        var whole = await client.AskAsync(feature, ask);
        var (broken, echoing) = (Provider.Of(first).Key, Provider.Of(backup).Key);
        Assert.True(edge.Clouds.Faults.Set(broken, new FaultRule { Kind = FaultKind.Cut, AfterChunks = Pieces, Count = 1 }));
        Assert.True(edge.Clouds.Faults.Set(echoing, new FaultRule { Kind = FaultKind.PrefillEchoed, Count = 1 }));
        try
        {
            var answer = await client.AskAsync(feature, ask);

            Assert.Equal((whole.Text, whole.Stop), (answer.Text, answer.Stop));
            Assert.Equal(backup, (await edge.LedgerAsync(RequestIds.Last)).ServedBy);
        }
        finally
        {
            edge.Clouds.Faults.Remove(broken);
            edge.Clouds.Faults.Remove(echoing);
        }
    }

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task Stream_BreaksAfterFortyPieces_ClientGetsTheWholeTextAndTheUsageOfBoth(string dialect, string feature, FaultKind kind)
    {
        var (_, first, backup) = RoutingFile.Continued.Single(c => c.Feature == feature);
        var client = Dialect.Of(dialect, edge);
        var ask = new Ask("Write 60 tokens about the café.") { Stream = true };
        var whole = await client.AskAsync(feature, ask);
        var key = Provider.Of(first).Key;
        Assert.True(edge.Clouds.Faults.Set(key, new FaultRule { Kind = kind, AfterChunks = Pieces, Count = 1 }));
        try
        {
            var before = edge.Clouds.Log.LastSeq;
            var answer = await client.AskAsync(feature, ask);

            Assert.Equal((whole.Text, whole.Stop), (answer.Text, answer.Stop));
            Assert.Equal([key, Provider.Of(backup).Key], edge.CallsAfter(before).Select(c => $"{c.Wire}/{c.Region}/{c.Model}"), StringComparer.Ordinal);
            var row = await edge.LedgerAsync(RequestIds.Last);
            Assert.Equal((RequestOutcome.Answered, backup), (row.Outcome, row.ServedBy));
            Assert.Equal([(AttemptCause.Primary, AttemptOutcome.Interrupted), (AttemptCause.Continuation, AttemptOutcome.Answered)], row.Attempts.Select(a => (a.Cause, a.Outcome)));
            Assert.Equal((row.Attempts.Sum(a => a.Usage.InputTotal), row.Attempts.Sum(a => a.Usage.OutputTotal)), (answer.Input, answer.Output));
            Assert.True(row.Attempts[0].Usage.OutputTotal > 0 && row.Attempts[0].CostMicros > 0 && row.Attempts[1].CostMicros > 0);
        }
        finally
        {
            edge.Clouds.Faults.Remove(key);
        }
    }
}
