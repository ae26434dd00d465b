using System.Security.Cryptography;
using ControlPlane.Web.Data;
using ControlPlane.Web.Edges;
using ControlPlane.Web.Tests.Data;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Health;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Tests.Edges;

/// <summary>Two nodes over one database: a second board of the same factory is another process as far as memory goes.</summary>
public sealed class EdgeBoardTests
{
    [Fact]
    public async Task LiveAsync_EdgeReportsToAnotherNode_IsSeenWithItsEndpoints()
    {
        await using Plane plane = await Plane.StartAsync();
        EdgeIdentity edge = await EnrolAsync(plane, "edge-a");
        EdgeBoard other = Node(plane);

        await plane.Get<EdgeReports>().HealthAsync(edge, Report(plane, BreakerState.Open), default);
        EdgeHealth seen = Assert.Single(await other.LiveAsync(default));

        Assert.Equal(("edge-a", plane.Time.GetUtcNow()), (seen.EdgeName, seen.HeardAt));
        Assert.Equal(("azure-gpt", BreakerState.Open, 7), (seen.Endpoints[0].ModelEndpoint, seen.Endpoints[0].State, seen.Endpoints[0].Failed));
        Assert.Equal(plane.Time.GetUtcNow(), (await plane.Get<EdgeStore>().ListAsync(default)).Single().LastReportAt);
    }

    [Fact]
    public async Task LiveAsync_EdgeRefusedCalls_EveryNodeKnowsHowMany()
    {
        await using Plane plane = await Plane.StartAsync();
        EdgeIdentity edge = await EnrolAsync(plane, "edge-a");
        await plane.Get<EdgeBoard>().HearAsync(edge, Report(plane, BreakerState.Closed), default);
        Assert.Null((await Node(plane).LiveAsync(default)).Single().Shed); // An edge of a version that does not count.

        plane.Time.Advance(6);
        await plane.Get<EdgeBoard>().HearAsync(edge, Report(plane, BreakerState.Closed) with { Shed = new ShedCalls(2, 40, 9) }, default);

        Assert.Equal(new ShedCalls(2, 40, 9), (await Node(plane).LiveAsync(default)).Single().Shed);
        Assert.Equal(42, (await plane.Get<EdgeBoard>().LiveAsync(default)).Single().Shed!.All);
    }

    [Fact]
    public async Task HearAsync_NothingMoves_WritesOnceInFiveSecondsAndAtOnceWhenAStateChanges()
    {
        await using Plane plane = await Plane.StartAsync();
        EdgeIdentity edge = await EnrolAsync(plane, "edge-a");
        EdgeBoard board = Node(plane);
        DateTimeOffset start = plane.Time.GetUtcNow();

        List<double> written = [];
        for (int second = 0; second < 20; second += 2)
        {
            // Counts change with every report; the state does once, after eleven seconds.
            await board.HearAsync(edge, Report(plane, second < 11 ? BreakerState.Closed : BreakerState.Open, failed: second), default);
            double at = (await StoredAsync(plane) - start).TotalSeconds;
            if (written.Count == 0 || written[^1] != at) written.Add(at);
            plane.Time.Advance(2);
        }

        Assert.Equal([0, 6, 12, 18], written);
        Assert.Equal(18, (await board.LiveAsync(default)).Single().Endpoints[0].Failed); // Its own node knows the newest.
    }

    [Fact]
    public async Task HearAsync_StateChangesWithinTheFiveSeconds_IsWrittenAtOnce()
    {
        await using Plane plane = await Plane.StartAsync();
        EdgeIdentity edge = await EnrolAsync(plane, "edge-a");
        EdgeBoard board = Node(plane);
        await board.HearAsync(edge, Report(plane, BreakerState.Closed), default);
        plane.Time.Advance(2);

        await board.HearAsync(edge, Report(plane, BreakerState.Open), default);

        Assert.Equal(BreakerState.Open, (await Node(plane).LiveAsync(default)).Single().Endpoints[0].State);
    }

    [Fact]
    public async Task CountAsync_EdgesComeAndFallSilent_FollowsWithinTwoSeconds()
    {
        await using Plane plane = await Plane.StartAsync();
        EdgeIdentity one = await EnrolAsync(plane, "edge-a");
        EdgeIdentity two = await EnrolAsync(plane, "edge-b");
        (EdgeBoard board, EdgeBoard other) = (Node(plane), Node(plane));
        Assert.Equal(1, await board.CountAsync(default)); // Whoever asks is there.

        await board.HearAsync(one, Report(plane, BreakerState.Closed), default);
        await other.HearAsync(two, Report(plane, BreakerState.Closed), default);
        Assert.Equal(1, await board.CountAsync(default));
        plane.Time.Advance(2);
        Assert.Equal(2, await board.CountAsync(default));

        plane.Time.Advance(12);
        await board.HearAsync(one, Report(plane, BreakerState.Closed), default);
        plane.Time.Advance(2);
        Assert.Equal(1, await board.CountAsync(default));
    }

    [Fact]
    public async Task LiveAsync_SilentOrRemovedEdge_DropsOff()
    {
        await using Plane plane = await Plane.StartAsync();
        EdgeIdentity silent = await EnrolAsync(plane, "edge-a");
        EdgeIdentity removed = await EnrolAsync(plane, "edge-b");
        EdgeBoard board = Node(plane);
        await board.HearAsync(silent, Report(plane, BreakerState.Closed), default);
        plane.Time.Advance(16);
        await board.HearAsync(removed, Report(plane, BreakerState.Closed), default);
        Assert.Equal("edge-b", Assert.Single(await board.LiveAsync(default)).EdgeName);

        await plane.Get<EdgeStore>().RemoveAsync(Plane.Admin, removed.Id, "retired", default);

        Assert.Empty(await board.LiveAsync(default));
    }

    private static EdgeBoard Node(Plane plane) => ActivatorUtilities.CreateInstance<EdgeBoard>(plane.Services);

    private static async Task<DateTimeOffset> StoredAsync(Plane plane)
    {
        await using ControlPlaneDb db = plane.Db();
        return (await db.EdgeReports.SingleAsync()).HeardAt;
    }

    private static async Task<EdgeIdentity> EnrolAsync(Plane plane, string name)
    {
        using var key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        byte[] publicKey = key.ExportSubjectPublicKeyInfo();
        NewEnrolment permission = await plane.Get<EdgeStore>().CreateEnrolmentAsync(Plane.Admin, name, default);
        EnrolResponse enrolled = (await plane.Get<EdgeStore>().EnrolAsync(new EnrolRequest(permission.Token, name, publicKey), default))!;
        return new EdgeIdentity(enrolled.EdgeId, name, publicKey);
    }

    private static HealthReport Report(Plane plane, BreakerState state, int failed = 7) => new()
    {
        At = plane.Time.GetUtcNow(),
        Endpoints = [new EndpointHealthView { ModelEndpoint = "azure-gpt", State = state, SharePercent = state == BreakerState.Closed ? 100 : 0, Failed = failed }],
    };
}
