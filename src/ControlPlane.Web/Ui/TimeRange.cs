namespace ControlPlane.Web.Ui;

/// <summary>A relative range that stays relative in the address: ?from=now-1h.</summary>
public sealed record TimeRange(string Key, string Name, string Short, TimeSpan Length, TimeSpan Step)
{
    public const string QueryName = "from";

    /// <summary>Step = at most 400 points, on boundaries the rollups have.</summary>
    public static readonly IReadOnlyList<TimeRange> All =
    [
        new("now-15m", "Last 15 minutes", "15 min", TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(1)),
        new("now-1h", "Last 1 hour", "1 h", TimeSpan.FromHours(1), TimeSpan.FromMinutes(1)),
        new("now-6h", "Last 6 hours", "6 h", TimeSpan.FromHours(6), TimeSpan.FromMinutes(1)),
        new("now-24h", "Last 24 hours", "24 h", TimeSpan.FromHours(24), TimeSpan.FromMinutes(5)),
        new("now-7d", "Last 7 days", "7 d", TimeSpan.FromDays(7), TimeSpan.FromHours(1)),
    ];

    public static TimeRange Default => All[1];

    /// <summary>An unknown value is ignored: the default range.</summary>
    public static TimeRange Parse(string? key) => All.FirstOrDefault(range => range.Key == key) ?? Default;

    public (DateTimeOffset From, DateTimeOffset To) At(DateTimeOffset now) => (now - Length, now);
}
