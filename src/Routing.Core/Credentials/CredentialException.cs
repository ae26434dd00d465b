using System.Text.Json.Serialization;
using Routing.Core.Llm;

namespace Routing.Core.Credentials;

/// <summary>The links of the chain from who we are to what a provider takes.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<CredentialStep>))]
public enum CredentialStep : byte
{
    /// <summary>The stored secret or its reference.</summary>
    Secret,

    /// <summary>The token of the process's own home.</summary>
    SubjectToken,

    /// <summary>The cloud's token service.</summary>
    Exchange,

    /// <summary>Acting as a Google service account.</summary>
    Impersonation,
}

/// <summary>A credential could not be obtained. The dispatcher turns it into <c>credential_exchange_failed</c>.</summary>
/// <param name="what">What happened, as a sentence. Never holds a token or a key.</param>
public sealed class CredentialException(string what, Exception? inner = null) : Exception(what, inner)
{
    public CredentialStep Step { get; init; } = CredentialStep.Exchange;

    /// <summary>The token service's own code as it wrote it.</summary>
    public string? RawCode { get; init; }

    /// <summary>What to check, as a sentence; empty when what happened says it.</summary>
    public string Advice { get; init; } = "";

    public string What => base.Message;

    public override string Message => Advice.Length == 0 ? base.Message : $"{base.Message} {Advice}";
}
