using ControlPlane.Web.Data;
using ControlPlane.Web.Insights;
using ControlPlane.Web.ModelEndpoints;
using ControlPlane.Web.Tests.Data;
using ControlPlane.Web.Usage;
using Routing.Core.Health;
using Routing.Core.Providers;

namespace ControlPlane.Web.Tests.Insights;

public sealed class ProviderWideTripsTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 24, 14, 0, 0, TimeSpan.Zero);

    private static readonly ProviderMember[] Members =
    [
        new("b1", "Claude", ProviderKind.Bedrock, "aws", "us-east-1", "claude"), new("b1-reserved", "Claude reserved", ProviderKind.Bedrock, "aws", "us-east-1", "claude"),
        new("b2", "Nova", ProviderKind.Bedrock, "aws", "us-east-1", "nova"), new("b3", "Llama", ProviderKind.Bedrock, "aws", "us-east-1", "llama"),
        new("b4", "Claude EU", ProviderKind.Bedrock, "aws", "eu-west-1", "claude"), new("v1", "Gemini", ProviderKind.Vertex, "gcp", "us-east-1", "gemini"),
        new("o1", "Own", ProviderKind.OpenAICompatible, "own-gpus", "", "llama"), new("o2", "Mistral", ProviderKind.OpenAICompatible, "mistral", "", "large"),
    ];

    [Fact]
    public void Of_TwoModelsOfARegionTripTogether_SaysSoOnceFromTheSecondOn()
    {
        // Three edges see it, each in its own moment.
        Change change = Assert.Single(ProviderWideTrips.Of([Trip("b1", 0), Trip("b1", 2), Trip("b2", 12), Trip("b1", 20), Trip("b2", 50)], Members));

        Assert.Equal((At.AddSeconds(12), "provider", "Bedrock us-east-1"), (change.At, change.Kind, change.Subject));
        Assert.Equal(
            "2 of 3 models tripped within 12\u00A0s of one another (Claude, Nova): the provider's trouble rather than a model's. The one that still answers may be next.", change.Sentence);
    }

    [Fact]
    public void Of_ModelsOfTwoRegions_NamesTheProviderAndTheRegions()
    {
        Change change = Assert.Single(ProviderWideTrips.Of([Trip("b4", 0), Trip("b1", 30), Trip("b2", 40), Trip("b3", 41)], Members));

        Assert.Equal("Bedrock", change.Subject);
        Assert.StartsWith("4 of 4 models in eu-west-1, us-east-1 tripped within 41\u00A0s", change.Sentence, StringComparison.Ordinal);
        Assert.EndsWith("None of its models is left to fail over to.", change.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("b1", "b1", 5)] // one model, on two edges
    [InlineData("b1", "b1-reserved", 5)] // one deployment, in two capacity classes
    [InlineData("b1", "b2", 61)] // not together
    [InlineData("b1", "v1", 5)] // two providers
    [InlineData("o1", "o2", 5)] // hosts that share nothing but a wire
    [InlineData("b1", "gone", 5)] // deleted since
    public void Of_NotIndependentOrNotTogether_SaysNothing(string one, string other, double seconds) =>
        Assert.Empty(ProviderWideTrips.Of([Trip(one, 0), Trip(other, seconds)], Members));

    [Fact]
    public void Of_TwoOutagesAnHourApart_AreTwo() =>
        Assert.Equal(2, ProviderWideTrips.Of([Trip("b1", 0), Trip("b2", 5), Trip("b1", 3_600), Trip("b3", 3_605)], Members).Count());

    [Fact]
    public async Task LatestAsync_TwoModelsTripAndOneRecovers_StandsInTheFeed()
    {
        await using Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();
        await plane.Get<ModelEndpointStore>().SaveAsync(Plane.Admin, new ModelEndpointForm { Id = "azure-mini", Account = "azure-main", Region = "eastus2", Model = "gpt-4.1-mini" }, default);
        DateTimeOffset now = plane.Time.GetUtcNow();
        await using (ControlPlaneDb db = plane.Db())
        {
            db.Transitions.Add(Move("azure-gpt", now, TransitionCause.ConsecutiveFailures));
            db.Transitions.Add(Move("azure-mini", now.AddSeconds(3), TransitionCause.FailureRatio));
            db.Transitions.Add(Move("bedrock-nova", now.AddSeconds(4), TransitionCause.Widened));
            await db.SaveChangesAsync();
        }

        Change change = Assert.Single(await plane.Get<ChangeFeed>().LatestAsync(now.AddHours(-1), 20, default), c => c.Kind == "provider");

        Assert.Equal(("Azure OpenAI eastus2", now.AddSeconds(3)), (change.Subject, change.At));
    }

    private static Trip Trip(string endpoint, double seconds) => new(At.AddSeconds(seconds), endpoint);

    private static TransitionRow Move(string endpoint, DateTimeOffset at, TransitionCause cause) =>
        new() { Id = Guid.CreateVersion7(at), EdgeId = "edge-a", ModelEndpoint = endpoint, At = at, To = BreakerState.Open, Cause = cause };
}
