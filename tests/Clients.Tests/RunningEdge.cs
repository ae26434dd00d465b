using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Routing.Core.Snapshots;
using Routing.Core.Usage;
using Routing.Edge;
using Routing.Edge.Snapshots;
using Routing.Simulator;

namespace Clients.Tests;

/// <summary>An edge, run from a routing file, in front of a simulator, in this process and on one clock.</summary>
internal sealed class RunningEdge : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clients-").FullName;
    private readonly WebApplication _edge;

    private RunningEdge(SimulatorHost clouds, Func<Uri, Func<string, string>, string> routing, TimeProvider time)
    {
        Clouds = clouds;
        File.WriteAllText(InFolder("routing.yaml"), routing(clouds.Address, Secret));
        var builder = EdgeSetup.CreateBuilder([]);
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Edge:Listen"] = "http://127.0.0.1:0", ["Edge:ConfigFile"] = InFolder("routing.yaml"), ["Edge:UsageFile"] = InFolder("usage.jsonl"),
            ["Edge:DataDirectory"] = InFolder("data"), ["Edge:AllowedAddresses:0"] = clouds.Address.Authority, ["Logging:LogLevel:Default"] = "Warning",
            ["Identity:GoogleTokenAddress"] = new Uri(clouds.Address, "/token").ToString(),
        });
        builder.AddEdge();
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(new EdgeSeed(5)); // What is drawn is the same in every run.
        _edge = builder.Build();
        _edge.MapEdge();
    }

    public SimulatorHost Clouds { get; }
    public Uri Address => new(_edge.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()); // Of a server that listens.

    /// <param name="routing">Writes the routing file: from the address of the clouds and what makes a reference of a secret.</param>
    public static async Task<RunningEdge> StartAsync(SimulatorOptions simulator, Func<Uri, Func<string, string>, string> routing, TimeProvider time)
    {
        var running = new RunningEdge(await SimulatorHost.StartAsync(simulator, time, CancellationToken.None), routing, time);
        await running._edge.PrepareEdgeAsync(CancellationToken.None);
        await running._edge.StartAsync();
        return running;
    }

    /// <summary>The ledger's row of a request, if it is there yet.</summary>
    public UsageEvent? FindInLedger(Guid id)
    {
        if (!File.Exists(InFolder("usage.jsonl"))) return null;
        using var file = new FileStream(InFolder("usage.jsonl"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var text = reader.ReadToEnd();
        var whole = text[..(text.LastIndexOf('\n') + 1)]; // The last line may be half written.
        return whole.Split('\n', StringSplitOptions.RemoveEmptyEntries).Reverse()
            .Select(l => JsonSerializer.Deserialize(l, SnapshotJson.Default.UsageEvent)!) // A line is an event.
            .FirstOrDefault(e => e.Id == id);
    }

    public async ValueTask DisposeAsync()
    {
        await _edge.StopAsync(new CancellationToken(canceled: true));
        await _edge.DisposeAsync();
        await Clouds.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string InFolder(string name) => Path.Combine(_folder, name);

    private string Secret(string value)
    {
        var file = InFolder(Path.GetRandomFileName());
        File.WriteAllText(file, value);
        return $"file:{file}";
    }
}
