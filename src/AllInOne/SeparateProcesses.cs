using AllInOne.Sample;
using ControlPlane.Web;
using ControlPlane.Web.Access;

namespace AllInOne;

/// <summary>Helps eng/run.sh to start the sample as separate processes, the shape of a real install.</summary>
internal static class SeparateProcesses
{
    /// <summary>Seeds an empty database and writes, for the script, <c>caller.key</c>, <c>sign-in.link</c> and one <c>EDGE.token</c> per edge.</summary>
    public static async Task<int> SeedAsync(string[] edges, string[] args)
    {
        var builder = ControlPlaneSetup.CreateBuilder(args);
        var options = AllInOneOptions.From(builder.Configuration);
        builder.Configuration.AddInMemoryCollection([new("ControlPlane:Listen", "http://127.0.0.1:0")]);
        var credentials = await SampleCredentials.LoadOrCreateAsync(options.DataDirectory, CancellationToken.None);
        await using var plane = Together.Plane(builder, options, options.Simulator);
        await plane.StartAsync();
        await SampleSetup.SeedAsync(plane.Services, options.Simulator, credentials, options.Federated, CancellationToken.None);
        await WriteAsync(options, "caller.key", credentials.CallerKey);
        await WriteAsync(options, "sign-in.link", await plane.Services.GetRequiredService<SetupLink>().CreateIfNoUserAsync(CancellationToken.None) ?? "/sign-in");
        foreach (var edge in edges) await WriteAsync(options, edge + ".token", await SampleSetup.EnrolmentAsync(plane.Services, edge, CancellationToken.None));
        await plane.StopAsync();
        return 0;
    }

    public static async Task<int> SimulatorAsync(string[] args)
    {
        var builder = ControlPlaneSetup.CreateBuilder(args);
        var options = AllInOneOptions.From(builder.Configuration);
        var credentials = await SampleCredentials.LoadOrCreateAsync(options.DataDirectory, CancellationToken.None);
        await using var clouds = await Clouds.StartAsync(builder.Configuration, credentials, CancellationToken.None);
        Console.WriteLine($"simulated clouds {clouds.Address}");
        using var host = new HostBuilder().UseConsoleLifetime(c => c.SuppressStatusMessages = true).Build();
        await host.RunAsync();
        return 0;
    }

    // Read by the owner's processes only.
    private static async Task WriteAsync(AllInOneOptions options, string name, string text)
    {
        var how = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var file = new StreamWriter(Path.Combine(options.DataDirectory, name), how);
        await file.WriteAsync(text);
    }
}
