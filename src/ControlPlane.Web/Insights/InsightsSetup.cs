namespace ControlPlane.Web.Insights;

internal static class InsightsSetup
{
    public static IServiceCollection AddInsights(this IServiceCollection services) => services
        .AddSingleton<UsageQueries>()
        .AddSingleton<CostQueries>()
        .AddSingleton<ChangeFeed>();
}
