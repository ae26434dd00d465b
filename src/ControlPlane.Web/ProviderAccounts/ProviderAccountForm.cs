using System.ComponentModel.DataAnnotations;
using ControlPlane.Web.Data;
using Routing.Core.Providers;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.ProviderAccounts;

/// <summary>What an administrator fills in. The credential itself is set apart and is never part of a form that is shown again.</summary>
public sealed class ProviderAccountForm
{
    private static readonly CredentialKind[] _byPreference = [CredentialKind.Federated, CredentialKind.ApiKey];

    [Required(ErrorMessage = "Give the account an id, for example bedrock-main.")]
    [RegularExpression("^[a-z0-9][a-z0-9._-]{0,63}$", ErrorMessage = "An id has 1 to 64 of a-z, 0-9, '-', '_', '.' and begins with a letter or digit.")]
    public string Id { get; set; } = "";

    [StringLength(100, ErrorMessage = "A name has at most 100 characters.")]
    public string Name { get; set; } = "";
    public ProviderKind Provider { get; set; }

    [StringLength(500, ErrorMessage = "An address has at most 500 characters.")]
    public string Address { get; set; } = "";

    [StringLength(100, ErrorMessage = "A project id has at most 100 characters.")]
    public string Project { get; set; } = "";

    [StringLength(40, ErrorMessage = "An API version has at most 40 characters.")]
    public string ApiVersion { get; set; } = "";
    public CredentialKind CredentialKind { get; set; } = CredentialKind.Federated;

    /// <summary>Only for a federated credential.</summary>
    public FederationForm Federation { get; set; } = new();

    /// <summary>0 for a new account; else the version this form was filled from.</summary>
    public long Version { get; set; }

    public static ProviderAccountForm From(ProviderAccountView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        return new()
        {
            Id = view.Id,
            Name = view.Name,
            Provider = view.Provider,
            Address = view.Address,
            Project = view.Project,
            ApiVersion = view.ApiVersion,
            CredentialKind = view.CredentialKind,
            Federation = view.Federation is { } trust ? FederationForm.From(trust) : new(),
            Version = view.Version,
        };
    }

    /// <summary>Sets the provider, and a kind of credential that it can have: one without a secret where there is one.</summary>
    public void Choose(ProviderKind provider)
    {
        Provider = provider;
        if (!StaticCredentials.Fits(provider, CredentialKind)) CredentialKind = _byPreference.First(k => StaticCredentials.Fits(provider, k));
    }

    internal void WriteTo(ProviderAccount row)
    {
        row.Name = Name.Trim();
        row.Provider = Provider;
        row.Address = Address.Trim();
        row.Project = Project.Trim();
        row.ApiVersion = ApiVersion.Trim();
        row.CredentialKind = CredentialKind;
        row.Federation = CredentialKind == CredentialKind.Federated ? JsonText.Of(Federation.ToConfig(Provider)) : "";
    }
}
