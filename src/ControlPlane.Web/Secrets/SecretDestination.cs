using ControlPlane.Web.ProviderAccounts;
using Routing.Core.Providers;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Secrets;

/// <summary>
/// Where a credential would be sent. Provider and credential kind belong to it: a key typed for one wire must not travel on another.
/// A stored secret goes where it was given for and nowhere else, whatever became of its account since.
/// </summary>
internal static class SecretDestination
{
    public static string Of(ProviderAccount row) => Of(row.Provider, row.CredentialKind, row.Address);

    public static string Of(ProviderAccountConfig config) => Of(config.Provider, config.Credential.Kind, config.Address);

    private static string Of(ProviderKind provider, CredentialKind kind, string address) =>
        $"{provider}/{kind} at {(address.Length == 0 ? "the cloud's own address" : address)}";
}
