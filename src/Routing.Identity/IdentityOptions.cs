using Routing.Core.Providers;

namespace Routing.Identity;

/// <summary>Whose token a process can show: what it runs on.</summary>
public enum HomeKind
{
    /// <summary>None: accounts of kind federated cannot be used.</summary>
    None,

    /// <summary>An OIDC token that something else keeps fresh in a file, as Kubernetes does for a projected service-account token.</summary>
    File,

    /// <summary>AWS: keys of the environment, container or instance; tokens by STS <c>GetWebIdentityToken</c>.</summary>
    Aws,

    /// <summary>Google Cloud: the metadata server's identity token.</summary>
    Google,

    /// <summary>Azure: managed identity, or AKS workload identity where its variables are set.</summary>
    Azure,
}

/// <summary>Settings of the process, never of a document: where tokens come from and are traded decides who sees them.</summary>
public sealed class IdentityOptions
{
    public const string Section = "Identity";

    /// <summary>What this process is, for accounts of kind federated.</summary>
    public HomeKind Home { get; set; }

    /// <summary>Whole path of the token file; only and always for the home <see cref="HomeKind.File"/>.</summary>
    public string TokenFile { get; set; } = "";

    /// <summary>Region of AWS STS; empty = us-east-1, or the home region of the role's partition.</summary>
    public string AwsRegion { get; set; } = "";

    /// <summary>Replaces the address of AWS STS. This and all addresses below also need their host and port in the allowed addresses.</summary>
    public string AwsStsAddress { get; set; } = "";

    /// <summary>Replaces Google's token endpoint for service-account keys, path included.</summary>
    public string GoogleTokenAddress { get; set; } = "";

    /// <summary>Replaces https://sts.googleapis.com.</summary>
    public string GoogleStsAddress { get; set; } = "";

    /// <summary>Replaces https://iamcredentials.googleapis.com.</summary>
    public string GoogleIamCredentialsAddress { get; set; } = "";

    /// <summary>Replaces http://metadata.google.internal.</summary>
    public string GoogleMetadataAddress { get; set; } = "";

    /// <summary>Replaces the Entra login host.</summary>
    public string EntraAddress { get; set; } = "";

    /// <summary>Replaces http://169.254.169.254, where Azure machines ask for their identity.</summary>
    public string AzureMetadataAddress { get; set; } = "";

    /// <summary>Client id of a user-assigned managed identity; empty = the machine's own.</summary>
    public string AzureClientId { get; set; } = "";

    /// <summary>Everything that is wrong, each with the setting's name and value; none when all is well.</summary>
    public IEnumerable<string> Problems(AddressRules rules)
    {
        if (!Enum.IsDefined(Home)) yield return $"{Section}:Home is '{Home}'; use {string.Join(", ", Enum.GetNames<HomeKind>())}.";
        if (Home == HomeKind.File && !Path.IsPathFullyQualified(TokenFile)) yield return $"{Section}:TokenFile is '{TokenFile}'; the home File needs the whole path of the token file.";
        if (Home != HomeKind.File && TokenFile.Length > 0) yield return $"{Section}:TokenFile is set, but {Section}:Home is {Home}. Set it to File, or clear the file.";
        (string Name, string Value)[] addresses =
        [
            (nameof(AwsStsAddress), AwsStsAddress), (nameof(GoogleStsAddress), GoogleStsAddress), (nameof(GoogleIamCredentialsAddress), GoogleIamCredentialsAddress),
            (nameof(GoogleMetadataAddress), GoogleMetadataAddress), (nameof(EntraAddress), EntraAddress), (nameof(AzureMetadataAddress), AzureMetadataAddress),
        ];
        foreach (var (name, value) in addresses)
        {
            if (value.Length == 0) continue;
            if (rules.Check(value) is { } problem) yield return $"{Section}:{name}: {problem}";
            else if (!rules.IsAllowed(new Uri(value))) yield return $"{Section}:{name} is {value}. Add '{new Uri(value).Authority}' to the process's AllowedAddresses.";
        }
    }
}
