namespace ControlPlane.Web.Explain;

internal static class ExplainSetup
{
    public static IServiceCollection AddExplain(this IServiceCollection services) => services.AddSingleton<CallsNowQueries>();
}
