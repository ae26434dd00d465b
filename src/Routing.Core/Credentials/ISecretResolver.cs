namespace Routing.Core.Credentials;

/// <summary>Finds the value behind a reference: <c>sealed:SECRET#FIELD</c>, <c>env:NAME</c> or <c>file:PATH</c>.</summary>
public interface ISecretResolver
{
    /// <summary>Null when this resolver does not know the reference's scheme; else the value, or why there is none.</summary>
    SecretLookup? Resolve(string reference);
}

/// <summary>A value, or a sentence that names the reference and never the value.</summary>
public readonly record struct SecretLookup
{
    public string? Value { get; private init; }
    public string? Problem { get; private init; }

    public static SecretLookup Found(string value) => new() { Value = value };

    public static SecretLookup Missing(string problem) => new() { Problem = problem };

    public override string ToString() => Problem ?? "***";
}
