using System.Collections.Immutable;
using ControlPlane.Web.Data;
using ControlPlane.Web.Secrets;
using Routing.Core.Providers;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.ProviderAccounts;

/// <summary>A provider account as pages show it.</summary>
public sealed record ProviderAccountView(
    string Id,
    string Name,
    ProviderKind Provider,
    string Address,
    string Project,
    string ApiVersion,
    CredentialKind CredentialKind,
    ImmutableDictionary<string, string> References,
    FederationConfig? Federation,
    SecretView? Secret,
    int ModelEndpoints,
    long Version,
    DateTimeOffset UpdatedAt,
    string UpdatedBy)
{
    /// <summary>Whether an edge can get a credential: one is stored here, or it is an identity, or none is needed.</summary>
    public bool HasCredential => !StaticCredentials.IsStatic(CredentialKind) || (References.Count == 0 && Secret is { Present: true });

    internal static ProviderAccountView Of(ProviderAccount row) => new(
        row.Id, row.Name, row.Provider, row.Address, row.Project, row.ApiVersion, row.CredentialKind,
        row.References.Length == 0 ? ImmutableDictionary<string, string>.Empty : JsonText.Read<ImmutableDictionary<string, string>>(row.References),
        row.Federation.Length == 0 ? null : JsonText.Read<FederationConfig>(row.Federation), null, 0, row.Version, row.UpdatedAt, row.UpdatedBy);
}
