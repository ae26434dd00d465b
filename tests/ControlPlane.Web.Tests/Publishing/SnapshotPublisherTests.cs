using System.Security.Cryptography;
using System.Text.Json;
using ControlPlane.Web.Access;
using ControlPlane.Web.Audit;
using ControlPlane.Web.Bindings;
using ControlPlane.Web.Budgets;
using ControlPlane.Web.Data;
using ControlPlane.Web.Edges;
using ControlPlane.Web.ProviderAccounts;
using ControlPlane.Web.Publishing;
using ControlPlane.Web.Tests.Data;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Budgets;
using Routing.Core.Credentials;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Tests.Publishing;

public sealed class SnapshotPublisherTests
{
    [Fact]
    public async Task PublishAsync_SeededDraft_MakesRevisionOneAndLeavesNothingPending()
    {
        await using Plane plane = await SeededAsync();
        SnapshotPublisher publisher = plane.Get<SnapshotPublisher>();

        RevisionView revision = await Plane.Saved(publisher.PublishAsync(Plane.Admin, "first", seen: 0, default));
        PublishState after = await publisher.StateAsync(default);

        Assert.Equal((1L, "first"), (revision.Number, revision.Note));
        Assert.EndsWith($"; {revision.Changes - 1} more", revision.WhatChanged, StringComparison.Ordinal); // One sentence stands for all of them.
        Assert.Equal((1L, 0), (after.Live, after.Changes.Length));
        Assert.Equal(SaveStatus.Invalid, (await publisher.PublishAsync(Plane.Admin, "", seen: 1, default)).Status);
        Assert.Equal(SaveStatus.Conflict, (await publisher.PublishAsync(Plane.Admin, "", seen: 0, default)).Status);
    }

    [Theory]
    [InlineData(BudgetAction.Stop, 600_000, true)]
    [InlineData(BudgetAction.Stop, 400_000, false)]
    [InlineData(BudgetAction.Warn, 600_000, false)]
    public async Task StateAsync_BudgetBelowWhatIsSpent_WarnsThatAllCallsWillBeRefused(BudgetAction action, long spent, bool warns)
    {
        await using Plane plane = await SeededAsync();
        BindingForm form = BindingForm.From((await plane.Get<BindingStore>().FindAsync("channel-recap", default))!);
        (form.Budget, form.BudgetAction) = ("0.5", action);
        await Plane.Saved(plane.Get<BindingStore>().SaveAsync(Plane.Admin, form, default));
        await using (ControlPlaneDb db = plane.Db())
        {
            int month = BudgetMonth.Of(plane.Time.GetUtcNow());
            db.EdgeSpends.Add(new EdgeSpend { Month = month, Feature = "channel-recap", Currency = "USD", EdgeId = "edge-a", Micros = spent });
            db.EdgeSpends.Add(new EdgeSpend { Month = month, Feature = "channel-recap", Currency = "EUR", EdgeId = "edge-a", Micros = 9_000_000 });
            await db.SaveChangesAsync();
        }

        PublishState state = await plane.Get<SnapshotPublisher>().StateAsync(default);

        SnapshotProblem[] told = [.. state.Problems.Where(p => p.Code == "budget_spent")];
        Assert.Equal(warns ? 1 : 0, told.Length);
        Assert.All(told, p => Assert.StartsWith("Budget of channel-recap: already spent $0.60 of $0.50: all calls will be refused until ", p.Message, StringComparison.Ordinal));
        Assert.True(state.CanPublish);
    }

    [Fact]
    public async Task PublishAsync_NotAnAdmin_IsDenied()
    {
        await using Plane plane = await SeededAsync();

        await Assert.ThrowsAsync<AccessDeniedException>(() => plane.Get<SnapshotPublisher>().PublishAsync(Plane.Operator, "", 0, default));
        await Assert.ThrowsAsync<AccessDeniedException>(() => plane.Get<SnapshotPublisher>().RollBackAsync(Plane.Viewer, 1, "", default));
    }

    [Fact]
    public async Task PublishAsync_ImportedReferencesToTheEdgesMachines_AreRefusedUntilTheCredentialIsSet()
    {
        await using Plane plane = await SeededAsync();
        SnapshotPublisher publisher = plane.Get<SnapshotPublisher>();
        await Plane.Saved(publisher.PublishAsync(Plane.Admin, "", 0, default));
        RoutingSnapshot document = (await plane.Get<RevisionStore>().DocumentAsync(1, default))!;
        ProviderAccountConfig azure = document.Accounts.Single(a => a.Id == "azure-main");
        ProviderAccountConfig pointing = azure with { Credential = azure.Credential with { Fields = azure.Credential.Fields.SetItem("key", "file:/etc/hostname") } };
        await publisher.ImportAsync(Plane.Admin, document with { Accounts = document.Accounts.Replace(azure, pointing) }, default);

        SaveResult<RevisionView> refused = await publisher.PublishAsync(Plane.Admin, "", 1, default);
        await Plane.Saved(plane.Get<ProviderAccountStore>().SetSecretAsync(Plane.Admin, "azure-main", new Dictionary<string, string> { ["key"] = Plane.Canary }, default));
        PublishState after = await publisher.StateAsync(default);

        Assert.Equal(("accounts[azure-main].credential.fields.key", "reference_not_sealed"), (refused.Problems.Single().Path, refused.Problems.Single().Code));
        Assert.False(after.HasErrors);
    }

    [Fact]
    public async Task PublishAsync_LastFeatureGone_TakesASecondWordWhichTheEdgesGet()
    {
        await using Plane plane = await SeededAsync();
        SnapshotPublisher publisher = plane.Get<SnapshotPublisher>();
        await Plane.Saved(publisher.PublishAsync(Plane.Admin, "", 0, default));
        BindingView binding = (await plane.Get<BindingStore>().FindAsync("channel-recap", default))!;
        await Plane.Saved(plane.Get<BindingStore>().DeleteAsync(Plane.Admin, "channel-recap", binding.Version, default));

        PublishState state = await publisher.StateAsync(default);
        SaveResult<RevisionView> refused = await publisher.PublishAsync(Plane.Admin, "", 1, default);
        Assert.Equal(0, (await OverlayAsync(plane)).ConfirmedShrink);
        await Plane.Saved(publisher.PublishAsync(Plane.Admin, "", 1, confirmLosses: true, default));

        Assert.Equal(["features"], state.Losses.Select(p => p.Path));
        Assert.True(state.CanPublish);
        Assert.Equal(("shrinks", "1 of 1 features are gone. Confirm that this is meant."), (refused.Problems.Single().Code, refused.Problems.Single().Message));
        Assert.Equal(2, (await OverlayAsync(plane)).ConfirmedShrink);
    }

    [Fact]
    public async Task RollBackAsync_BehindTheFirstFeature_CarriesItsWordToTheEdges()
    {
        await using Plane plane = await SeededAsync();
        SnapshotPublisher publisher = plane.Get<SnapshotPublisher>();
        BindingView binding = (await plane.Get<BindingStore>().FindAsync("channel-recap", default))!;
        await Plane.Saved(plane.Get<BindingStore>().DeleteAsync(Plane.Admin, "channel-recap", binding.Version, default));
        await Plane.Saved(publisher.PublishAsync(Plane.Admin, "", 0, default));
        await Plane.Saved(plane.Get<BindingStore>().SaveAsync(Plane.Admin, Plane.Recap(), default));
        await Plane.Saved(publisher.PublishAsync(Plane.Admin, "", 1, default));

        Assert.Equal("features", (await plane.Get<RevisionStore>().CompareLossesAsync(2, 1, default)).Single().Path);
        await Plane.Saved(publisher.RollBackAsync(Plane.Admin, 1, "it answers wrongly", default));

        Assert.Equal(3, (await OverlayAsync(plane)).ConfirmedShrink);
    }

    [Fact]
    public async Task RollBackAsync_ToARevisionThatAYoungerRuleWouldRefuse_GoesBackAndIsToldAtTheNextPublish()
    {
        await using Plane plane = await SeededAsync();
        SnapshotPublisher publisher = plane.Get<SnapshotPublisher>();
        await Plane.Saved(publisher.PublishAsync(Plane.Admin, "", 0, default));
        await using (ControlPlaneDb db = plane.Db()) // As an older version published it.
        {
            RoutingSnapshot first = (await plane.Get<RevisionStore>().DocumentAsync(1, default))!;
            byte[] document = JsonSerializer.SerializeToUtf8Bytes(InTwoCurrencies(first), SnapshotJson.Default.RoutingSnapshot);
            await db.Revisions.Where(r => r.Number == 1).ExecuteUpdateAsync(r => r.SetProperty(x => x.Document, document));
        }

        BindingView binding = (await plane.Get<BindingStore>().FindAsync("channel-recap", default))!;
        await Plane.Saved(plane.Get<BindingStore>().DeleteAsync(Plane.Admin, "channel-recap", binding.Version, default));
        await Plane.Saved(publisher.PublishAsync(Plane.Admin, "", 1, confirmLosses: true, default));

        await Plane.Saved(publisher.RollBackAsync(Plane.Admin, 1, "it answers wrongly", default));

        Assert.Contains((await publisher.StateAsync(default)).Problems, p => p is { Code: "currencies_compared", Severity: ProblemSeverity.Error });
    }

    [Fact]
    public async Task ConfirmLossesAsync_ForTheLiveRevision_AdvancesTheOverlayAndIsAudited()
    {
        await using Plane plane = await SeededAsync();
        SnapshotPublisher publisher = plane.Get<SnapshotPublisher>();
        await Plane.Saved(publisher.PublishAsync(Plane.Admin, "", 0, default));
        EdgeOverlay before = await OverlayAsync(plane);

        Assert.False(await publisher.ConfirmLossesAsync(Plane.Admin, 7, "not the live one", default));
        Assert.True(await publisher.ConfirmLossesAsync(Plane.Admin, 1, "edge-a was away for a week", default));
        EdgeOverlay after = await OverlayAsync(plane);

        Assert.Equal((1, before.Version + 1), (after.ConfirmedShrink, after.Version));
        await Assert.ThrowsAsync<AccessDeniedException>(() => publisher.ConfirmLossesAsync(Plane.Operator, 1, "", default));
        await using ControlPlaneDb db = plane.Db();
        Assert.Equal(1, db.Audit.Count(e => e.Action == "revision.confirm_losses"));
    }

    [Fact]
    public async Task RollBackAsync_OlderRevision_PublishesItForwardAndRestoresTheDraft()
    {
        await using Plane plane = await SeededAsync();
        SnapshotPublisher publisher = plane.Get<SnapshotPublisher>();
        await Plane.Saved(publisher.PublishAsync(Plane.Admin, "", 0, default));
        BindingView before = (await plane.Get<BindingStore>().FindAsync("channel-recap", default))!;
        await Plane.Saved(plane.Get<BindingStore>().SaveAsync(Plane.Admin, Plane.Recap(before.Version, firstTokenMs: 900), default));
        await Plane.Saved(publisher.PublishAsync(Plane.Admin, "faster", 1, default));

        RevisionView back = await Plane.Saved(publisher.RollBackAsync(Plane.Admin, 1, "too fast", default));

        Assert.Equal((3L, 1L), (back.Number, back.RollbackOf!.Value));
        Assert.Equal(1500, (await plane.Get<BindingStore>().FindAsync("channel-recap", default))!.FirstTokenMs);
        Assert.Empty((await publisher.StateAsync(default)).Changes);
        Assert.Empty(await plane.Get<RevisionStore>().DiffAsync(1, 3, default));
        Assert.NotEmpty(await plane.Get<RevisionStore>().DiffAsync(2, 3, default));
    }

    [Fact]
    public async Task ForAsync_EnrolledEdge_GetsASignedEnvelopeOnlyItCanOpen()
    {
        await using Plane plane = await SeededAsync();
        await Plane.Saved(plane.Get<SnapshotPublisher>().PublishAsync(Plane.Admin, "", 0, default));
        using var own = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        NewEnrolment permission = await plane.Get<EdgeStore>().CreateEnrolmentAsync(Plane.Admin, "edge-a", default);
        EnrolResponse enrolled = (await plane.Get<EdgeStore>().EnrolAsync(new EnrolRequest(permission.Token, "x", own.ExportSubjectPublicKeyInfo()), default))!;

        BuiltEnvelope built = (await plane.Get<EnvelopeSource>().ForAsync(new EdgeIdentity(enrolled.EdgeId, "edge-a", own.ExportSubjectPublicKeyInfo()), default))!;

        using var signer = ECDsa.Create();
        signer.ImportSubjectPublicKeyInfo(enrolled.SigningKey, out _);
        Assert.True(signer.VerifyData(built.Body, Convert.FromBase64String(built.Signature), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        EdgeEnvelope envelope = JsonSerializer.Deserialize(built.Body, SnapshotJson.Default.EdgeEnvelope)!;
        SealedSecret secret = envelope.Overlay.Secrets.Single(s => s.Id == "azure-main");
        byte[] context = SealedBox.Context(enrolled.EdgeId, secret.Id, secret.Version);
        Assert.True(SealedBox.TryOpen(own, secret.Box, context, out byte[] plain));
        Assert.Contains(Plane.Canary, System.Text.Encoding.UTF8.GetString(plain), StringComparison.Ordinal);
        Assert.False(SealedBox.TryOpen(other, secret.Box, context, out _));
        Assert.DoesNotContain(Plane.Canary, System.Text.Encoding.UTF8.GetString(built.Body), StringComparison.Ordinal);
        Assert.Null(await plane.Get<EdgeStore>().EnrolAsync(new EnrolRequest(permission.Token, "x", own.ExportSubjectPublicKeyInfo()), default));
    }

    [Fact]
    public async Task IsolateAsync_ByOperator_AdvancesTheOverlayWithoutAPublish()
    {
        await using Plane plane = await SeededAsync();
        await Plane.Saved(plane.Get<SnapshotPublisher>().PublishAsync(Plane.Admin, "", 0, default));
        PlaneVersion before = (await plane.Get<EnvelopeSource>().VersionAsync(default))!;

        await Plane.Saved(plane.Get<IsolationStore>().IsolateAsync(Plane.Operator, "azure-gpt", TimeSpan.FromMinutes(30), "Provider reports an incident", default));

        PlaneVersion after = (await plane.Get<EnvelopeSource>().VersionAsync(default))!;
        Assert.Equal((before.Revision, before.Overlay + 1), (after.Revision, after.Overlay));
        await Assert.ThrowsAsync<AccessDeniedException>(() => plane.Get<IsolationStore>().ReleaseAsync(Plane.Viewer, "azure-gpt", "", default));
        Assert.Equal(SaveStatus.Invalid, (await plane.Get<IsolationStore>().IsolateAsync(Plane.Operator, "azure-gpt", TimeSpan.FromMinutes(30), "short", default)).Status);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(25)]
    [InlineData(100)]
    public async Task ForceAsync_ByOperator_ReachesEdgesThroughTheOverlayAndIsAudited(int percent)
    {
        await using Plane plane = await SeededAsync();
        await Plane.Saved(plane.Get<SnapshotPublisher>().PublishAsync(Plane.Admin, "", 0, default));
        IsolationStore store = plane.Get<IsolationStore>();
        await Plane.Saved(store.IsolateAsync(Plane.Operator, "azure-gpt", TimeSpan.FromMinutes(5), "Provider reports an incident", default));

        IsolationView forced = await Plane.Saved(store.ForceAsync(Plane.Operator, "azure-gpt", percent, TimeSpan.FromMinutes(30), "Back after the incident", default));

        EdgeOverlay overlay = await OverlayAsync(plane);
        Assert.Equal(new ForcedShare("azure-gpt", percent, forced.Until, "Back after the incident", Plane.Operator.Name), Assert.Single(overlay.ForcedShares));
        Assert.Empty(overlay.Isolations);
        await using (ControlPlaneDb db = plane.Db())
        {
            AuditEntry entry = await db.Audit.SingleAsync(a => a.Action == "endpoint.force");
            Assert.Equal(("azure-gpt", Plane.Operator.Name, "Back after the incident"), (entry.ObjectId, entry.ActorName, entry.Reason));
        }
        plane.Time.Advance(TimeSpan.FromMinutes(31));
        Assert.Empty(await store.ListAsync(default));
    }

    [Fact]
    public async Task ForceAsync_WrongRoleShareReasonOrEnd_IsRefused()
    {
        await using Plane plane = await SeededAsync();
        IsolationStore store = plane.Get<IsolationStore>();
        const string Reason = "Back after the incident";

        await Assert.ThrowsAsync<AccessDeniedException>(() => store.ForceAsync(Plane.Viewer, "azure-gpt", 10, TimeSpan.FromMinutes(30), Reason, default));
        Assert.Equal(SaveStatus.Invalid, (await store.ForceAsync(Plane.Operator, "azure-gpt", 101, TimeSpan.FromMinutes(30), Reason, default)).Status);
        Assert.Equal(SaveStatus.Invalid, (await store.ForceAsync(Plane.Operator, "azure-gpt", 10, TimeSpan.FromMinutes(30), "too short", default)).Status);
        Assert.Equal(SaveStatus.Invalid, (await store.ForceAsync(Plane.Operator, "azure-gpt", 10, TimeSpan.FromDays(31), Reason, default)).Status);
        Assert.Equal(SaveStatus.NotFound, (await store.ForceAsync(Plane.Operator, "nowhere", 10, TimeSpan.FromMinutes(30), Reason, default)).Status);
        Assert.Empty(await store.ListAsync(default));
    }

    private static RoutingSnapshot InTwoCurrencies(RoutingSnapshot document) => document with
    {
        Features = [document.Features[0] with { Selection = SelectionStrategy.Cheapest }],
        Prices = [.. document.Features[0].Candidates.Select((c, i) => new PriceConfig
        {
            ModelEndpoint = c.ModelEndpoint, Currency = i == 0 ? "EUR" : "USD", From = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), Input = 1, Output = 1,
        })],
    };

    private static async Task<EdgeOverlay> OverlayAsync(Plane plane)
    {
        using var key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        BuiltEnvelope built = (await plane.Get<EnvelopeSource>().ForAsync(new EdgeIdentity("edge-x", "edge-x", key.ExportSubjectPublicKeyInfo()), default))!;
        return DocumentJson.Read<EdgeEnvelope>(built.Body)!.Overlay;
    }

    private static async Task<Plane> SeededAsync()
    {
        Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();
        return plane;
    }
}
