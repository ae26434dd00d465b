using ControlPlane.Web.Data;
using ControlPlane.Web.Insights;
using ControlPlane.Web.Tests.Data;
using ControlPlane.Web.Usage;
using Routing.Core.Health;

namespace ControlPlane.Web.Tests.Insights;

public sealed class TransitionTests
{
    [Fact]
    public async Task TransitionsAsync_OneEdgeFlappedBeforeTheRange_EveryEdgeBeginsWithItsLastState()
    {
        await using Plane plane = await Plane.StartAsync();
        DateTimeOffset from = plane.Time.GetUtcNow();
        await using (ControlPlaneDb db = plane.Db())
        {
            db.Transitions.Add(Move("edge-quiet", from.AddHours(-5), BreakerState.Open));
            for (int i = 40; i > 0; i--) db.Transitions.Add(Move("edge-flapping", from.AddMinutes(-i), i % 2 == 0 ? BreakerState.Open : BreakerState.Closed));
            db.Transitions.Add(Move("edge-quiet", from.AddMinutes(5), BreakerState.Closed));
            await db.SaveChangesAsync();
        }

        IEnumerable<BreakerMove> moves = await plane.Get<UsageQueries>().TransitionsAsync("azure-gpt", from, from.AddHours(1), default);

        Assert.Equal(
            [("edge-quiet", from.AddHours(-5), BreakerState.Open), ("edge-flapping", from.AddMinutes(-1), BreakerState.Closed), ("edge-quiet", from.AddMinutes(5), BreakerState.Closed)],
            moves.Select(m => (m.EdgeId, m.At, m.To)));
    }

    private static TransitionRow Move(string edge, DateTimeOffset at, BreakerState to) =>
        new() { Id = Guid.CreateVersion7(at), EdgeId = edge, ModelEndpoint = "azure-gpt", At = at, To = to };
}
