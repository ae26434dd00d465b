using AllInOne.Sample;
using ControlPlane.Web;
using ControlPlane.Web.Access;
using Routing.Edge;

namespace AllInOne;

/// <summary>Control plane, one edge and the stand-in clouds, started in the order in which they need each other.</summary>
internal static class Together
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(string[] args)
    {
        var builder = ControlPlaneSetup.CreateBuilder(args);
        var options = AllInOneOptions.From(builder.Configuration);
        var taken = options.TakenPorts().ToList();
        if (taken.Count > 0)
        {
            foreach (var sentence in taken) await Console.Error.WriteLineAsync(sentence);
            return 1;
        }

        using var stop = new CancellationTokenSource();
        var credentials = await SampleCredentials.LoadOrCreateAsync(options.DataDirectory, stop.Token);
        await using var clouds = await Clouds.StartAsync(builder.Configuration, credentials, stop.Token);
        await using var plane = Plane(builder, options, clouds.Address);
        await plane.StartAsync(stop.Token);
        var planeAddress = Address(plane);
        var seeded = await SampleSetup.SeedAsync(plane.Services, clouds.Address, credentials, options.Federated, stop.Token);

        await using var edge = await EdgeAsync(args, options, plane, planeAddress, clouds.Address, seeded, stop.Token);
        var edgeAddress = Address(edge);
        using var traffic = Traffic(options, plane, edgeAddress, credentials);
        if (traffic is not null) await traffic.StartAsync(stop.Token);
        var link = await plane.Services.GetRequiredService<SetupLink>().CreateIfNoUserAsync(stop.Token);
        Welcome.Print(planeAddress, edgeAddress, clouds.Address, link, credentials, options);

        await StopSignalAsync(plane);
        if (traffic is not null) await traffic.StopAsync(CancellationToken.None);
        await StopAsync(edge); // Before the control plane, which takes its last usage.
        await StopAsync(plane);
        return 0;
    }

    internal static WebApplication Plane(WebApplicationBuilder builder, AllInOneOptions options, Uri clouds)
    {
        builder.Configuration.AddInMemoryCollection(
        [
            new("ControlPlane:DataDirectory", options.ControlPlaneFolder),
            new("ControlPlane:AllowedAddresses:0", clouds.Authority),
            new("Identity:GoogleTokenAddress", new Uri(clouds, "/token").ToString()),
            .. SampleTrust.Home(clouds),
        ]);
        builder.AddControlPlane();
        var app = builder.Build();
        app.MapControlPlane();
        return app;
    }

    private static async Task<WebApplication> EdgeAsync(
        string[] args, AllInOneOptions options, WebApplication plane, Uri planeAddress, Uri clouds, bool fresh, CancellationToken cancellationToken)
    {
        // A new database knows no edge: what an edge kept from an older one is of no use.
        if (fresh && Directory.Exists(options.EdgeFolder)) Directory.Delete(options.EdgeFolder, recursive: true);
        var enrolled = File.Exists(Path.Combine(options.EdgeFolder, "identity.json"));
        var token = enrolled ? "" : await SampleSetup.EnrolmentAsync(plane.Services, "edge-1", cancellationToken);

        var builder = EdgeSetup.CreateBuilder(args);
        builder.Configuration.AddInMemoryCollection(
        [
            new("Edge:DataDirectory", options.EdgeFolder),
            new("Edge:ControlPlane:Address", planeAddress.GetLeftPart(UriPartial.Authority)),
            new("Edge:ControlPlane:EnrolToken", token),
            new("Edge:ControlPlane:Name", "edge-1"),
            new("Edge:AllowedAddresses:0", clouds.Authority),
            new("Identity:GoogleTokenAddress", new Uri(clouds, "/token").ToString()),
            .. SampleTrust.Home(clouds),
        ]);
        builder.AddEdge();
        var app = builder.Build();
        app.MapEdge();
        await app.PrepareEdgeAsync(cancellationToken);
        await app.StartAsync(cancellationToken);
        await ReadyAsync(Address(app), cancellationToken);
        return app;
    }

    /// <summary>The first envelope takes a moment; a first call should not be refused for it.</summary>
    private static async Task ReadyAsync(Uri edge, CancellationToken cancellationToken)
    {
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            using var answer = await http.SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(edge, "/readyz")), limit.Token);
            if (answer.IsSuccessStatusCode) return;
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, limit.Token);
        }
    }

    private static async Task StopSignalAsync(WebApplication app)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var _ = app.Lifetime.ApplicationStopping.Register(stopping.SetResult);
        await stopping.Task;
    }

    /// <summary>Somebody waits at the keyboard: whoever is still being answered is cut off.</summary>
    private static async Task StopAsync(WebApplication app)
    {
        using var limit = new CancellationTokenSource(StopLimit);
        await app.StopAsync(limit.Token);
    }

    private static SampleTraffic? Traffic(AllInOneOptions options, WebApplication plane, Uri edge, SampleCredentials credentials) =>
        !options.SampleTraffic ? null : new SampleTraffic(
            new SampleTrafficOptions(edge, credentials.CallerKey, options.SampleRequestsPerSecond), TimeProvider.System,
            plane.Services.GetRequiredService<ILogger<SampleTraffic>>());

    private static Uri Address(WebApplication app) => new(app.Urls.First());
}
