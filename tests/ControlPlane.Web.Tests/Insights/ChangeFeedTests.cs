using System.Collections.Immutable;
using ControlPlane.Web.Data;
using ControlPlane.Web.Insights;
using ControlPlane.Web.Publishing;
using ControlPlane.Web.Tests.Data;
using ControlPlane.Web.Usage;
using Routing.Core.Health;

namespace ControlPlane.Web.Tests.Insights;

public sealed class ChangeFeedTests
{
    [Fact]
    public async Task LatestAsync_OneEndpointStaysDown_IsOneLineThatDoesNotPushOutItsCause()
    {
        await using Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();
        await Plane.Saved(plane.Get<SnapshotPublisher>().PublishAsync(Plane.Admin, "", 0, default));
        DateTimeOffset published = plane.Time.GetUtcNow();
        await using (ControlPlaneDb db = plane.Db())
        {
            db.Transitions.Add(Move("bedrock-nova", published.AddHours(-2), "Long ago."));
            db.Transitions.Add(Move("bedrock-nova", published.AddSeconds(5), "Once."));
            for (int i = 1; i <= 60; i++) db.Transitions.Add(Move("azure-gpt", published.AddSeconds(30 * i), i % 2 == 0 ? "Still failing." : "The wait is over."));
            await db.SaveChangesAsync();
        }

        ImmutableArray<Change> changes = await plane.Get<ChangeFeed>().LatestAsync(published.AddHours(-24), 4, default);

        Assert.Equal(
            [("azure-gpt", $"Still failing. 60 moves since {ControlPlane.Web.Ui.Format.Clock(published.AddSeconds(30))} UTC."), ("bedrock-nova", "Once."), ("r1", "published by Ada Admin"), ("bedrock-nova", "Long ago.")],
            changes.Select(c => (c.Subject, c.Sentence)));
        Assert.Equal(published.AddMinutes(30), changes[0].At);
    }

    private static TransitionRow Move(string endpoint, DateTimeOffset at, string sentence) =>
        new() { Id = Guid.CreateVersion7(at), EdgeId = "edge-a", ModelEndpoint = endpoint, At = at, To = BreakerState.Open, Sentence = sentence };
}
