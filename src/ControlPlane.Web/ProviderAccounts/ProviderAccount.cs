using System.ComponentModel.DataAnnotations;
using ControlPlane.Web.Publishing;
using Routing.Core.Providers;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.ProviderAccounts;

/// <summary>A row of the draft. Holds which credential, never the credential.</summary>
internal sealed class ProviderAccount : IDraftRow
{
    [MaxLength(64)]
    public required string Id { get; init; }
    [MaxLength(100)]
    public string Name { get; set; } = "";
    public ProviderKind Provider { get; set; }
    [MaxLength(500)]
    public string Address { get; set; } = "";
    [MaxLength(100)]
    public string Project { get; set; } = "";
    [MaxLength(40)]
    public string ApiVersion { get; set; } = "";
    public CredentialKind CredentialKind { get; set; }

    /// <summary>
    /// JSON object, field to <c>env:</c> or <c>file:</c> reference, as an imported file had it; empty = the stored secret. Cannot be published: setting the credential clears it.
    /// </summary>
    [MaxLength(2000)]
    public string References { get; set; } = "";

    /// <summary>JSON of the trust; empty unless the credential is federated. Holds no secret.</summary>
    [MaxLength(4000)]
    public string Federation { get; set; } = "";
    [ConcurrencyCheck]
    public long Version { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
    [MaxLength(100)]
    public string UpdatedBy { get; set; } = "";
}
