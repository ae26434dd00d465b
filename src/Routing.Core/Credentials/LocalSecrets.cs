namespace Routing.Core.Credentials;

/// <summary>Secrets kept beside the process: <c>env:NAME</c> and <c>file:PATH</c>.</summary>
/// <param name="environment">Reads one environment variable; a parameter so that tests need no global state.</param>
public sealed class LocalSecrets(Func<string, string?> environment) : ISecretResolver
{
    // A service-account key has about 2.4 KB. Beyond this the path is not a secret's.
    private const int LargestBytes = 64 * 1024;
    private const string EnvironmentScheme = "env:";
    private const string FileScheme = "file:";

    public LocalSecrets() : this(Environment.GetEnvironmentVariable) { }

    public SecretLookup? Resolve(string reference)
    {
        if (reference.StartsWith(EnvironmentScheme, StringComparison.Ordinal)) return FromEnvironment(reference);
        if (reference.StartsWith(FileScheme, StringComparison.Ordinal)) return FromFile(reference);
        return null;
    }

    private SecretLookup FromEnvironment(string reference) =>
        environment(reference[EnvironmentScheme.Length..]) is { Length: > 0 } value
            ? SecretLookup.Found(value)
            : SecretLookup.Missing($"'{reference}': this process has no such environment variable, or it is empty.");

    private static SecretLookup FromFile(string reference)
    {
        var path = reference[FileScheme.Length..];
        try
        {
            if (!Path.IsPathFullyQualified(path)) return SecretLookup.Missing($"'{reference}': write the whole path, beginning at the root.");
            var file = new FileInfo(path);
            if (!file.Exists) return SecretLookup.Missing($"'{reference}': there is no such file on this machine.");
            if (file.Length > LargestBytes) return SecretLookup.Missing($"'{reference}': the file has {file.Length} bytes; at most {LargestBytes}.");

            // An editor or `echo` leaves one line end behind, which is never part of a key.
            var value = File.ReadAllText(path).TrimEnd('\r', '\n');
            return value.Length > 0 ? SecretLookup.Found(value) : SecretLookup.Missing($"'{reference}': the file is empty.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return SecretLookup.Missing($"'{reference}': the file could not be read ({e.GetType().Name}).");
        }
    }
}
