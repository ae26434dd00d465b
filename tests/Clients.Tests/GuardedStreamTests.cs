using Clients.Tests.Dialects;
using Routing.Core.Usage;
using Routing.Simulator.Faults;

namespace Clients.Tests;

/// <summary>Features whose streams are held back until they are whole: whatever breaks amid the first provider's answer, the client knows nothing of it.</summary>
[Collection(OneEdge.Name)]
public sealed class GuardedStreamTests(EdgeAndClouds edge)
{
    private const int Pieces = 40;

    public static TheoryData<string, string, FaultKind> Breaks()
    {
        var rows = new TheoryData<string, string, FaultKind>();
        foreach (var dialect in (string[])[Dialect.Chat, Dialect.Messages, Dialect.Responses])
        {
            foreach (var (feature, _, _) in RoutingFile.Guarded)
            {
                rows.Add(dialect, feature, FaultKind.Cut);
                rows.Add(dialect, feature, FaultKind.Malformed);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task Stream_BreaksAfterFortyPieces_ClientGetsTheBackupsAnswerWhole(string dialect, string feature, FaultKind kind)
    {
        var (_, first, backup) = RoutingFile.Guarded.Single(g => g.Feature == feature);
        var client = Dialect.Of(dialect, edge);
        var ask = new Ask("Write 60 tokens about the café.") { Stream = true };
        var whole = await client.AskAsync(backup, ask);
        var key = Provider.Of(first).Key;
        Assert.True(edge.Clouds.Faults.Set(key, new FaultRule { Kind = kind, AfterChunks = Pieces, Count = 1 }));
        try
        {
            var before = edge.Clouds.Log.LastSeq;
            var answer = await client.AskAsync(feature, ask);

            Assert.Equal((whole.Text, whole.Stop, whole.Input, whole.Output), (answer.Text, answer.Stop, answer.Input, answer.Output));
            Assert.Equal([key, Provider.Of(backup).Key], edge.CallsAfter(before).Select(c => $"{c.Wire}/{c.Region}/{c.Model}"), StringComparer.Ordinal);
            var row = await edge.LedgerAsync(RequestIds.Last);
            Assert.Equal((RequestOutcome.Answered, backup), (row.Outcome, row.ServedBy));
            Assert.Equal([AttemptOutcome.Interrupted, AttemptOutcome.Answered], row.Attempts.Select(a => a.Outcome));
            Assert.True(row.Attempts[0].Usage.OutputTotal > 0 && row.Attempts[0].CostMicros > 0);
        }
        finally
        {
            edge.Clouds.Faults.Remove(key);
        }
    }
}
