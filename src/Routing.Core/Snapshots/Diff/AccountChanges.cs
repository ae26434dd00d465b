using System.Collections.Immutable;
using Routing.Core.Snapshots.Validation;

namespace Routing.Core.Snapshots.Diff;

internal static class AccountChanges
{
    private static readonly FederationConfig NoFederation = new();

    public static void Find(SnapshotIndex before, SnapshotIndex after, ChangeList changes)
    {
        foreach (var (id, old, now) in Pairs.Of(before.Accounts, after.Accounts, a => a.Id))
        {
            var account = new Subject("account", "accounts", id);
            if (old is null && now is not null) changes.Added(account, "", $"new account on {Spoken.Provider(now.Provider)}", now.Name);
            else if (now is null && old is not null) changes.Removed(account, "", $"account on {Spoken.Provider(old.Provider)} removed", old.Name);
            else if (old is not null && now is not null) Settings(account, old, now, changes);
        }
    }

    private static void Settings(Subject account, ProviderAccountConfig old, ProviderAccountConfig now, ChangeList changes)
    {
        changes.Value(account, "name", "name", old.Name, now.Name);
        changes.Value(account, "provider", "provider", Spoken.Provider(old.Provider), Spoken.Provider(now.Provider));
        changes.Value(account, "address", "address", Address(old), Address(now));
        changes.Value(account, "project", "project", old.Project, now.Project);
        changes.Value(account, "apiVersion", "API version", Version(old), Version(now));
        changes.Value(account, "credential.kind", "credential", Kind(old), Kind(now));
        // Only references are compared; a document holds no secret.
        var (before, after) = (Fields(old), Fields(now));
        foreach (var name in before.Keys.Union(after.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            changes.Value(account, $"credential.fields.{name}", $"source of credential field {name}", Source(before, name), Source(after, name));
        }
        Federation(account, old.Credential?.Federation ?? NoFederation, now.Credential?.Federation ?? NoFederation, changes);
    }

    private static void Federation(Subject account, FederationConfig old, FederationConfig now, ChangeList changes)
    {
        const string At = "credential.federation";
        changes.Value(account, $"{At}.proof", "proof of identity", Spoken.Name(old.Proof), Spoken.Name(now.Proof));
        changes.Value(account, $"{At}.issuer", "trusted issuer", old.Issuer, now.Issuer);
        changes.Value(account, $"{At}.subject", "trusted subject", old.Subject, now.Subject);
        changes.Value(account, $"{At}.audience", "audience", old.Audience, now.Audience);
        changes.Value(account, $"{At}.roleArn", "role", old.RoleArn, now.RoleArn);
        changes.Value(account, $"{At}.sessionName", "session name", old.SessionName, now.SessionName);
        changes.Number(account, $"{At}.durationSeconds", "life of the credentials", old.DurationSeconds, now.DurationSeconds, "s");
        changes.Value(account, $"{At}.poolProvider", "pool provider", old.PoolProvider, now.PoolProvider);
        changes.Value(account, $"{At}.serviceAccount", "service account", old.ServiceAccount, now.ServiceAccount);
        changes.Value(account, $"{At}.tenant", "tenant", old.Tenant, now.Tenant);
        changes.Value(account, $"{At}.clientId", "client id", old.ClientId, now.ClientId);
    }

    private static string Address(ProviderAccountConfig account) => string.IsNullOrEmpty(account.Address) ? "the cloud's own" : account.Address;

    private static string Version(ProviderAccountConfig account) => string.IsNullOrEmpty(account.ApiVersion) ? "v1" : account.ApiVersion;

    private static string Kind(ProviderAccountConfig account) => account.Credential is { } credential ? Spoken.Credential(credential.Kind) : "missing";

    private static ImmutableDictionary<string, string> Fields(ProviderAccountConfig account) => account.Credential?.Fields ?? ImmutableDictionary<string, string>.Empty;

    // A draft may hold a pasted secret until the validator has been read; it is not repeated here.
    private static string Source(ImmutableDictionary<string, string> fields, string name) =>
        fields.GetValueOrDefault(name) is not { } value ? "" : AccountRules.IsReference(value) ? value : "not a reference";
}
