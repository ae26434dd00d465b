using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Routing.Core.Budgets;
using Routing.Core.Credentials;
using Routing.Core.Health;
using Routing.Core.Providers;
using Routing.Core.Snapshots;
using Routing.Core.Tables;
using TestKit;

namespace Routing.Edge.Tests.Snapshots;

public sealed class ControlPlaneLoopTests
{
    private static readonly string KeyHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(EdgeFixture.Key)));

    [Fact]
    public async Task Life_EnrolServeRevokeRefuseRestart()
    {
        await using var provider = await ScriptedProvider.StartAsync();
        provider.OnStatus("model-a", 200, ScriptedProvider.Whole);
        await using var plane = await FakeControlPlane.StartAsync();
        using var folder = new TempFolder();

        await using (var edge = await RunAsync(plane, provider, folder, plane.Token))
        {
            // Enrolled, and ready only with a configuration.
            await Eventually.HoldsAsync(() => plane.EdgeKey.Length > 0);
            Assert.Equal(503, await StatusAsync(edge, "/readyz"));
            plane.Publish(Envelope(plane, provider, 1, 1));
            await Eventually.HoldsAsync(() => Table(edge)?.Revision == 1);
            Assert.Equal(200, await ChatAsync(edge));
            await Eventually.HoldsAsync(() => plane.Reports.Any(r => r is { Revision: 1, Overlay: 1, RefusedRevision: null }));
            await Eventually.HoldsAsync(() => plane.Usage.Count == 1 && !plane.Health.IsEmpty);
            Assert.Equal(1, Edges(edge));
            plane.Edges = 4;
            await Eventually.HoldsAsync(() => Edges(edge) == 4);

            // Poison: refused with its path, the old one serves on.
            plane.Publish(Envelope(plane, provider, 2, 1, maxAttempts: 99));
            await Eventually.HoldsAsync(() => plane.Reports.Any(r => r.RefusedRevision == 2 && r.Problems.Any(p => p.Path.Contains("maxAttempts", StringComparison.Ordinal))));
            Assert.Equal(1, Table(edge)!.Revision);
            Assert.Equal(200, await ChatAsync(edge));

            // A forged envelope.
            plane.BreakSignature = true;
            plane.Publish(Envelope(plane, provider, 3, 1));
            await Eventually.HoldsAsync(() => plane.Reports.Any(r => r.Problems.Any(p => p.Code == "signature_invalid")));
            plane.BreakSignature = false;

            // Back in time, and another epoch.
            plane.Publish(Envelope(plane, provider, 0, 1));
            await Eventually.HoldsAsync(() => plane.Reports.Any(r => r.Problems.Any(p => p.Code == "stale")));
            plane.Publish(Envelope(plane, provider, 9, 9) with { Epoch = "restored" });
            await Eventually.HoldsAsync(() => plane.Reports.Any(r => r.Problems.Any(p => p.Code == "epoch_changed")));
            plane.Publish(Envelope(plane, provider, 9, 9) with { EdgeId = "edge-2" });
            await Eventually.HoldsAsync(() => plane.Reports.Any(r => r.Problems.Any(p => p.Code == "wrong_edge")));
            Assert.Equal(1, Table(edge)!.Revision);

            // The overlay acts without a publish: isolation, then a revoked key.
            plane.Publish(Envelope(plane, provider, 1, 2, isolated: true));
            await Eventually.HoldsAsync(() => Table(edge)!.Overlay == 2);
            Assert.Equal(503, await ChatAsync(edge));
            plane.Publish(Envelope(plane, provider, 1, 3, revoked: true));
            await Eventually.HoldsAsync(() => Table(edge)!.Overlay == 3);
            Assert.Equal(401, await ChatAsync(edge));
            plane.Publish(Envelope(plane, provider, 1, 4));
            await Eventually.HoldsAsync(() => Table(edge)!.Overlay == 4);
            Assert.Equal(200, await ChatAsync(edge));
        }

        // The secret stays sealed on the disk.
        Assert.All(Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories),
            path => Assert.DoesNotContain("provider-secret-canary", File.ReadAllText(path), StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File("data/identity.json")));
        var dead = plane.Address;
        await plane.DisposeAsync();

        // Cold start without the control plane: serves at once from the disk; events wait in the spool.
        await using var again = await RunAsync(dead, provider, folder, "");
        Assert.Equal((1, 4), (Table(again)!.Revision, Table(again)!.Overlay));
        Assert.Equal(4, Edges(again)); // A quarter of the trickle is its own, whoever is left to say so.
        var spool = again.Services.GetRequiredService<Edge.Usage.UsageSpool>();
        var left = spool.Pending;
        Assert.Equal(200, await ChatAsync(again));
        Assert.Equal(left + 1, spool.Pending);
    }

    [Theory]
    [InlineData("env:PATH")]
    [InlineData("file:/etc/hostname")]
    public async Task Pull_EnvelopeRefersToThisMachine_IsRefusedAndTheTableStays(string reference)
    {
        await RefusesAsync(e => e with
        {
            Revision = e.Revision with
            {
                Accounts = [e.Revision.Accounts[0] with
                {
                    Credential = new CredentialConfig { Kind = CredentialKind.ApiKey, Fields = ImmutableDictionary<string, string>.Empty.Add("key", reference) },
                }],
            },
        }, "accounts[p].credential.fields.key", "reference_not_sealed");
    }

    [Fact]
    public async Task Pull_LiveDocumentComparesCostsOfTwoCurrencies_IsServedByTheFirst()
    {
        await using var provider = await ScriptedProvider.StartAsync();
        provider.OnStatus("model-b", 200, ScriptedProvider.Whole);
        await using var plane = await FakeControlPlane.StartAsync();
        using var folder = new TempFolder();
        await using var edge = await RunAsync(plane, provider, folder, plane.Token);
        await Eventually.HoldsAsync(() => plane.EdgeKey.Length > 0);
        var envelope = Envelope(plane, provider, 1, 1);
        var from = DateTimeOffset.UnixEpoch.AddYears(55);

        plane.Publish(envelope with
        {
            Revision = envelope.Revision with
            {
                ModelEndpoints = [envelope.Revision.ModelEndpoints[0], envelope.Revision.ModelEndpoints[0] with { Id = "second", Model = "model-b" }],
                Features = [envelope.Revision.Features[0] with
                {
                    Selection = SelectionStrategy.Cheapest, Candidates = [new CandidateConfig { ModelEndpoint = "second", Weight = 50 }, new CandidateConfig { ModelEndpoint = "first", Weight = 50 }],
                }],
                Prices =
                [
                    new PriceConfig { ModelEndpoint = "first", From = from, Input = 1, Output = 1, Currency = "EUR" },
                    new PriceConfig { ModelEndpoint = "second", From = from, Input = 1_000_000, Output = 1_000_000 },
                ],
            },
        });

        await Eventually.HoldsAsync(() => plane.Reports.Any(r => r is { Revision: 1, RefusedRevision: null }));
        Assert.Equal(200, await ChatAsync(edge));
    }

    [Fact]
    public async Task Budget_SpentOnThisEdge_IsReportedAndServedAgainOnceTheControlPlaneLetsItGoFurther()
    {
        await using var provider = await ScriptedProvider.StartAsync();
        provider.OnStatus("model-a", 200, ScriptedProvider.Whole);
        await using var plane = await FakeControlPlane.StartAsync();
        using var folder = new TempFolder();
        plane.Edges = 1;
        await using (var edge = await RunAsync(plane, provider, folder, plane.Token))
        {
            await Eventually.HoldsAsync(() => plane.EdgeKey.Length > 0);
            var envelope = Envelope(plane, provider, 1, 1);
            plane.Publish(envelope with
            {
                Revision = envelope.Revision with
                {
                    Features = [envelope.Revision.Features[0] with { BudgetMicros = 1, BudgetAction = BudgetAction.Stop }],
                    Prices = [new PriceConfig { ModelEndpoint = "first", From = DateTimeOffset.UnixEpoch.AddYears(55), Input = 1_000_000, Output = 1_000_000 }],
                },
            });
            await Eventually.HoldsAsync(() => Table(edge)?.Revision == 1);
            Assert.Equal(200, await ChatAsync(edge));
            Assert.Equal(429, await ChatAsync(edge));
            await Eventually.HoldsAsync(() => plane.Health.Any(h => h.Budgets.Any(b => b is { Feature: "chat", Spent: > 0, UpTo: null })));

            var spent = plane.Health.Last().Budgets[0];
            plane.Budgets = [spent with { UpTo = spent.Spent + 1 }];
            await Eventually.HoldsAsync(() => plane.Health.Last().Budgets is [{ UpTo: not null }]);
            Assert.Equal(200, await ChatAsync(edge));
            Assert.Equal(429, await ChatAsync(edge));

            // Told that others have not spent theirs, it is not the end; without a word, as from an older control plane, it is.
            spent = plane.Health.Last().Budgets[0];
            plane.Budgets = [spent with { UpTo = spent.Spent, IsSpent = false }];
            await Eventually.HoldsAsync(() => Budget(edge).IsWholeSpent(spent.Month) == false);
            plane.Budgets = [spent with { UpTo = spent.Spent, IsSpent = null }];
            await Eventually.HoldsAsync(() => Budget(edge).IsWholeSpent(spent.Month) is null);
        }

        // Killed or stopped, and without its control plane: neither the month anew nor less than it may.
        await using var again = await RunAsync(new Uri("http://127.0.0.1:9"), provider, folder, "");
        Assert.Equal(429, await ChatAsync(again));
    }

    [Fact]
    public async Task Pull_RevokedKeyIsNoHash_IsRefusedWithItsPathAndTheTableStays() =>
        await RefusesAsync(e => e with { Overlay = e.Overlay with { RevokedKeys = [KeyHash, "no-hash"] } }, "overlay.revokedKeys[1]", "sha256_shape");

    [Fact]
    public async Task Pull_IsolationOfNothing_IsRefusedWithItsPathAndTheTableStays() =>
        await RefusesAsync(e => e with { Overlay = e.Overlay with { Isolations = [null!] } }, "overlay.isolations[0]", "item_incomplete");

    [Fact]
    public async Task Pull_ForcedShareOverAHundred_IsRefusedWithItsPathAndTheTableStays() =>
        await RefusesAsync(e => e with { Overlay = e.Overlay with { ForcedShares = [new("first", 101, DateTimeOffset.MaxValue, "drill", "ana")] } }, "overlay.forcedShares[0].sharePercent", "out_of_range");

    [Fact]
    public async Task Pull_FeaturesGoneWithoutAWord_IsRefusedAndFollowedOnceConfirmed()
    {
        await using var provider = await ScriptedProvider.StartAsync();
        provider.OnStatus("model-a", 200, ScriptedProvider.Whole);
        await using var plane = await FakeControlPlane.StartAsync();
        using var folder = new TempFolder();
        await using var edge = await RunAsync(plane, provider, folder, plane.Token);
        await Eventually.HoldsAsync(() => plane.EdgeKey.Length > 0);
        plane.Publish(Envelope(plane, provider, 1, 1));
        await Eventually.HoldsAsync(() => Table(edge)?.Revision == 1);

        var emptied = Envelope(plane, provider, 2, 1);
        emptied = emptied with { Revision = emptied.Revision with { Callers = [], Features = [] } };
        plane.Publish(emptied);
        await Eventually.HoldsAsync(() => plane.Reports.Any(r => r.RefusedRevision == 2 && r.Problems.Any(p => p is { Path: "features", Code: "shrinks" })));
        Assert.Equal(200, await ChatAsync(edge));

        // Confirmed for a revision the edge has already: says nothing about this one.
        plane.Publish(emptied with { Overlay = emptied.Overlay with { Version = 2, ConfirmedShrink = 1 } });
        await Eventually.HoldsAsync(() => plane.Reports.Any(r => r is { RefusedRevision: 2, RefusedOverlay: 2 }));
        Assert.Equal(1, Table(edge)!.Revision);

        // What cannot wait does not wait for the revision: an isolation reaches the one in use.
        plane.Publish(emptied with { Overlay = emptied.Overlay with { Version = 3, Isolations = [new("first", DateTimeOffset.MaxValue, "drill", "ana")] } });
        var health = edge.Services.GetRequiredService<EndpointHealthRegistry>();
        await Eventually.HoldsAsync(() => Table(edge) is { Revision: 1, Overlay: 3 } && health.Find("first")!.State == BreakerState.Isolated); // The breakers follow the table.

        plane.Publish(emptied with { Overlay = emptied.Overlay with { Version = 4, ConfirmedShrink = 2 } });
        await Eventually.HoldsAsync(() => Table(edge)!.Revision == 2);
        Assert.Equal(401, await ChatAsync(edge));
    }

    [Fact]
    public async Task Overlay_ForcedShare_ActsWithoutAPublishAndEndsWithTheOverlay()
    {
        await using var provider = await ScriptedProvider.StartAsync();
        provider.OnStatus("model-a", 200, ScriptedProvider.Whole);
        await using var plane = await FakeControlPlane.StartAsync();
        using var folder = new TempFolder();
        await using var edge = await RunAsync(plane, provider, folder, plane.Token);
        await Eventually.HoldsAsync(() => plane.EdgeKey.Length > 0);
        plane.Publish(Envelope(plane, provider, 1, 1));
        await Eventually.HoldsAsync(() => Table(edge)?.Overlay == 1);

        await ForceAsync(2, 25);
        Assert.Equal((BreakerState.PartialOpen, 25), Breaker());
        await ForceAsync(3, 0);
        Assert.Equal((BreakerState.Open, 0), Breaker());
        Assert.Equal(200, await ChatAsync(edge)); // no other candidate is left: better asked than refused
        await ForceAsync(4, 100);
        Assert.Equal((BreakerState.Closed, 100), Breaker());
        await ForceAsync(5, 25);
        plane.Publish(Envelope(plane, provider, 1, 6));
        await Eventually.HoldsAsync(() => Table(edge)!.Overlay == 6 && Health().View().Reason.Contains("control plane", StringComparison.Ordinal));
        await Eventually.HoldsAsync(() => plane.Health.Any(h => h.Transitions.Any(t => t.Cause == TransitionCause.Forced)));

        async Task ForceAsync(long overlay, int percent)
        {
            var envelope = Envelope(plane, provider, 1, overlay);
            var forced = new ForcedShare("first", percent, TimeProvider.System.GetUtcNow().AddHours(1), "drill", "ana");
            plane.Publish(envelope with { Overlay = envelope.Overlay with { ForcedShares = [forced] } });
            await Eventually.HoldsAsync(() => Table(edge)!.Overlay == overlay && (percent == 100 ? Breaker().State == BreakerState.Closed : Breaker().SharePercent == percent));
        }

        EndpointHealth Health() => edge.Services.GetRequiredService<EndpointHealthRegistry>().Find("first")!; // it is in the table

        (BreakerState State, int SharePercent) Breaker() => Health().View() is var view ? (view.State, view.SharePercent) : default;
    }

    [Fact]
    public async Task Usage_PlaneRefuses_IsKeptAndComesLater()
    {
        await using var provider = await ScriptedProvider.StartAsync();
        provider.OnStatus("model-a", 200, ScriptedProvider.Whole);
        await using var plane = await FakeControlPlane.StartAsync();
        using var folder = new TempFolder();
        plane.RefuseUsage = true;
        await using var edge = await RunAsync(plane, provider, folder, plane.Token);
        await Eventually.HoldsAsync(() => plane.EdgeKey.Length > 0);
        plane.Publish(Envelope(plane, provider, 1, 1));
        await Eventually.HoldsAsync(() => Table(edge) is not null);
        for (var i = 0; i < 5; i++) Assert.Equal(200, await ChatAsync(edge));
        Assert.Equal(5, edge.Services.GetRequiredService<Edge.Usage.UsageSpool>().Pending);
        plane.RefuseUsage = false;
        await Eventually.HoldsAsync(() => plane.Usage.Count == 5);
        await Eventually.HoldsAsync(() => edge.Services.GetRequiredService<Edge.Usage.UsageSpool>().Pending == 0);
    }

    [Fact]
    public async Task Health_CopiesToAShadowFoundNoRoom_SaysHowMany()
    {
        await using var provider = await ScriptedProvider.StartAsync();
        provider.OnStatus("model-a", 200, ScriptedProvider.Whole);
        await using var plane = await FakeControlPlane.StartAsync();
        using var folder = new TempFolder();
        await using var edge = await RunAsync(plane, provider, folder, plane.Token);
        await Eventually.HoldsAsync(() => plane.EdgeKey.Length > 0);
        var envelope = Envelope(plane, provider, 1, 1);
        plane.Publish(envelope with
        {
            Revision = envelope.Revision with
            {
                ModelEndpoints = [.. envelope.Revision.ModelEndpoints, new ModelEndpointConfig { Id = "shade", Account = "p", Model = "shadow-x" }],
                Features = [envelope.Revision.Features[0] with { ShadowPercent = 100, Candidates = [.. envelope.Revision.Features[0].Candidates, new CandidateConfig { ModelEndpoint = "shade", Role = CandidateRole.Shadow }] }],
            },
        });
        await Eventually.HoldsAsync(() => Table(edge)?.Revision == 1);

        for (var i = 0; i < 3; i++) Assert.Equal(200, await ChatAsync(edge));

        await Eventually.HoldsAsync(() => plane.Health.Last().Shed == new ShedCalls(0, 0, 3));
    }

    [Fact]
    public async Task Enrol_SigningKeyNotTheTokens_IsRefused()
    {
        await using var provider = await ScriptedProvider.StartAsync();
        await using var plane = await FakeControlPlane.StartAsync();
        using var folder = new TempFolder();
        var other = plane.Token[..^4] + (plane.Token.EndsWith("AAAA", StringComparison.Ordinal) ? "BBBA" : "AAAA");
        await using var edge = await RunAsync(plane, provider, folder, other);
        await Eventually.HoldsAsync(() => edge.Services.GetRequiredService<Edge.Probes.EdgeState>().WhyNoTable.Contains("token", StringComparison.Ordinal));
        Assert.False(File.Exists(folder.File("data/identity.json")));
    }

    /// <summary>An edge that serves revision 1 is offered a changed revision 2.</summary>
    private static async Task RefusesAsync(Func<EdgeEnvelope, EdgeEnvelope> change, string path, string code)
    {
        await using var provider = await ScriptedProvider.StartAsync();
        provider.OnStatus("model-a", 200, ScriptedProvider.Whole);
        await using var plane = await FakeControlPlane.StartAsync();
        using var folder = new TempFolder();
        await using var edge = await RunAsync(plane, provider, folder, plane.Token);
        await Eventually.HoldsAsync(() => plane.EdgeKey.Length > 0);
        plane.Publish(Envelope(plane, provider, 1, 1));
        await Eventually.HoldsAsync(() => Table(edge)?.Revision == 1);

        plane.Publish(change(Envelope(plane, provider, 2, 2)));

        await Eventually.HoldsAsync(() => plane.Reports.Any(r => r.RefusedRevision == 2));
        Assert.Contains(plane.Reports, r => r.RefusedRevision == 2 && r.Problems.Any(p => p.Path == path && p.Code == code));
        Assert.Equal((1, 1), (Table(edge)!.Revision, Table(edge)!.Overlay));
        Assert.Equal(200, await ChatAsync(edge));
    }

    private static EdgeEnvelope Envelope(FakeControlPlane plane, ScriptedProvider provider, long revision, long overlay, int maxAttempts = 1, bool isolated = false, bool revoked = false) => new()
    {
        Epoch = "epoch-1",
        EdgeId = "edge-1",
        Revision = new RoutingSnapshot
        {
            Revision = revision,
            Accounts = [new ProviderAccountConfig
            {
                Id = "p", Provider = ProviderKind.OpenAICompatible, Address = provider.Address.GetLeftPart(UriPartial.Authority),
                Credential = new CredentialConfig { Kind = CredentialKind.ApiKey, Fields = ImmutableDictionary<string, string>.Empty.Add("key", "sealed:s1#key") },
            }],
            ModelEndpoints = [new ModelEndpointConfig { Id = "first", Account = "p", Model = "model-a" }],
            Features = [new FeatureConfig { Name = "chat", MaxAttempts = maxAttempts, Candidates = [new CandidateConfig { ModelEndpoint = "first" }] }],
            Callers = [new CallerConfig { Id = "app", Features = ["*"], Keys = [new CallerKeyConfig { Sha256 = KeyHash }] }],
        },
        Overlay = new EdgeOverlay
        {
            Version = overlay,
            Secrets = [new SealedSecret("s1", 1, SealedBox.Seal(plane.EdgeKey, """{"key":"provider-secret-canary"}"""u8, SealedBox.Context("edge-1", "s1", 1)))],
            RevokedKeys = revoked ? [KeyHash] : [],
            Isolations = isolated ? [new Isolation("first", TimeProvider.System.GetUtcNow().AddHours(1), "drill", "test")] : [],
        },
    };

    private static Task<WebApplication> RunAsync(FakeControlPlane plane, ScriptedProvider provider, TempFolder folder, string token) =>
        RunAsync(plane.Address, provider, folder, token);

    private static async Task<WebApplication> RunAsync(Uri plane, ScriptedProvider provider, TempFolder folder, string token)
    {
        var builder = EdgeSetup.CreateBuilder([]);
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Edge:Listen"] = "http://127.0.0.1:0",
            ["Edge:DataDirectory"] = folder.File("data"),
            ["Edge:ControlPlane:Address"] = plane.GetLeftPart(UriPartial.Authority),
            ["Edge:ControlPlane:EnrolToken"] = token,
            ["Edge:PullSeconds"] = "1",
            ["Edge:ShadowInFlight"] = "0", // Whatever would be copied finds no room.
            ["Edge:AllowedAddresses:0"] = provider.Address.Authority,
        });
        builder.AddEdge();
        var app = builder.Build();
        app.MapEdge();
        await app.PrepareEdgeAsync(CancellationToken.None);
        await app.StartAsync();
        return app;
    }

    private static int Edges(WebApplication edge) => edge.Services.GetRequiredService<EndpointHealthRegistry>().Edges;

    private static FeatureSpend Budget(WebApplication edge) => Table(edge)!.Features["chat"].MonthlyBudget!.Spend; // Published with one.

    private static RoutingTable? Table(WebApplication edge) => edge.Services.GetRequiredService<CurrentTable>().Value;

    private static Uri Address(WebApplication edge) => new(edge.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    private static async Task<int> StatusAsync(WebApplication edge, string path)
    {
        using var client = new HttpMessageInvoker(new SocketsHttpHandler());
        using var response = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(Address(edge), path)), CancellationToken.None);
        return (int)response.StatusCode;
    }

    private static async Task<int> ChatAsync(WebApplication edge)
    {
        using var client = new HttpMessageInvoker(new SocketsHttpHandler());
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address(edge), "/v1/chat/completions")) { Content = new StringContent(EdgeFixture.Body(false), Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", EdgeFixture.Key);
        using var response = await client.SendAsync(request, CancellationToken.None);
        return (int)response.StatusCode;
    }
}
