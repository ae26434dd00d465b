using System.Collections.Immutable;
using ControlPlane.Web.Edges;
using ControlPlane.Web.Insights;
using ControlPlane.Web.ModelEndpoints;
using ControlPlane.Web.Ui;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Providers;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Tests.Insights;

public sealed class HealthVerdictTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_FailuresAreOver_HeadlineSpeaksOfNowAndTheDetailOfTheRange()
    {
        HealthVerdict verdict = Of(now: Traffic(40, 40), range: Traffic(1000, 900, backups: 90), Closed);

        Assert.Equal("Callers are unaffected; every model endpoint is closed.", verdict.Sentence);
        Assert.Equal("In 1 h, 10.0\u00A0% of requests were not answered, 10.0\u00A0% of answers came from a backup.", verdict.Detail);
    }

    [Fact]
    public void Of_FailingNow_SaysSoFirst() =>
        Assert.Equal("In the last 3\u00A0min 50.0\u00A0% of requests are not answered; every model endpoint is closed.", Of(Traffic(10, 5), Traffic(1000, 995), Closed).Sentence);

    [Theory]
    [InlineData(5, 5, "50.0\u00A0% of requests are refused for their budget", "budget")]
    [InlineData(3, 5, "20.0\u00A0% of requests are not answered and 30.0\u00A0% are refused for their budget", "provider")]
    public void Of_RefusedForTheirBudget_IsToldApartFromFailures(long refused, long unanswered, string said, string cause)
    {
        PlaneTraffic now = Traffic(10, 10 - unanswered) with { Refused = refused };

        HealthVerdict verdict = Of(now, Traffic(100, 90) with { Refused = 10 }, Closed with { State = BreakerState.Open, SharePercent = 0, Reason = "Timeouts", Since = Noon });

        Assert.Equal($"In the last 3\u00A0min {said}; Nova on Bedrock us-east-1 is open since 12:00.", verdict.Sentence);
        Assert.StartsWith("Timeouts. In 1 h, 10.0\u00A0% of requests were refused for their budget", verdict.Detail, StringComparison.Ordinal);
        Assert.Equal(cause, verdict.Cause);
    }

    [Fact]
    public void Of_NobodyAsksNow_DoesNotClaimThatCallersAreWell() =>
        Assert.Equal("No requests in the last 3\u00A0min; every model endpoint is closed.", Of(Traffic(0, 0), Traffic(1000, 900), Closed).Sentence);

    [Theory]
    [InlineData(null, "by a person, until 13:00 UTC")]
    [InlineData(FailureKind.CredentialExchangeFailed, "identity fault")]
    [InlineData(FailureKind.ModelNotFound, "configuration fault")]
    public void Matrix_Isolated_SaysByWhomAndNotAlwaysAPerson(FailureKind? fault, string by)
    {
        EndpointHealthView view = Closed with { State = BreakerState.Isolated, SharePercent = 0, Fault = fault, Until = fault is null ? Noon.AddHours(1) : null };

        MatrixCellView cell = Assert.Single(HealthModel.Matrix(Endpoints(view), TimeSpan.FromHours(1), "1 h", false, out _)[0].Cells.OfType<MatrixCellView>());

        Assert.Equal($"Bedrock us-east-1 · Nova, isolated, {by}", cell.Spoken("Bedrock"));
    }

    [Fact]
    public void Matrix_SeenForFiveMinutesOnly_AveragesOverThem()
    {
        ImmutableArray<EndpointTraffic> traffic = [new("e1", 600, 600, 0, ImmutableSortedDictionary<string, long>.Empty, 1, 1, 1, 1, [], 0, [])];

        MatrixRow row = HealthModel.Matrix(HealthModel.Endpoints([Endpoint], traffic, [Heard(Closed)]), TimeSpan.FromMinutes(5), "1 h", false, out _)[0];

        Assert.Equal("2.0\u00A0/s", row.Note);
    }

    private static EndpointHealthView Closed => new() { ModelEndpoint = "e1", State = BreakerState.Closed, SharePercent = 100 };

    private static ModelEndpointView Endpoint => new("e1", "Nova", "bedrock-main", ProviderKind.Bedrock, "us-east-1", "amazon.nova-lite-v1:0", CapacityClass.OnDemand, ModelFamily.Auto, null, [], 0, 4096, "", 0, 0, "", true, [], 1, Noon, "ada");

    private static EdgeHealth Heard(EndpointHealthView view) => new("edge-1", "edge-1", Noon, [view], [], null);

    private static ImmutableArray<EndpointNow> Endpoints(EndpointHealthView view) => HealthModel.Endpoints([Endpoint], [], [Heard(view)]);

    private static HealthVerdict Of(PlaneTraffic now, PlaneTraffic range, EndpointHealthView view) => HealthVerdict.Of(Endpoints(view), now, range, "1 h", [Heard(view)], 1);

    private static PlaneTraffic Traffic(long requests, long answered, long backups = 0) => new(requests, answered, 0, backups, null, null, [], 0, 0, 0) { Seen = TimeSpan.FromHours(1) };
}
