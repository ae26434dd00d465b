namespace ControlPlane.Web.Usage;

internal static class UsageSetup
{
    public static IServiceCollection AddUsage(this IServiceCollection services) => services
        .AddSingleton<UsageIngest>()
        .AddSingleton<RollupJob>()
        .AddSingleton<RetentionJob>();
}
