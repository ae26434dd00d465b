using System.Collections.Frozen;

namespace Routing.Core.Credentials;

/// <summary>Secrets that came sealed in an overlay and have been opened: <c>sealed:SECRET#FIELD</c>.</summary>
/// <param name="opened">Fields by secret id.</param>
public sealed class SealedSecrets(IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> opened) : ISecretResolver
{
    private const string Scheme = "sealed:";

    private readonly FrozenDictionary<string, IReadOnlyDictionary<string, string>> _opened = opened.ToFrozenDictionary(StringComparer.Ordinal);

    public SecretLookup? Resolve(string reference)
    {
        if (!reference.StartsWith(Scheme, StringComparison.Ordinal)) return null;
        var name = reference.AsSpan(Scheme.Length);
        var mark = name.IndexOf('#');
        if (mark <= 0 || mark == name.Length - 1) return SecretLookup.Missing($"'{reference}': write sealed:SECRET#FIELD.");
        if (!_opened.TryGetValue(name[..mark].ToString(), out var fields))
        {
            return SecretLookup.Missing($"'{reference}': the control plane sent no such secret to this edge, or it could not be opened.");
        }

        return fields.TryGetValue(name[(mark + 1)..].ToString(), out var value) && value.Length > 0
            ? SecretLookup.Found(value)
            : SecretLookup.Missing($"'{reference}': the secret has no such field. Enter the credential again.");
    }
}
