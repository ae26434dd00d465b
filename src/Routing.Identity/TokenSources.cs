using Routing.Core.Credentials;
using Routing.Core.Providers;
using Routing.Core.Snapshots;

namespace Routing.Identity;

/// <summary>
/// The token source of every provider account. A source lives as long as its account's configuration and secret stay the same,
/// so that a new table goes on with the tokens of the old one.
/// </summary>
public sealed class TokenSources(AddressRules rules, TimeProvider time, IdentityOptions? options = null)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>The source of one account; one that always fails, with the reason, when its secret cannot be found or is of the wrong shape.</summary>
    public ICloudTokenSource Of(ProviderAccountConfig account, ISecretResolver secrets)
    {
        if (SecretResolvers.TryResolve(secrets, account.Credential, out var fields) is { } problem)
        {
            return new UnavailableTokenSource($"The credential of account '{account.Id}' is not available. {problem}");
        }

        lock (_lock)
        {
            if (_entries.TryGetValue(account.Id, out var entry) && entry.IsFor(account, fields)) return entry.Source;
            var source = Create(account, fields, rules, time, options);
            _entries[account.Id] = new Entry(account, fields, source);
            return source;
        }
    }

    /// <summary>A fresh source, for a single check of a credential.</summary>
    public static ICloudTokenSource Create(
        ProviderAccountConfig account, IReadOnlyDictionary<string, string> fields, AddressRules rules, TimeProvider time, IdentityOptions? options = null)
    {
        if (CredentialShape.Check(account, fields) is { } problem) return Unavailable(account, problem);
        return account.Credential.Kind switch
        {
            CredentialKind.ApiKey => new StaticTokenSource(new ApiKeyCredential(fields["key"])),
            CredentialKind.AwsKeys => new StaticTokenSource(new AwsCredential(
                fields["accessKeyId"], fields["secretAccessKey"], fields.GetValueOrDefault("sessionToken"))),
            CredentialKind.ServiceAccountKey => Google(account, fields["json"], rules, time, options ?? new IdentityOptions()),
            _ => new StaticTokenSource(NoCredential.Instance),
        };
    }

    private static ICloudTokenSource Google(ProviderAccountConfig account, string json, AddressRules rules, TimeProvider time, IdentityOptions options)
    {
        if (ServiceAccountKey.TryRead(json, out var key) is { } unreadable) return Unavailable(account, unreadable);
        if (GoogleTokens.TryAddress(key!, options, rules, out var address) is { } refused) return Unavailable(account, refused);
        try
        {
            return new RefreshingTokenSource(new GoogleTokens(key!, address, rules, time).ExchangeAsync, time);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or System.Security.Cryptography.CryptographicException)
        {
            return Unavailable(account, "The service-account key's private_key cannot be read.");
        }
    }

    private static UnavailableTokenSource Unavailable(ProviderAccountConfig account, string problem) =>
        new($"The credential of account '{account.Id}' cannot be used. {problem}");

    private sealed record Entry(ProviderAccountConfig Account, Dictionary<string, string> Fields, ICloudTokenSource Source)
    {
        public bool IsFor(ProviderAccountConfig account, Dictionary<string, string> fields) =>
            Account.Credential.Kind == account.Credential.Kind && Account.Provider == account.Provider
            && Fields.Count == fields.Count && Fields.All(f => fields.TryGetValue(f.Key, out var value) && value == f.Value);
    }
}
