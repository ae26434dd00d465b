using Microsoft.Data.Sqlite;

namespace Drill;

/// <summary>The control plane's database, read from outside.</summary>
internal sealed class LedgerDatabase(string file)
{
    /// <summary>How often each request id of the list is in the ledger.</summary>
    public async Task<IReadOnlyDictionary<string, int>> CountAsync(IReadOnlyCollection<string> ids)
    {
        var wanted = ids.Select(Guid.Parse).ToHashSet();
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        await using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Default Timeout=30");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT Id FROM Requests";
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var id = Guid.Parse(reader.GetString(0));
            if (wanted.Contains(id)) counts[id.ToString()] = counts.GetValueOrDefault(id.ToString()) + 1;
        }

        return counts;
    }
}
