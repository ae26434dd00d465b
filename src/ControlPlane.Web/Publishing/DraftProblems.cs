using System.Collections.Immutable;
using ControlPlane.Web.Data;
using ControlPlane.Web.ProviderAccounts;
using ControlPlane.Web.Secrets;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Providers;
using Routing.Core.Snapshots;
using Routing.Core.Snapshots.Validation;

namespace ControlPlane.Web.Publishing;

/// <summary>What is wrong with the draft: the edges' own validator, and what only the control plane can know.</summary>
internal sealed class DraftProblems(DraftReader reader, AddressRules addresses)
{
    /// <summary>Errors of the document; what a single edit may not add to.</summary>
    public async Task<ImmutableArray<SnapshotProblem>> ErrorsAsync(ControlPlaneDb db, CancellationToken cancellationToken) =>
        [.. Validate(await reader.ReadAsync(db, cancellationToken)).Where(p => p.Severity == ProblemSeverity.Error)];

    /// <summary>Everything that keeps the draft from being published, and warnings.</summary>
    public async Task<ImmutableArray<SnapshotProblem>> OfAsync(ControlPlaneDb db, RoutingSnapshot draft, CancellationToken cancellationToken) =>
        [.. Validate(draft), .. await MissingSecretsAsync(db, cancellationToken), .. StaticCredentials.Of(draft)];

    private ImmutableArray<SnapshotProblem> Validate(RoutingSnapshot draft) => [.. SnapshotValidator.Validate(draft, addresses), .. SealedReferences.Check(draft)];

    private static async Task<IEnumerable<SnapshotProblem>> MissingSecretsAsync(ControlPlaneDb db, CancellationToken cancellationToken)
    {
        List<ProviderAccount> accounts = await db.ProviderAccounts.AsNoTracking()
            .Where(a => a.References == "" && a.CredentialKind != CredentialKind.None && a.CredentialKind != CredentialKind.Federated && a.CredentialKind != CredentialKind.Ambient)
            .OrderBy(a => a.Id)
            .ToListAsync(cancellationToken);
        var stored = await db.Secrets.AsNoTracking().Where(s => s.VoidedBecause == "").Select(s => new { s.Account, s.Destination }).ToListAsync(cancellationToken);
        HashSet<(string, string)> bound = [.. stored.Select(s => (s.Account, s.Destination))];
        return accounts.Where(a => !bound.Contains((a.Id, SecretDestination.Of(a)))).Select(a => new SnapshotProblem(
            $"accounts[{a.Id}].credential", "secret_missing",
            $"Provider account {a.Id} has no credential stored for where it points, so no edge could call it. Set its credential."));
    }
}
