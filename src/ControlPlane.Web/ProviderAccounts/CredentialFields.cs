using System.Collections.Immutable;
using ControlPlane.Web.Data;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.ProviderAccounts;

/// <summary>One value of a credential, as a form asks for it.</summary>
public sealed record CredentialField(string Name, string Label, bool Required, bool Multiline);

/// <summary>Which values each kind of credential consists of.</summary>
public static class CredentialFields
{
    public static ImmutableArray<CredentialField> Of(CredentialKind kind) => kind switch
    {
        CredentialKind.ApiKey => [new("key", "API key", true, false)],
        CredentialKind.AwsKeys =>
        [
            new("accessKeyId", "Access key id", true, false),
            new("secretAccessKey", "Secret access key", true, false),
            new("sessionToken", "Session token", false, false),
        ],
        CredentialKind.ServiceAccountKey => [new("json", "Service-account key file", true, true)],
        _ => [],
    };

    /// <summary>What a published document says: the stored secret; references as they were imported stay until it is set, and are refused.</summary>
    internal static ImmutableDictionary<string, string> References(ProviderAccount row, string storedFields)
    {
        if (row.References.Length > 0) return JsonText.Read<ImmutableDictionary<string, string>>(row.References);
        string[] stored = storedFields.Split(',', StringSplitOptions.RemoveEmptyEntries);
        return Of(row.CredentialKind)
            .Where(f => f.Required || stored.Contains(f.Name, StringComparer.Ordinal))
            .ToImmutableDictionary(f => f.Name, f => $"sealed:{row.Id}#{f.Name}", StringComparer.Ordinal);
    }
}
