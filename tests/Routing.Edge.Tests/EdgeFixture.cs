using System.Collections.Immutable;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Routing.Core.Budgets;
using Routing.Core.Usage;

namespace Routing.Edge.Tests;

/// <summary>A whole edge on a free port, run from a file, in front of a scripted provider with two models.</summary>
internal sealed class EdgeFixture : IAsyncDisposable
{
    public const string Key = "rk_test_0123456789012345678901234567890123456789012";

    private readonly TempFolder _folder = new();
    private readonly WebApplication _app;

    private EdgeFixture(WebApplication app, ScriptedProvider provider, TempFolder folder)
    {
        (_app, Provider, _folder) = (app, provider, folder);
        Client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = Address };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
    }

    public ScriptedProvider Provider { get; }
    public HttpClient Client { get; }
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    public string ConfigPath => _folder.File("routing.yaml");
    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public static async Task<EdgeFixture> StartAsync(int totalMs = 20_000, int mostBytes = 100_000, IReadOnlyDictionary<string, string?>? settings = null, ILoggerProvider? log = null, Func<string, string>? yaml = null, TimeProvider? time = null, LeaseSource? leases = null)
    {
        var provider = await ScriptedProvider.StartAsync();
        var folder = new TempFolder();
        File.WriteAllText(folder.File("key"), "provider-key");
        var routing = Yaml(provider.Address, folder.File("key"), totalMs);
        File.WriteAllText(folder.File("routing.yaml"), yaml?.Invoke(routing) ?? routing);
        var builder = EdgeSetup.CreateBuilder([]);
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Edge:Listen"] = "http://127.0.0.1:0",
            ["Edge:ConfigFile"] = folder.File("routing.yaml"),
            ["Edge:UsageFile"] = folder.File("usage.jsonl"),
            ["Edge:DataDirectory"] = folder.File("data"),
            ["Edge:MaxBodyBytes"] = mostBytes.ToString(CultureInfo.InvariantCulture),
            ["Edge:AllowedAddresses:0"] = provider.Address.Authority,
        });
        builder.Configuration.AddInMemoryCollection(settings ?? ImmutableDictionary<string, string?>.Empty);
        if (log is not null) builder.Logging.AddProvider(log);
        builder.AddEdge();
        if (time is not null) builder.Services.AddSingleton(time);
        if (leases is not null) builder.Services.AddSingleton(leases);
        var app = builder.Build();
        app.MapEdge();
        await app.PrepareEdgeAsync(CancellationToken.None);
        await app.StartAsync();
        return new EdgeFixture(app, provider, folder);
    }

    public static string Yaml(Uri provider, string keyFile, int totalMs) => $$"""
        accounts:
          - { id: p, provider: openai_compatible, address: "http://{{provider.Authority}}", credential: { kind: api_key, fields: { key: "file:{{keyFile}}" } } }
          - { id: q, provider: anthropic, address: "http://{{provider.Authority}}", credential: { kind: api_key, fields: { key: "file:{{keyFile}}" } } }
        modelEndpoints:
          - { id: first, account: p, model: model-a }
          - { id: second, account: p, model: model-b }
          - { id: vectors, account: p, model: text-embedding-x }
          - { id: third, account: q, model: claude-x }
          - { id: fourth, account: p, model: gpt-x, quirks: { preset: openai } }
        features:
          - name: chat
            firstTokenMs: 10000
            totalMs: {{totalMs}}
            candidates: [ { modelEndpoint: first }, { modelEndpoint: second, tier: 2, role: backup } ]
          - name: translated
            firstTokenMs: 10000
            candidates: [ { modelEndpoint: third } ]
          - name: forwarded
            firstTokenMs: 10000
            candidates: [ { modelEndpoint: fourth } ]
          - name: embed
            candidates: [ { modelEndpoint: vectors } ]
          - name: other
            candidates: [ { modelEndpoint: first } ]
        callers:
          - { id: app, keys: [ { sha256: "{{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key)))}}" } ], features: [ chat, embed, translated, forwarded ] }
        prices:
          - { modelEndpoint: first, from: 2026-01-01T00:00:00Z, input: 1000000, output: 2000000 }
        """;

    public Task<HttpResponseMessage> ChatAsync(string json, HttpCompletionOption until = HttpCompletionOption.ResponseContentRead) =>
        PostAsync("/v1/chat/completions", json, until);

    public Task<HttpResponseMessage> PostAsync(string path, string json, HttpCompletionOption until = HttpCompletionOption.ResponseContentRead) =>
        Client.SendAsync(new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        }, until);

    public static string Body(bool stream, string more = "") =>
        $$"""{"model":"chat","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"hi"}]{{more}}}""";

    /// <summary>The ledger's rows, once there are as many as expected.</summary>
    public async Task<List<UsageEvent>> LedgerAsync(int count)
    {
        for (var waited = 0; waited < 400; waited++)
        {
            var rows = Rows();
            if (rows.Count >= count) return rows;
            await Task.Delay(25);
        }

        return Rows();
    }

    /// <summary>Everything the edge has written, the ledger and its spool included, that holds the text.</summary>
    public List<string> FilesWith(string text) => [.. Directory.EnumerateFiles(Path.GetDirectoryName(ConfigPath)!, "*", SearchOption.AllDirectories).Where(f => Holds(f, text))]; // A file has a folder.

    private static bool Holds(string path, string text)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file, Encoding.Latin1);
        return reader.ReadToEnd().Contains(text, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        await Provider.DisposeAsync();
        _folder.Dispose();
    }

    private List<UsageEvent> Rows()
    {
        var path = _folder.File("usage.jsonl");
        if (!File.Exists(path)) return [];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonSerializer.Deserialize(l, Core.Snapshots.SnapshotJson.Default.UsageEvent)!)];
    }
}
