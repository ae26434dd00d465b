using System.Globalization;

namespace Drill;

internal sealed record DrillOptions
{
    public required IReadOnlyList<Uri> Edges { get; init; }
    public required string Key { get; init; }

    /// <summary>Of the kill drill: the ledger.</summary>
    public string Database { get; init; } = "";

    /// <summary>Script that kills and starts one of the processes: <c>SCRIPT kill NAME</c>, <c>SCRIPT start NAME</c>.</summary>
    public required string RunScript { get; init; }
    public int Rate { get; init; } = 50;

    /// <summary>An outage of the control plane ends after this many requests, so that no verdict hangs on a clock.</summary>
    public int OutageRequests { get; init; } = 500;

    /// <summary>When set, the control plane stays away for this long instead.</summary>
    public int OutageSeconds { get; init; }
    public int EdgeKills { get; init; } = 5;

    /// <summary>Of the restart drill.</summary>
    public int Restarts { get; init; } = 4;

    /// <summary>Calls to end at least, in the restart drill.</summary>
    public int Requests { get; init; } = 10_000;

    public static DrillOptions Parse(string[] arguments)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i + 1 < arguments.Length; i += 2) values[arguments[i]] = arguments[i + 1];
        return new DrillOptions
        {
            Edges = [.. Required("--edges").Split(',').Select(e => new Uri(e))],
            Key = Required("--key"),
            Database = values.GetValueOrDefault("--database", ""),
            RunScript = Required("--run"),
            Rate = Number("--rate", 50),
            OutageRequests = Number("--outage-requests", 500),
            OutageSeconds = Number("--outage-seconds", 0),
            EdgeKills = Number("--edge-kills", 5),
            Restarts = Number("--restarts", 4),
            Requests = Number("--requests", 10_000),
        };

        string Required(string name) => values.TryGetValue(name, out var value) ? value : throw new ArgumentException($"{name} is missing.");
        int Number(string name, int otherwise) => values.TryGetValue(name, out var value) ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;
    }
}
