namespace Routing.Identity;

/// <summary>Settings of the process, never of a document: where tokens come from decides who sees a private key's signature.</summary>
public sealed class IdentityOptions
{
    public const string Section = "Identity";

    /// <summary>Replaces Google's token endpoint, for a simulator or a private relay. Its host and port must also be in the allowed addresses.</summary>
    public string GoogleTokenAddress { get; set; } = "";
}
