using System.Collections.Immutable;
using Routing.Core.Providers;
using Routing.Core.Snapshots.Validation;

namespace Routing.Core.Snapshots;

/// <summary>
/// Warnings about secrets that somebody keeps, where a cloud would take an identity instead. Apart from the validator, which says what works:
/// this is for whoever publishes.
/// </summary>
public static class StaticCredentials
{
    /// <summary>One warning for each account with a long-lived secret that it need not have.</summary>
    public static ImmutableArray<SnapshotProblem> Of(RoutingSnapshot snapshot) =>
    [
        .. from account in snapshot.Accounts
        where account.Credential is { } credential && IsStatic(credential.Kind) && AccountRules.Fits(account.Provider, CredentialKind.Federated)
        select new SnapshotProblem($"accounts[{account.Id}].credential.kind", "credential_static",
            $"Account {account.Id} uses {Spoken.Credential(account.Credential.Kind)}: a long-lived secret that can leak and must be rotated by hand. Prefer a federated or an ambient identity, which has none.",
            ProblemSeverity.Warning),
    ];

    /// <summary>Whether accounts of a provider can have a credential of that kind.</summary>
    public static bool Fits(ProviderKind provider, CredentialKind kind) => AccountRules.Fits(provider, kind);

    /// <summary>Whether the credential is a secret that somebody keeps.</summary>
    public static bool IsStatic(CredentialKind kind) => kind is CredentialKind.ApiKey or CredentialKind.AwsKeys or CredentialKind.ServiceAccountKey;
}
