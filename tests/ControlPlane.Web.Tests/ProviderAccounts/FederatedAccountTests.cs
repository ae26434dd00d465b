using System.Collections.Immutable;
using ControlPlane.Web.Access;
using ControlPlane.Web.Data;
using ControlPlane.Web.ProviderAccounts;
using ControlPlane.Web.Publishing;
using ControlPlane.Web.Tests.Data;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Providers;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Tests.ProviderAccounts;

public sealed class FederatedAccountTests
{
    private const string Role = "arn:aws:iam::123456789012:role/edge-router";

    [Fact]
    public async Task Save_Federated_StandsInTheDraftWithoutASecretAndWithoutUnusedFields()
    {
        await using Plane plane = await Plane.StartAsync();
        ProviderAccountForm form = Federated();
        form.Federation.Tenant = "left over from another provider";
        await Plane.Saved(plane.Get<ProviderAccountStore>().SaveAsync(Plane.Admin, form, default));

        await using ControlPlaneDb db = plane.Db();
        ProviderAccountConfig account = (await plane.Get<DraftReader>().ReadAsync(db, default)).Accounts.Single();
        Assert.Equal(CredentialKind.Federated, account.Credential.Kind);
        Assert.Empty(account.Credential.Fields);
        Assert.Equal(new FederationConfig { Issuer = "https://accounts.google.com", Subject = "112233445566778899001", Audience = "sts.amazonaws.com", RoleArn = Role }, account.Credential.Federation);
        Assert.True((await plane.Get<ProviderAccountStore>().FindAsync("bedrock-id", default))!.HasCredential);
    }

    [Fact]
    public async Task Save_AddressInATrust_IsRefusedAtItsField()
    {
        await using Plane plane = await Plane.StartAsync();
        ProviderAccountForm form = Federated();
        form.Federation.RoleArn = "https://sts.evil.example/";
        SaveResult<ProviderAccountView> result = await plane.Get<ProviderAccountStore>().SaveAsync(Plane.Admin, form, default);
        Assert.Contains(result.Problems, p => p.Path == "accounts[bedrock-id].credential.federation.roleArn" && p.Code == "federation_address");
    }

    [Fact]
    public async Task Problems_StaticKeys_AreWarnedAboutAndDoNotKeepFromPublishing()
    {
        await using Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();
        await using ControlPlaneDb db = plane.Db();
        RoutingSnapshot draft = await plane.Get<DraftReader>().ReadAsync(db, default);
        ImmutableArray<SnapshotProblem> problems = await plane.Get<DraftProblems>().OfAsync(db, draft, default);
        Assert.Equal(["accounts[azure-main].credential.kind", "accounts[bedrock-main].credential.kind"], problems.Where(p => p.Code == "credential_static").Select(p => p.Path), StringComparer.Ordinal);
        await Plane.Saved(plane.Get<SnapshotPublisher>().PublishAsync(Plane.Admin, "first", 0, default));
    }

    [Fact]
    public async Task Prove_NoHome_NamesTheStepAndWhatToCheckAndIsAudited()
    {
        await using Plane plane = await Plane.StartAsync();
        await Plane.Saved(plane.Get<ProviderAccountStore>().SaveAsync(Plane.Admin, Federated(), default));
        IdentityProofs proofs = plane.Get<IdentityProofs>();

        await Assert.ThrowsAsync<AccessDeniedException>(() => proofs.RunAsync(Plane.Viewer, "bedrock-id", default));
        Assert.Null(await proofs.RunAsync(Plane.Operator, "nobody", default));
        ImmutableArray<ProofStep> steps = (await proofs.RunAsync(Plane.Operator, "bedrock-id", default))!.Value; // the account is there

        Assert.Equal(
        [
            ("Token of this process's home", ProofOutcome.Failed), ("Token service", ProofOutcome.NotReached), ("Call of the provider", ProofOutcome.NotReached),
        ], steps.Select(s => (s.Title, s.Outcome)));
        Assert.Contains("Identity:Home", steps[0].Check, StringComparison.Ordinal);
        await using ControlPlaneDb db = plane.Db();
        Assert.Equal(("provider_account.prove", "Otto Operator", """{"result":"failed at Token of this process's home"}"""),
            await db.Audit.OrderByDescending(e => e.Sequence).Select(e => ValueTuple.Create(e.Action, e.ActorName, e.After)).FirstAsync());
    }

    [Fact]
    public async Task RollBack_ToADocumentWithATrust_BringsItBack()
    {
        await using Plane plane = await Plane.StartAsync();
        await Plane.Saved(plane.Get<ProviderAccountStore>().SaveAsync(Plane.Admin, Federated(), default));
        await using ControlPlaneDb db = plane.Db();
        RoutingSnapshot draft = await plane.Get<DraftReader>().ReadAsync(db, default);
        ProviderAccountForm changed = Federated();
        (changed.CredentialKind, changed.Version) = (CredentialKind.Ambient, 1);
        await Plane.Saved(plane.Get<ProviderAccountStore>().SaveAsync(Plane.Admin, changed, default));
        Assert.Null((await plane.Get<ProviderAccountStore>().FindAsync("bedrock-id", default))!.Federation);

        await plane.Get<SnapshotPublisher>().ImportAsync(Plane.Admin, draft, default);
        Assert.Equal(Role, (await plane.Get<ProviderAccountStore>().FindAsync("bedrock-id", default))!.Federation!.RoleArn);
    }

    private static ProviderAccountForm Federated() => new()
    {
        Id = "bedrock-id", Provider = ProviderKind.Bedrock, CredentialKind = CredentialKind.Federated,
        Federation = new() { Issuer = "https://accounts.google.com", Subject = " 112233445566778899001 ", Audience = "sts.amazonaws.com", RoleArn = Role },
    };
}
