namespace ControlPlane.Web.Edges;

internal static class EdgesSetup
{
    public static IServiceCollection AddEdges(this IServiceCollection services) => services
        .AddSingleton<EdgeDirectory>()
        .AddSingleton<EdgeStore>()
        .AddSingleton<EnvelopeSource>()
        .AddSingleton<EdgeBoard>()
        .AddSingleton<EdgeReports>()
        .AddSingleton<IsolationStore>()
        .AddSingleton<VersionWatcher>()
        .AddHostedService(provider => provider.GetRequiredService<VersionWatcher>());
}
