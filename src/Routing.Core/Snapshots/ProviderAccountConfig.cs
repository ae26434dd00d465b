using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Routing.Core.Llm;
using Routing.Core.Providers;

namespace Routing.Core.Snapshots;

/// <summary>An account, project or resource on one cloud and the credential used to reach it.</summary>
public sealed record ProviderAccountConfig
{
    public required string Id { get; init; }
    public string Name { get; init; } = "";
    public required ProviderKind Provider { get; init; }

    /// <summary>
    /// Base address (scheme, host, port). Empty means the cloud's own; required for <c>azure_openai</c> and <c>openai_compatible</c>.
    /// Anything but a public https host needs an entry in the process's own allow-list.
    /// </summary>
    public string Address { get; init; } = "";

    /// <summary>Google Cloud project id; only for <c>vertex</c>.</summary>
    public string Project { get; init; } = "";

    /// <summary>Azure's <c>api-version</c> for deployment paths; empty uses the v1 path.</summary>
    public string ApiVersion { get; init; } = "";

    public required CredentialConfig Credential { get; init; }
}

[JsonConverter(typeof(SnakeCaseEnumConverter<CredentialKind>))]
public enum CredentialKind : byte
{
    /// <summary>Field <c>key</c>. Azure OpenAI and OpenAI-compatible.</summary>
    ApiKey,

    /// <summary>Fields <c>accessKeyId</c>, <c>secretAccessKey</c>, optional <c>sessionToken</c>. Bedrock.</summary>
    AwsKeys,

    /// <summary>Field <c>json</c>: a service-account key file. Vertex.</summary>
    ServiceAccountKey,

    /// <summary>The endpoint takes no credential (a model server of one's own).</summary>
    None,

    /// <summary>A token of the process's own identity is traded for one of the cloud, as <see cref="CredentialConfig.Federation"/> says. No secret.</summary>
    Federated,

    /// <summary>The identity that the cloud gives to the machine the process runs on. No secret, no field.</summary>
    Ambient,
}

/// <summary>
/// Which credential, never the credential: every field's value is a reference, <c>sealed:SECRET#FIELD</c> (in the overlay, from the
/// control plane), <c>env:NAME</c> or <c>file:PATH</c> (on the edge itself, and only where it runs from a file).
/// </summary>
public sealed record CredentialConfig
{
    public required CredentialKind Kind { get; init; }
    public ImmutableDictionary<string, string> Fields { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Only for <see cref="CredentialKind.Federated"/>.</summary>
    public FederationConfig? Federation { get; init; }
}
