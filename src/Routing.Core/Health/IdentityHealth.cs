using System.Text.Json.Serialization;
using Routing.Core.Credentials;
using Routing.Core.Llm;

namespace Routing.Core.Health;

[JsonConverter(typeof(SnakeCaseEnumConverter<IdentityState>))]
public enum IdentityState : byte
{
    /// <summary>Nothing was asked for yet.</summary>
    Unknown,

    /// <summary>A fresh credential is held.</summary>
    Good,

    /// <summary>Renewing fails; the last credential is still valid and in use.</summary>
    LastGood,

    /// <summary>No valid credential: endpoints behind the account cannot be called. Says nothing about the models.</summary>
    Fault,
}

/// <summary>How obtaining one account's credential is going on one edge. Apart from the health of its model endpoints.</summary>
public sealed record IdentityHealthView
{
    public required string Account { get; init; }
    public required IdentityState State { get; init; }

    /// <summary>When it came into this state.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>End of the credential in use; null without one.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When the credential in use is due for renewal, by today's clock; null without one.</summary>
    public DateTimeOffset? RenewsAt { get; init; }

    /// <summary>Which link broke; null while none is broken.</summary>
    public CredentialStep? Step { get; init; }

    /// <summary>What is going on, for people; empty when all is well.</summary>
    public string Sentence { get; init; } = "";

    // Since the process began to use this trust.
    public long Exchanges { get; init; }
    public long Failures { get; init; }
    public int FailuresInARow { get; init; }
}
