using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ControlPlane.Web.Ui;

internal static class UiSetup
{
    public static void AddUi(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<LiveTicker>();
        services.AddScoped<LiveState>();
        services.AddScoped<Announcer>();
    }
}
