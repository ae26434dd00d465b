using Microsoft.AspNetCore.TestHost;
using Microsoft.Data.Sqlite;

namespace ControlPlane.Web.Tests.Data;

/// <summary>The whole control plane over a test server, with its jobs, on a database of its own.</summary>
internal sealed class ServedPlane : IAsyncDisposable
{
    private readonly string _folder;

    private ServedPlane(WebApplication app, string folder) => (App, _folder) = (app, folder);

    public WebApplication App { get; }

    public static async Task<ServedPlane> StartAsync()
    {
        string folder = Directory.CreateTempSubdirectory("plane-").FullName;
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = typeof(ControlPlaneSetup).Assembly.GetName().Name, EnvironmentName = Environments.Production });
        builder.Configuration["ControlPlane:DataDirectory"] = folder;
        builder.Logging.ClearProviders();
        builder.AddControlPlane();
        builder.WebHost.UseTestServer();
        WebApplication app = builder.Build();
        app.MapControlPlane();
        await app.StartAsync();
        return new ServedPlane(app, folder);
    }

    public async ValueTask DisposeAsync()
    {
        // Jobs end before what they use goes, and before their files do.
        await App.StopAsync();
        await App.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
