using Routing.Core.Snapshots;

namespace Routing.Core.Credentials;

/// <summary>Asks several resolvers in turn, and resolves the fields of a credential.</summary>
public sealed class SecretResolvers(params ReadOnlySpan<ISecretResolver> resolvers) : ISecretResolver
{
    private readonly ISecretResolver[] _resolvers = [.. resolvers];

    public SecretLookup? Resolve(string reference)
    {
        foreach (var resolver in _resolvers)
        {
            if (resolver.Resolve(reference) is { } lookup) return lookup;
        }

        return null;
    }

    /// <summary>All fields of a credential by name, or the first problem.</summary>
    public static string? TryResolve(ISecretResolver secrets, CredentialConfig credential, out Dictionary<string, string> fields)
    {
        fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, reference) in credential.Fields)
        {
            // A reference without a known scheme may be a secret that somebody pasted in: it is not repeated.
            if (secrets.Resolve(reference) is not { } lookup) return $"Field '{name}' of the credential is no reference this process can follow: use sealed:, env: or file:.";
            if (lookup.Value is not { } value) return lookup.Problem;
            fields[name] = value;
        }

        return null;
    }
}
