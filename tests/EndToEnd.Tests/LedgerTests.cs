using Microsoft.Data.Sqlite;

namespace EndToEnd.Tests;

public sealed class LedgerTests(RunningProduct product) : IClassFixture<RunningProduct>
{
    private static readonly TimeSpan ReportLimit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Requests_AnsweredCalls_EachIsRecordedOnce()
    {
        var answered = new List<Guid>();
        foreach (var feature in new[] { "thread-summary", "search-answer", "huddle-notes", "channel-recap", "translate" })
        {
            var client = new FeatureClient(product, feature);
            for (var i = 0; i < 4; i++) answered.Add(Guid.Parse((await client.AskAsync($"Message {i}.")).RequestId));
        }

        var recorded = new List<Guid>();
        await Poll.UntilAsync("every answered call is in the ledger", ReportLimit, async () =>
        {
            recorded = await RecordedAsync();
            return answered.TrueForAll(recorded.Contains);
        });

        Assert.Equal(answered.Order(), recorded.Order());
    }

    private async Task<List<Guid>> RecordedAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={product.Database};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT Id FROM Requests";
        await using var rows = await command.ExecuteReaderAsync();
        var ids = new List<Guid>();
        while (await rows.ReadAsync()) ids.Add(rows.GetGuid(0));
        return ids;
    }
}
