using System.Text.RegularExpressions;
using Routing.Core.Providers;

namespace Routing.Core.Snapshots.Validation;

/// <summary>One trust of a federated account: everything it needs, pinned and of the cloud's own form, and no address anywhere.</summary>
internal static partial class FederationRules
{
    private const int LongestIssuer = 255;
    private const int LongestSubject = 255;

    // IAM and Google allow 255 for an audience; Entra's are shorter.
    private const int LongestAudience = 255;
    private const int LongestRoleArn = 2_048;
    private const int LongestServiceAccount = 255;
    private const int MatchMs = 100;

    private static readonly string[] EntraAudiences = ["api://AzureADTokenExchange", "api://AzureADTokenExchangeUSGov", "api://AzureADTokenExchangeChina"];

    public static void Check(string account, ProviderKind provider, FederationConfig? federation, ProblemList problems)
    {
        var path = $"{account}.credential.federation";
        if (federation is null)
        {
            problems.Add(path, "federation_missing", $"The federation is missing. Say what the process proves (issuer, subject, audience) and as whom the cloud lets it in.");
            return;
        }
        problems.Defined($"{path}.proof", "Proof", federation.Proof);
        Proof(path, provider, federation, problems);
        Aws(path, provider == ProviderKind.Bedrock, federation, problems);
        Google(path, provider == ProviderKind.Vertex, federation, problems);
        Azure(path, provider == ProviderKind.AzureOpenAI, federation, problems);
    }

    private static void Proof(string path, ProviderKind provider, FederationConfig f, ProblemList problems)
    {
        if (f.Proof == FederationProof.AwsRequest)
        {
            if (provider != ProviderKind.Vertex) problems.Add($"{path}.proof", "federation_proof", $"A signed AWS request is a proof to Google only. Use an OIDC token.");
            Unused($"{path}.issuer", "Issuer", f.Issuer, "for an OIDC token", problems);
            Unused($"{path}.subject", "Subject", f.Subject, "for an OIDC token", problems);
            Unused($"{path}.audience", "Audience", f.Audience, "for an OIDC token", problems);
            return;
        }
        Issuer($"{path}.issuer", f.Issuer, problems);
        Pinned($"{path}.subject", "Subject", f.Subject, LongestSubject, "the exact sub of the token, for example system:serviceaccount:prod:edge", problems);
        Pinned($"{path}.audience", "Audience", f.Audience, LongestAudience, "the one aud that the cloud's trust names, for example sts.amazonaws.com", problems);
        if (provider == ProviderKind.AzureOpenAI && !string.IsNullOrEmpty(f.Audience) && !EntraAudiences.Contains(f.Audience, StringComparer.Ordinal))
        {
            problems.Add($"{path}.audience", "federation_audience", $"'{ProblemList.Shown(f.Audience)}' is not an audience that Entra takes. Use {string.Join(", ", EntraAudiences)}.");
        }
    }

    /// <summary>An issuer is a name that is written like an address: it is compared and never fetched.</summary>
    private static void Issuer(string path, string issuer, ProblemList problems)
    {
        if (!Needed(path, "Issuer", issuer, "the exact iss of the token, for example https://accounts.google.com", problems)) return;
        if (issuer.Length > LongestIssuer) problems.Add(path, "too_long", $"Issuer has {issuer.Length:N0} characters; at most {LongestIssuer}.");
        else if (issuer.AsSpan().ContainsAnyExceptInRange('!', '~') || !Uri.TryCreate(issuer, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps
            || uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            problems.Add(path, "federation_issuer", $"'{ProblemList.Shown(issuer)}' is not an issuer. Write the token's iss as it is: https, a host and perhaps a path.");
        }
    }

    private static void Pinned(string path, string label, string value, int most, string example, ProblemList problems)
    {
        if (!Needed(path, label, value, example, problems)) return;
        if (value.Length > most) problems.Add(path, "too_long", $"{label} has {value.Length:N0} characters; at most {most}.");
        else if (value.AsSpan().ContainsAny('*', '?')) problems.Add(path, "federation_wildcard", $"{label} '{ProblemList.Shown(value)}' holds a wildcard. Write the exact value: a pattern lets strangers in.");
        else if (value.AsSpan().ContainsAnyExceptInRange('!', '~')) problems.Add(path, "federation_shape", $"{label} holds a space, a control character or a letter outside ASCII. Write it as it stands in the token.");
    }

    private static void Aws(string path, bool uses, FederationConfig f, ProblemList problems)
    {
        if (!uses)
        {
            Unused($"{path}.roleArn", "Role ARN", f.RoleArn, "for Bedrock accounts", problems);
            Unused($"{path}.sessionName", "Session name", f.SessionName, "for Bedrock accounts", problems);
            return;
        }
        Form($"{path}.roleArn", "Role ARN", f.RoleArn, LongestRoleArn, RoleArnForm(), "arn:aws:iam::123456789012:role/edge-router", problems);
        if (!string.IsNullOrEmpty(f.SessionName)) Form($"{path}.sessionName", "Session name", f.SessionName, 64, SessionNameForm(), "edge-router (2 to 64 of letters, digits and +=,.@_-)", problems);
        else problems.Present($"{path}.sessionName", "Session name", f.SessionName);
        problems.Range($"{path}.durationSeconds", "Duration", f.DurationSeconds, 900, 43_200, "s");
    }

    private static void Google(string path, bool uses, FederationConfig f, ProblemList problems)
    {
        if (!uses)
        {
            Unused($"{path}.poolProvider", "Pool provider", f.PoolProvider, "for Vertex AI accounts", problems);
            Unused($"{path}.serviceAccount", "Service account", f.ServiceAccount, "for Vertex AI accounts", problems);
            return;
        }
        Form($"{path}.poolProvider", "Pool provider", f.PoolProvider, 255, PoolProviderForm(),
            "//iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/edges/providers/home", problems);
        if (!string.IsNullOrEmpty(f.ServiceAccount)) Form($"{path}.serviceAccount", "Service account", f.ServiceAccount, LongestServiceAccount, ServiceAccountForm(), "edge@my-project.iam.gserviceaccount.com", problems);
        else problems.Present($"{path}.serviceAccount", "Service account", f.ServiceAccount);
    }

    private static void Azure(string path, bool uses, FederationConfig f, ProblemList problems)
    {
        if (!uses)
        {
            Unused($"{path}.tenant", "Tenant", f.Tenant, "for Azure OpenAI accounts", problems);
            Unused($"{path}.clientId", "Client id", f.ClientId, "for Azure OpenAI accounts", problems);
            return;
        }
        Form($"{path}.tenant", "Tenant", f.Tenant, 36, GuidForm(), "00000000-0000-0000-0000-000000000000, the tenant's id", problems);
        Form($"{path}.clientId", "Client id", f.ClientId, 36, GuidForm(), "00000000-0000-0000-0000-000000000000, the application's id", problems);
    }

    private static void Form(string path, string label, string value, int most, Regex form, string example, ProblemList problems)
    {
        if (!Needed(path, label, value, example, problems)) return;
        if (value.Contains("://", StringComparison.Ordinal)) problems.Add(path, "federation_address", $"{label} is an address. A document never says where tokens are traded; write a name like {example}.");
        else if (value.Length > most) problems.Add(path, "too_long", $"{label} has {value.Length:N0} characters; at most {most:N0}.");
        else if (!form.IsMatch(value)) problems.Add(path, "federation_shape", $"{label} '{ProblemList.Shown(value)}' is not of the cloud's form. Write it like {example}.");
    }

    private static bool Needed(string path, string label, string? value, string example, ProblemList problems)
    {
        if (!problems.Present(path, label, value)) return false;
        if (value.Length > 0) return true;
        problems.Add(path, "federation_field_missing", $"{label} is missing. Write {example}.");
        return false;
    }

    private static void Unused(string path, string label, string? value, string only, ProblemList problems)
    {
        if (problems.Present(path, label, value) && value.Length > 0) problems.Warn(path, "field_unused", $"{label} is only {only}. Clear it.");
    }

    [GeneratedRegex(@"^arn:aws(-us-gov|-cn)?:iam::[0-9]{12}:role/([!-~]{1,512}/)?[A-Za-z0-9+=,.@_-]{1,64}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, MatchMs)]
    private static partial Regex RoleArnForm();

    [GeneratedRegex(@"^[A-Za-z0-9+=,.@_-]{2,64}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, MatchMs)]
    private static partial Regex SessionNameForm();

    [GeneratedRegex(@"^//iam\.googleapis\.com/projects/[0-9]{1,19}/locations/global/workloadIdentityPools/[a-z0-9-]{4,32}/providers/[a-z0-9-]{4,32}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, MatchMs)]
    private static partial Regex PoolProviderForm();

    [GeneratedRegex(@"^[a-z0-9-]{1,63}@([a-z0-9-]{1,63}\.){1,5}gserviceaccount\.com\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, MatchMs)]
    private static partial Regex ServiceAccountForm();

    [GeneratedRegex(@"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, MatchMs)]
    private static partial Regex GuidForm();
}
