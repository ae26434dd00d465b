using Amazon.Runtime;
using Routing.Core.Credentials;

namespace Routing.Identity;

/// <summary>What AWS STS says when it refuses, and what to check then.</summary>
internal static class AwsFailures
{
    /// <summary>STS could not reach the issuer itself: the only refusal that a second try may change.</summary>
    public const string IssuerUnreachable = "IDPCommunicationError";

    public static bool IsExpected(Exception e, CancellationToken cancellationToken) =>
        e is AmazonClientException or AmazonServiceException or HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    public static CredentialException Of(CredentialStep step, Exception e)
    {
        if (e is not AmazonServiceException { ErrorCode: { Length: > 0 } code } service || service.StatusCode == default) return TokenHttp.Unreachable(step, "AWS STS", Innermost(e));
        var shown = code.Length > 60 ? code[..60] : code;
        return new CredentialException($"AWS STS refused ({shown}).", e) { Step = step, RawCode = shown, Advice = AdviceFor(step, code, (int)service.StatusCode) };
    }

    private static string AdviceFor(CredentialStep step, string code, int status) => code switch
    {
        IssuerUnreachable => "AWS could not reach the issuer to check the signature: check that its discovery document and keys are public.",
        "ExpiredTokenException" or "ExpiredToken" => "The token had ended when it arrived: check this machine's clock.",
        "IDPRejectedClaim" => "The issuer's claims do not fit: check the audience in the IAM identity provider and in the account.",
        "InvalidIdentityToken" => "Check that an IAM OIDC provider exists for the issuer, and that it lists the audience.",
        "RegionDisabledException" => "STS is off in this region: switch it on, or set Identity:AwsRegion to another.",
        "OutboundWebIdentityFederationDisabled" or "OutboundWebIdentityFederationDisabledException" => "Enable outbound web identity federation once for this AWS account.",
        "AccessDenied" or "AccessDeniedException" => step == CredentialStep.SubjectToken
            ? "Check that this process's role may call sts:GetWebIdentityToken."
            : "Check the role's ARN and that its trust policy names this issuer with exactly this sub and aud.",
        "ValidationError" => "Check the session name, and that the duration is no longer than the role's maximum.",
        _ => status >= 500 ? "The token service is in trouble; the models behind the account are not at fault." : "Check the role and its trust policy.",
    };

    private static Exception Innermost(Exception e)
    {
        while (e is not (HttpRequestException or IOException) && e.InnerException is { } inner) e = inner;
        return e;
    }
}
