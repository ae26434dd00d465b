using ControlPlane.Web.Access;
using ControlPlane.Web.Edges;
using ControlPlane.Web.Insights;
using ControlPlane.Web.Jobs;
using ControlPlane.Web.Shell;

namespace ControlPlane.Web;

/// <summary>The control plane as a list of slices; the stand-alone process and AllInOne host it through the same three calls.</summary>
public static class ControlPlaneSetup
{
    public const string DefaultListen = "http://127.0.0.1:5100";

    /// <summary>Reads the one appsettings.json beside the executable: under `dotnet run` the content root is the project folder, which has none.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
        builder.Configuration.Sources.Clear();
        builder.Configuration
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true, reloadOnChange: false)
            .AddEnvironmentVariables()
            .AddCommandLine(args);
        return builder;
    }

    public static WebApplicationBuilder AddControlPlane(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        // No argument = no configuration section: a stray top-level Kestrel section must not open a second port.
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Configure());
        builder.WebHost.UseUrls(builder.Configuration["ControlPlane:Listen"] ?? DefaultListen);

        builder.Services.AddControlPlaneServices(builder.Configuration);
        builder.AddShell();
        builder.Services.AddAccess(builder.Configuration);
        builder.Services.AddJobClock(builder.Configuration);
        builder.Services.AddHostedService<Publishing.PendingCounter>();
        return builder;
    }

    public static WebApplication MapControlPlane(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseShell();
        app.MapShell();
        app.MapEdges();
        app.MapInsights();
        app.MapAccess();
        return app;
    }
}
