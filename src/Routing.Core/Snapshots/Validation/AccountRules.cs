using System.Collections.Immutable;
using Routing.Core.Providers;

namespace Routing.Core.Snapshots.Validation;

/// <summary>Accounts: where they are, and that their credential is a reference of the right kind. No message ever repeats a credential field's value.</summary>
internal static class AccountRules
{
    private static readonly ImmutableArray<string> ApiKeyFields = ["key"];
    private static readonly ImmutableArray<string> AwsFields = ["accessKeyId", "secretAccessKey"];
    private static readonly ImmutableArray<string> ServiceAccountFields = ["json"];

    public static void Check(SnapshotIndex index, AddressRules? rules, ProblemList problems)
    {
        foreach (var (path, account) in SnapshotIndex.Each("accounts", "Account", index.Accounts, a => a.Id, problems))
        {
            problems.Id($"{path}.id", "Account id", account.Id);
            problems.Text($"{path}.name", "Name", account.Name, 100);
            problems.Defined($"{path}.provider", "Provider", account.Provider);
            Address(path, account, rules, problems);
            Project(path, account, problems);
            ApiVersion(path, account, problems);
            Credential(path, account, problems);
        }
    }

    private static void Address(string path, ProviderAccountConfig account, AddressRules? rules, ProblemList problems)
    {
        if (!problems.Present($"{path}.address", "The address", account.Address)) return;
        if (account.Address.Length == 0)
        {
            if (!ProviderAddresses.HasDefault(account.Provider))
            {
                problems.Add($"{path}.address", "address_missing",
                    $"The address is missing. Write scheme and host, for example https://my-resource.openai.azure.com.");
            }
            return;
        }
        var problem = SpellingOf(account.Address) ?? rules?.Check(account.Address);
        if (problem is not null)
        {
            problems.Add($"{path}.address", "address_refused", $"{problem}");
        }
        else if (ProviderAddresses.HasDefault(account.Provider) && rules is not null
            && Uri.TryCreate(account.Address, UriKind.Absolute, out var uri) && !rules.IsAllowed(uri))
        {
            // Requests to a cloud are signed with the cloud's credential: only the process's own settings may send them elsewhere.
            problems.Add($"{path}.address", "address_refused",
                $"The address replaces the cloud's own. Leave it empty, or add '{uri.IdnHost}:{uri.Port}' to the process's AllowedAddresses.");
        }
    }

    /// <summary>
    /// The rules on how an address is written, without those on where it leads. ASCII only: circled digits spell 169.254.169.254 to a resolver
    /// and a name to the eye.
    /// </summary>
    private static string? SpellingOf(string address) => address.AsSpan().ContainsAnyExceptInRange('!', '~')
        ? "The address holds a space, a control character or a letter outside ASCII. Write the host in its xn-- form."
        : new AddressRules(Uri.TryCreate(address, UriKind.Absolute, out var uri) ? [$"{uri.IdnHost}:{uri.Port}"] : []).Check(address);

    private static void Project(string path, ProviderAccountConfig account, ProblemList problems)
    {
        var project = account.Project;
        if (!problems.Present($"{path}.project", "The project", project)) return;
        if (account.Provider != ProviderKind.Vertex)
        {
            if (project.Length > 0) problems.Warn($"{path}.project", "field_unused", $"Project is only for Vertex AI accounts. Clear it.");
            return;
        }
        if (project.Length == 0) problems.Add($"{path}.project", "project_missing", $"The Google Cloud project id is missing. Write it as in the console, for example my-project-123.");
        else if (project.Length > 64 || !project.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.' or ':'))
        {
            problems.Add($"{path}.project", "project_shape", $"'{ProblemList.Shown(project)}' is not a project id. Use 1 to 64 of a-z, 0-9, '-', '.', ':'.");
        }
    }

    private static void ApiVersion(string path, ProviderAccountConfig account, ProblemList problems)
    {
        var version = account.ApiVersion;
        if (!problems.Present($"{path}.apiVersion", "The API version", version) || version.Length == 0) return;
        if (account.Provider != ProviderKind.AzureOpenAI) problems.Warn($"{path}.apiVersion", "field_unused", $"The API version is only for Azure OpenAI accounts. Clear it.");
        else if (version.Length > 40 || !version.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.'))
        {
            problems.Add($"{path}.apiVersion", "api_version_shape", $"'{ProblemList.Shown(version)}' is not an API version. Write it as Azure does, for example 2025-04-01-preview, or leave it empty.");
        }
    }

    private static void Credential(string path, ProviderAccountConfig account, ProblemList problems)
    {
        if (account.Credential is not { } credential)
        {
            problems.Add($"{path}.credential", "credential_missing", $"The credential is missing. Give its kind and its fields.");
            return;
        }
        problems.Defined($"{path}.credential.kind", "Credential kind", credential.Kind);
        if (!Fits(account.Provider, credential.Kind))
        {
            problems.Add($"{path}.credential.kind", "credential_kind", $"An account on {Spoken.Provider(account.Provider)} takes {KindsOf(account.Provider)}; this one has {Spoken.Credential(credential.Kind)}.");
            return;
        }
        if (credential.Fields is not { } fields)
        {
            problems.Add($"{path}.credential.fields", "null_value", $"The credential's fields are null. Write {{}} or leave them out.");
            return;
        }
        var required = Required(credential.Kind);
        foreach (var name in required.Where(name => !fields.ContainsKey(name)))
        {
            problems.Add($"{path}.credential.fields.{name}", "credential_field_missing", $"Field '{name}' is missing; {Spoken.Credential(credential.Kind)} can only be used with {string.Join(" and ", required)}.");
        }
        foreach (var (name, value) in fields.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            Field(path, credential.Kind, name, value, problems);
        }
        if (credential.Kind == CredentialKind.Federated) FederationRules.Check(path, account.Provider, credential.Federation, problems);
        else if (credential.Federation is not null) problems.Warn($"{path}.credential.federation", "field_unused", $"The federation is only for a federated credential. Clear it.");
    }

    private static void Field(string path, CredentialKind kind, string name, string? value, ProblemList problems)
    {
        var at = $"{path}.credential.fields.{ProblemList.Shown(name)}";
        if (!Required(kind).Contains(name, StringComparer.Ordinal) && !(kind == CredentialKind.AwsKeys && name == "sessionToken"))
        {
            problems.Add(at, "credential_field_unknown", $"Field '{ProblemList.Shown(name)}' is no part of {Spoken.Credential(kind)}. Remove it.");
        }
        else if (!IsReference(value))
        {
            problems.Add(at, "credential_not_a_reference",
                $"The value of '{name}' is not a reference. Write sealed:SECRET#FIELD, env:NAME or file:PATH; a secret itself never belongs into this document.");
        }
    }

    /// <summary><c>sealed:ID#FIELD</c>, <c>env:NAME</c> or <c>file:PATH</c>.</summary>
    internal static bool IsReference(string? value)
    {
        if (value is null or { Length: > 1_024 }) return false;
        if (value.StartsWith("sealed:", StringComparison.Ordinal))
        {
            var hash = value.IndexOf('#', StringComparison.Ordinal);
            return hash > 0 && Ids.IsValid(value["sealed:".Length..hash]) && value.Length - hash - 1 is >= 1 and <= 64
                && value.AsSpan(hash + 1).IndexOfAnyExceptInRange('0', 'z') < 0 && value[(hash + 1)..].All(char.IsAsciiLetterOrDigit);
        }
        if (value.StartsWith("env:", StringComparison.Ordinal))
        {
            var name = value["env:".Length..];
            return name.Length is >= 1 and <= 128 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
        }
        return value.StartsWith("file:", StringComparison.Ordinal) && value.Length > "file:".Length && !value.Any(char.IsControl);
    }

    internal static bool Fits(ProviderKind provider, CredentialKind kind) => provider switch
    {
        ProviderKind.Bedrock => kind is CredentialKind.AwsKeys or CredentialKind.Federated or CredentialKind.Ambient,
        ProviderKind.Vertex => kind is CredentialKind.ServiceAccountKey or CredentialKind.Federated or CredentialKind.Ambient,
        ProviderKind.Anthropic => kind == CredentialKind.ApiKey,
        ProviderKind.AzureOpenAI => kind is CredentialKind.ApiKey or CredentialKind.Federated or CredentialKind.Ambient,
        ProviderKind.OpenAICompatible => kind is CredentialKind.ApiKey or CredentialKind.None,
        _ => true,
    };

    private static string KindsOf(ProviderKind provider) =>
        Spoken.Either([.. Enum.GetValues<CredentialKind>().Where(k => Fits(provider, k)).Select(Spoken.Credential)]);

    private static ImmutableArray<string> Required(CredentialKind kind) => kind switch
    {
        CredentialKind.ApiKey => ApiKeyFields,
        CredentialKind.AwsKeys => AwsFields,
        CredentialKind.ServiceAccountKey => ServiceAccountFields,
        _ => [],
    };
}
