using System.Security.Cryptography;
using AngleSharp.Dom;
using ControlPlane.Web.Access;
using ControlPlane.Web.Bindings;
using ControlPlane.Web.Budgets;
using ControlPlane.Web.Data;
using ControlPlane.Web.Edges;
using ControlPlane.Web.Explain;
using ControlPlane.Web.Prices;
using ControlPlane.Web.Publishing;
using ControlPlane.Web.Tests.Data;
using ControlPlane.Web.Tests.Ui;
using Routing.Core.Budgets;
using Routing.Core.Dispatch;
using Routing.Core.Health;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Tests.Explain;

public sealed class CallsNowTests
{
    private const string Feature = "channel-recap";
    private const string Nova = "amazon.nova-lite-v1:0 on Bedrock us-east-1";
    private const string Gpt = "gpt-4.1 on Azure OpenAI eastus2";

    [Fact]
    public async Task ReadAsync_NothingPublished_SaysSo()
    {
        await using Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();

        CallsNow now = await ReadAsync(plane);

        Assert.Equal((0L, true, null), (now.Revision, now.Features.IsEmpty, now.Feature));
    }

    [Fact]
    public async Task ReadAsync_NoEdgeHeard_KnowsTheLimitsAndJudgesNobody()
    {
        await using Plane plane = await PublishedAsync();
        await HearAsync(plane, "edge-a", Closed("bedrock-nova"));
        plane.Time.Advance(TimeSpan.FromMinutes(1));

        CallsNow now = await ReadAsync(plane);

        Assert.Equal(Feature, now.Feature!.Name);
        Assert.Empty(now.Edges);
        Assert.Equal("edge-a", Assert.Single(now.Silent).Name);
    }

    [Fact]
    public async Task ReadAsync_FeatureThatIsOnlyADraft_IsNone()
    {
        await using Plane plane = await PublishedAsync();
        BindingForm draft = Plane.Recap();
        draft.Name = "not-yet";
        await Plane.Saved(plane.Get<BindingStore>().SaveAsync(Plane.Admin, draft, default));

        CallsNow now = await ReadAsync(plane, "not-yet");

        Assert.Null(now.Feature);
        Assert.Equal(Feature, Assert.Single(now.Features));
    }

    [Fact]
    public async Task ReadAsync_EveryEdgeSeesThemWell_IsOneGroupThatAsksTheFirst()
    {
        await using Plane plane = await PublishedAsync();
        await HearAsync(plane, "edge-a", Closed("bedrock-nova") with { Answered = 40, Failed = 1, WindowSeconds = 30 }, Closed("azure-gpt"));
        await HearAsync(plane, "edge-b", Closed("bedrock-nova") with { Answered = 7, WindowSeconds = 30 }, Closed("azure-gpt"));

        CallsNow now = await ReadAsync(plane);

        EdgeGroup group = Assert.Single(now.Groups);
        Assert.Equal("edge-a and edge-b", group.Names);
        Assert.Equal([(CandidateVerdict.Eligible, true), (CandidateVerdict.Eligible, false)], group.Newest.Explanation.Candidates.Select(c => (c.Verdict, c.AskedFirst)));
        Assert.Equal($"Such a call would go to {Nova}.", CallsNowVerdict.Of(now).Sentence);
        Assert.Equal("bedrock-nova is the only one of tier 1 that takes calls by its weight.", CallsNowVerdict.Of(now).Detail);
    }

    [Fact]
    public async Task ReadAsync_OneEdgeHasItOpen_TellsEachApart()
    {
        await using Plane plane = await PublishedAsync();
        DateTimeOffset until = plane.Time.GetUtcNow().AddSeconds(20);
        await HearAsync(plane, "edge-a", Closed("bedrock-nova") with { State = BreakerState.Open, SharePercent = 0, Until = until }, Closed("azure-gpt"));
        await HearAsync(plane, "edge-b", Closed("bedrock-nova"), Closed("azure-gpt"));

        CallsNow now = await ReadAsync(plane);

        Assert.Equal(["edge-a", "edge-b"], now.Groups.Select(g => g.Names));
        CandidateExplanation open = now.Groups[0].Newest.Explanation.Candidates[0];
        Assert.Equal((CandidateVerdict.Open, until), (open.Verdict, open.Until!.Value));
        Assert.StartsWith("Open after failures, until ", open.Reason, StringComparison.Ordinal);
        Assert.Equal($"Edges differ. By edge-a: such a call would go to {Gpt}; by edge-b: such a call would go to {Nova}.", CallsNowVerdict.Of(now).Sentence);
    }

    [Fact]
    public async Task ReadAsync_EndpointNobodyHasToldOf_IsTakenToBeWellAndMarked()
    {
        await using Plane plane = await PublishedAsync();
        await HearAsync(plane, "edge-a", Closed("azure-gpt"));

        EdgeExplanation told = Assert.Single((await ReadAsync(plane)).Edges);

        Assert.Equal(CandidateVerdict.Eligible, told.Explanation.Candidates[0].Verdict);
        Assert.Equal(["azure-gpt"], told.Reported);
    }

    [Fact]
    public async Task ReadAsync_CallNobodyCanTake_IsRefusedInTheEdgesWords()
    {
        await using Plane plane = await PublishedAsync();
        await HearAsync(plane, "edge-a", Closed("bedrock-nova"), Closed("azure-gpt"));

        CallsNow now = await ReadAsync(plane, shape: CallShape.Parse("embeddings", null, null, null, null));

        Assert.Equal("Such a call would be refused.", CallsNowVerdict.Of(now).Sentence);
        Assert.StartsWith($"No candidate of feature '{Feature}' can ", CallsNowVerdict.Of(now).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1_999_999, false)]
    [InlineData(2_000_000, true)]
    public async Task ReadAsync_TheMonthsBudget_RefusesOnceItIsSpent(long spent, bool refused)
    {
        await using Plane plane = await PublishedAsync(async p =>
        {
            BindingForm form = BindingForm.From((await p.Get<BindingStore>().FindAsync(Feature, default))!);
            (form.Budget, form.BudgetAction) = ("2", BudgetAction.Stop);
            await Plane.Saved(p.Get<BindingStore>().SaveAsync(Plane.Admin, form, default));
        });
        await HearAsync(plane, "edge-a", Closed("bedrock-nova"), Closed("azure-gpt"));
        await using (ControlPlaneDb db = plane.Db())
        {
            db.EdgeSpends.Add(new EdgeSpend { Month = BudgetMonth.Of(plane.Time.GetUtcNow()), Feature = Feature, Currency = "USD", EdgeId = "edge-a", Micros = spent });
            await db.SaveChangesAsync();
        }

        CallsNow now = await ReadAsync(plane);
        CallsNowVerdict verdict = CallsNowVerdict.Of(now);
        IElement panel = await Rendered.PartAsync<EdgeGroupPanel>(("Group", now.Groups[0]), ("NameOf", (Func<string, string>)(id => id)), ("Alone", true));

        Assert.Equal(refused ? "Such a call would be refused." : $"Such a call would go to {Nova}.", verdict.Sentence);
        Assert.Equal(refused ? ["Not asked", "Not asked"] : ["Asked first", "Asked if those before fail"], panel.QuerySelectorAll("td b.b").Select(b => b.TextContent));
        Assert.Equal(refused ? 0 : 1, panel.QuerySelectorAll("tr.won").Length);
        Assert.Equal(refused, verdict.Detail.Contains("has used up its budget of 2 USD", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, "none of these candidates can go on from an answer that another one began.")]
    [InlineData("tools", "with what this call needs it cannot be")]
    public async Task Panel_ContinuedAndNobodyCan_SaysSo(string? needs, string why)
    {
        await using Plane plane = await PublishedAsync(async p =>
        {
            BindingForm form = BindingForm.From((await p.Get<BindingStore>().FindAsync(Feature, default))!);
            form.Delivery = DeliveryMode.Continued;
            await Plane.Saved(p.Get<BindingStore>().SaveAsync(Plane.Admin, form, default));
        });
        await HearAsync(plane, "edge-a", Closed("bedrock-nova"), Closed("azure-gpt"));

        CallsNow now = await ReadAsync(plane, shape: CallShape.Parse(null, null, null, null, needs));
        IElement panel = await Rendered.PartAsync<EdgeGroupPanel>(
            ("Group", now.Groups[0]), ("NameOf", (Func<string, string>)(id => id)), ("Alone", true), ("IsContinued", true), ("IsPlain", needs is null));

        Assert.Contains(why, panel.QuerySelector("[data-testid=not-continued]")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_Priced_TellsWhatTheCallWouldCost()
    {
        await using Plane plane = await PublishedAsync(async p => await Plane.Saved(p.Get<PriceStore>().AddAsync(
            Plane.Admin, new PriceForm { ModelEndpoint = "bedrock-nova", Currency = "EUR", Input = 2_000_000, Output = 10_000_000, From = p.Time.GetUtcNow().AddDays(-1) }, default)));
        await HearAsync(plane, "edge-a", Closed("bedrock-nova"), Closed("azure-gpt"));

        CallsNow now = await ReadAsync(plane, shape: CallShape.Parse(null, null, "3000", "100", null));

        CandidateExplanation nova = now.Edges[0].Explanation.Candidates[0];
        Assert.Equal((7_000L, 7_000L, "EUR"), (nova.ExpectedMicros!.Value, nova.MostMicros!.Value, nova.Currency)); // 3,000 × 2 and 100 × 10 per million
        Assert.Null(now.Edges[0].Explanation.Candidates[1].ExpectedMicros);
        Assert.Equal("EUR", now.Currency);
    }

    [Fact]
    public async Task ReadAsync_WhoMayReadNothing_IsRefused()
    {
        await using Plane plane = await PublishedAsync();

        await Assert.ThrowsAsync<AccessDeniedException>(() => plane.Get<CallsNowQueries>().ReadAsync(new Actor("x", "Nobody", (Role)(-1)), Feature, new CallShape(), default));
        Assert.NotNull((await plane.Get<CallsNowQueries>().ReadAsync(Plane.Viewer, Feature, new CallShape(), default)).Feature);
    }

    private static Task<CallsNow> ReadAsync(Plane plane, string? feature = null, CallShape? shape = null) =>
        plane.Get<CallsNowQueries>().ReadAsync(Plane.Viewer, feature, shape ?? new CallShape(), default);

    private static EndpointHealthView Closed(string endpoint) => new() { ModelEndpoint = endpoint, State = BreakerState.Closed, SharePercent = 100 };

    private static async Task<Plane> PublishedAsync(Func<Plane, Task>? before = null)
    {
        Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();
        if (before is not null) await before(plane);
        await Plane.Saved(plane.Get<SnapshotPublisher>().PublishAsync(Plane.Admin, "", 0, default));
        return plane;
    }

    private static async Task HearAsync(Plane plane, string edge, params EndpointHealthView[] views)
    {
        using var key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        byte[] publicKey = key.ExportSubjectPublicKeyInfo();
        NewEnrolment permission = await plane.Get<EdgeStore>().CreateEnrolmentAsync(Plane.Admin, edge, default);
        EnrolResponse enrolled = (await plane.Get<EdgeStore>().EnrolAsync(new EnrolRequest(permission.Token, edge, publicKey), default))!;
        await plane.Get<EdgeBoard>().HearAsync(new EdgeIdentity(enrolled.EdgeId, edge, publicKey), new HealthReport { At = plane.Time.GetUtcNow(), Endpoints = [.. views] }, default);
    }
}
