using System.Collections.Immutable;

namespace Routing.Core.Snapshots.Validation;

/// <summary>
/// What a control plane publishes may name sealed secrets only: <c>env:</c> and <c>file:</c> would let it read what lies on the edges' machines,
/// and send it where it likes.
/// </summary>
public static class SealedReferences
{
    /// <returns>One error for each credential field that points elsewhere; safe for documents that are not valid otherwise.</returns>
    public static ImmutableArray<SnapshotProblem> Check(RoutingSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var problems = new ProblemList();
        ImmutableArray<ProviderAccountConfig> accounts = snapshot.Accounts.IsDefault ? [] : snapshot.Accounts;
        for (var i = 0; i < accounts.Length; i++)
        {
            if (accounts[i]?.Credential?.Fields is not { } fields) continue;
            foreach (var (name, reference) in fields)
            {
                if (reference is null || reference.StartsWith("sealed:", StringComparison.Ordinal)) continue;
                problems.Add($"{Ids.PathOf("accounts", i, accounts[i].Id)}.credential.fields.{ProblemList.Shown(name)}", "reference_not_sealed",
                    $"Field '{ProblemList.Shown(name)}' does not refer to a sealed secret. With a control plane only sealed:SECRET#FIELD is followed: store the credential there.");
            }
        }
        return problems.ToImmutable();
    }
}
