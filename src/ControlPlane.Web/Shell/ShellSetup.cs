using ControlPlane.Web.Ui;
using Microsoft.AspNetCore.Diagnostics;
using Radzen;

namespace ControlPlane.Web.Shell;

internal static class ShellSetup
{
    public static void AddShell(this WebApplicationBuilder builder)
    {
        // Outside a published folder the assets of the project and of Radzen are found through a manifest; by default only in Development.
        builder.WebHost.UseStaticWebAssets();
        IServiceCollection services = builder.Services;
        services.AddQuietLoggers();
        services.AddOptions<ShellOptions>().BindConfiguration(ShellOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddRadzenComponents();
        services.AddAuthentication();
        services.AddAuthorization();
        services.AddCascadingAuthenticationState();
        services.AddHttpContextAccessor();
        services.AddSingleton<PendingChanges>();
        services.AddUi();
    }

    public static void UseShell(this WebApplication app)
    {
        app.UseExceptionHandler(Urls.Error, createScopeForErrors: true);
        app.UseStatusCodePagesWithReExecute(Urls.NotFound, createScopeForStatusCodePages: true);
        app.Use(static (context, next) =>
        {
            // Only a browser gets a page for a failure; edges and scripts get the bare status.
            bool browser = context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);
            if (!browser && context.Features.Get<IStatusCodePagesFeature>() is { } pages)
                pages.Enabled = false;
            return next(context);
        });
        app.UseBrowserSecurity();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
    }

    public static void MapShell(this WebApplication app)
    {
        app.MapGet(Urls.Home, static () => Results.Redirect(Urls.Health)).ExcludeFromDescription();
        RazorComponentsEndpointConventionBuilder pages = app.MapRazorComponents<App>()
            // Ours says who may frame a page, in the same header as everything else.
            .AddInteractiveServerRenderMode(static options => options.ContentSecurityFrameAncestorsPolicy = null);

        // The manifest is named after the executable, which is not this project inside AllInOne, and is absent under a test host.
        string manifest = Path.Combine(AppContext.BaseDirectory, $"{app.Environment.ApplicationName}.staticwebassets.endpoints.json");
        if (File.Exists(manifest))
        {
            app.MapStaticAssets(manifest).AllowAnonymous();
            pages.WithStaticAssets(manifest);
        }
    }
}
