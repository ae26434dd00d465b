using System.Collections.Immutable;
using ControlPlane.Web.Budgets;
using ControlPlane.Web.Data;
using ControlPlane.Web.ProviderAccounts;
using ControlPlane.Web.Secrets;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Budgets;
using Routing.Core.Providers;
using Routing.Core.Snapshots;
using Routing.Core.Snapshots.Validation;

namespace ControlPlane.Web.Publishing;

/// <summary>What is wrong with the draft: the edges' own validator, and what only the control plane can know.</summary>
internal sealed class DraftProblems(DraftReader reader, AddressRules addresses, TimeProvider time)
{
    /// <summary>Errors of the document; what a single edit may not add to.</summary>
    public async Task<ImmutableArray<SnapshotProblem>> ErrorsAsync(ControlPlaneDb db, CancellationToken cancellationToken) =>
        [.. Validate(await reader.ReadAsync(db, cancellationToken)).Where(p => p.Severity == ProblemSeverity.Error)];

    /// <summary>Errors of a draft that has just become what an older revision was.</summary>
    public async Task<ImmutableArray<SnapshotProblem>> ErrorsOfPublishedAsync(ControlPlaneDb db, CancellationToken cancellationToken)
    {
        RoutingSnapshot draft = await reader.ReadAsync(db, cancellationToken);
        return [.. SnapshotValidator.ValidatePublished(draft, addresses).Where(p => p.Severity == ProblemSeverity.Error), .. SealedReferences.Check(draft)];
    }

    /// <summary>Everything that keeps the draft from being published, and warnings.</summary>
    public async Task<ImmutableArray<SnapshotProblem>> OfAsync(ControlPlaneDb db, RoutingSnapshot draft, CancellationToken cancellationToken) =>
        [.. Validate(draft), .. await MissingSecretsAsync(db, cancellationToken), .. StaticCredentials.Of(draft), .. await SpentBudgetsAsync(db, draft, cancellationToken)];

    private ImmutableArray<SnapshotProblem> Validate(RoutingSnapshot draft) => [.. SnapshotValidator.Validate(draft, addresses), .. SealedReferences.Check(draft)];

    /// <summary>Budgets that would refuse every call as soon as they are published.</summary>
    private async Task<IEnumerable<SnapshotProblem>> SpentBudgetsAsync(ControlPlaneDb db, RoutingSnapshot draft, CancellationToken cancellationToken)
    {
        FeatureConfig[] stopping = [.. draft.Features.Where(f => f is { BudgetMicros: > 0, BudgetAction: BudgetAction.Stop })];
        if (stopping.Length == 0) return [];
        DateTimeOffset now = time.GetUtcNow();
        int month = BudgetMonth.Of(now);
        var sums = await db.EdgeSpends.Where(s => s.Month == month).GroupBy(s => new { s.Feature, s.Currency }).Select(g => new { g.Key, Micros = g.Sum(s => s.Micros) })
            .ToDictionaryAsync(s => (s.Key.Feature, s.Key.Currency), s => s.Micros, cancellationToken);
        return stopping.Select(f => (f.Name, Already: BudgetWords.Already(State(f, month, now, sums.GetValueOrDefault((f.Name, f.BudgetCurrency))))))
            .Where(f => f.Already is not null)
            .Select(f => new SnapshotProblem($"features[{f.Name}].budgetMicros", "budget_spent", $"Budget of {f.Name}: {char.ToLowerInvariant(f.Already![0])}{f.Already[1..]}", ProblemSeverity.Warning)); // filtered above
    }

    private static BudgetState State(FeatureConfig feature, int month, DateTimeOffset now, long spent) =>
        new(new PublishedBudget(feature.Name, feature.Owner, feature.BudgetMicros, feature.BudgetCurrency, feature.BudgetAction), month, now, spent, 0, 0, "", null);

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
