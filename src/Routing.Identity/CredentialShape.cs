using Routing.Core.Providers;
using Routing.Core.Snapshots;

namespace Routing.Identity;

/// <summary>Whether a credential's fields are there and can be sent, before anything is tried with them.</summary>
internal static class CredentialShape
{
    private const int LongestHeaderValue = 8 * 1024;

    /// <summary>What is wrong, naming the field and never its value; null when nothing is.</summary>
    public static string? Check(ProviderAccountConfig account, IReadOnlyDictionary<string, string> fields)
    {
        var kind = account.Credential.Kind;
        if (!Fits(account.Provider, kind)) return $"A credential of kind {kind} does not fit a {account.Provider} account.";
        return kind switch
        {
            CredentialKind.ApiKey => Sendable(fields, "key"),
            CredentialKind.AwsKeys => Sendable(fields, "accessKeyId") ?? Sendable(fields, "secretAccessKey")
                ?? (fields.ContainsKey("sessionToken") ? Sendable(fields, "sessionToken") : null),
            CredentialKind.ServiceAccountKey => fields.ContainsKey("json") ? null : "Its field 'json' is missing.",
            _ => null,
        };
    }

    private static bool Fits(ProviderKind provider, CredentialKind kind) => provider switch
    {
        ProviderKind.Bedrock => kind is CredentialKind.AwsKeys or CredentialKind.Federated or CredentialKind.Ambient,
        ProviderKind.Vertex => kind is CredentialKind.ServiceAccountKey or CredentialKind.Federated or CredentialKind.Ambient,
        ProviderKind.Anthropic => kind is CredentialKind.ApiKey,
        ProviderKind.AzureOpenAI => kind is CredentialKind.ApiKey or CredentialKind.Federated or CredentialKind.Ambient,
        _ => kind is CredentialKind.ApiKey or CredentialKind.None,
    };

    private static string? Sendable(IReadOnlyDictionary<string, string> fields, string name)
    {
        if (!fields.TryGetValue(name, out var value) || value.Length == 0) return $"Its field '{name}' is missing.";
        if (value.Length > LongestHeaderValue) return $"Its field '{name}' has {value.Length} characters; at most {LongestHeaderValue}.";
        foreach (var c in value)
        {
            if (c is <= ' ' or > '~') return $"Its field '{name}' holds a space, a line end or a character outside ASCII, which no key has.";
        }

        return null;
    }
}
