using Routing.Core.Credentials;
using Routing.Core.Providers;
using Routing.Core.Snapshots;
using Routing.Identity.Exchanges;
using Routing.Identity.Home;

namespace Routing.Identity;

/// <summary>How each account's credential is obtained: at once, or by which exchange.</summary>
internal sealed class CredentialExchanges(HomeIdentity home, AddressRules rules, TimeProvider time)
{
    /// <summary>The credential itself where it is fixed; null where it has to be exchanged for.</summary>
    /// <exception cref="CredentialException">The fields are not of the right shape.</exception>
    public static CloudCredential? Fixed(ProviderAccountConfig account, IReadOnlyDictionary<string, string> fields)
    {
        if (CredentialShape.Check(account, fields) is { } problem) throw Refused(problem);
        return account.Credential.Kind switch
        {
            CredentialKind.ApiKey => new ApiKeyCredential(fields["key"]),
            CredentialKind.AwsKeys => new AwsCredential(fields["accessKeyId"], fields["secretAccessKey"], fields.GetValueOrDefault("sessionToken")),
            CredentialKind.None => NoCredential.Instance,
            _ => null,
        };
    }

    /// <exception cref="CredentialException">The key cannot be read, or the federation is missing.</exception>
    public ICredentialExchange Of(ProviderAccountConfig account, IReadOnlyDictionary<string, string> fields) => account.Credential switch
    {
        { Kind: CredentialKind.ServiceAccountKey } => Google(fields["json"]),
        { Kind: CredentialKind.Federated, Federation: { } trust } => account.Provider switch
        {
            ProviderKind.Bedrock => new AwsWebIdentityExchange(trust, home, time),
            ProviderKind.Vertex => new GoogleFederationExchange(trust, home, time),
            _ => new EntraExchange(trust, home, time),
        },
        { Kind: CredentialKind.Ambient } => new AmbientExchange(account.Provider, account.Address, home, time),
        _ => throw Refused("Its federation is missing."),
    };

    private GoogleTokens Google(string json)
    {
        if (ServiceAccountKey.TryRead(json, out var key) is { } unreadable) throw Refused(unreadable);
        if (GoogleTokens.TryAddress(key!, home.Options, rules, out var address) is { } refused) throw Refused(refused); // Read, so there.
        try
        {
            return new GoogleTokens(key!, address, rules, time);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or System.Security.Cryptography.CryptographicException)
        {
            throw Refused("The service-account key's private_key cannot be read.");
        }
    }

    private static CredentialException Refused(string problem) => new(problem) { Step = CredentialStep.Secret };
}
