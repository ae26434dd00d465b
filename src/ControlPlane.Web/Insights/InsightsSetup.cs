using System.Text;
using ControlPlane.Web.Ui;

namespace ControlPlane.Web.Insights;

internal static class InsightsSetup
{
    public const string CostCsvPath = "/cost.csv";

    public static IServiceCollection AddInsights(this IServiceCollection services) => services
        .AddSingleton<UsageQueries>()
        .AddSingleton<CostQueries>()
        .AddSingleton<ChangeFeed>();

    /// <summary>The cost table as a file; any signed-in person may read it, as they may read the page.</summary>
    public static void MapInsights(this IEndpointRouteBuilder routes) =>
        routes.MapGet(CostCsvPath, async (string? group, string? from, string? feature, CostQueries cost, TimeProvider time, CancellationToken cancellationToken) =>
        {
            CostGroup by = Enum.TryParse(group, ignoreCase: true, out CostGroup known) && Enum.IsDefined(known) ? known : CostGroup.Feature;
            TimeRange range = TimeRange.Parse(from);
            (DateTimeOffset start, DateTimeOffset end) = range.At(time.GetUtcNow());
            CostTable table = await cost.ReadAsync(by, start, end, range.Step, feature, cancellationToken);
            return Results.File(Encoding.UTF8.GetBytes(CostCsv.Write(table, by)), "text/csv; charset=utf-8", $"cost-{by.ToString().ToLowerInvariant()}-{range.Short.Replace(' ', '-')}.csv");
        });
}
