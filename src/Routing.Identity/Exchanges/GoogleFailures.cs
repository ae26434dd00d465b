using System.Text.Json;
using Routing.Core.Credentials;

namespace Routing.Identity.Exchanges;

/// <summary>What Google's services say when they refuse, and what to check then. Their descriptions may quote the token and are left out.</summary>
internal static class GoogleFailures
{
    public static CredentialException OfExchange(TokenAnswer answer)
    {
        var code = Shown(answer.Text("error"), answer);
        return new CredentialException($"Google's token service refused ({code}).")
        {
            Step = CredentialStep.Exchange,
            RawCode = code,
            Advice = code switch
            {
                "invalid_grant" => "Check that the pool's provider trusts exactly this issuer and audience, that its attribute condition lets this subject in, and this machine's clock.",
                "invalid_target" => "Check the pool provider's full name: project number, pool and provider.",
                "unauthorized_client" => "The provider's attribute condition does not let this subject in.",
                _ => Trouble(answer, "Check the pool and its provider."),
            },
        };
    }

    public static CredentialException OfImpersonation(TokenAnswer answer)
    {
        var status = answer.Body.ValueKind == JsonValueKind.Object && answer.Body.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object
            && error.TryGetProperty("status", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
        var code = Shown(status, answer);
        return new CredentialException($"Google did not let the principal act as the service account ({code}).")
        {
            Step = CredentialStep.Impersonation,
            RawCode = code,
            Advice = code switch
            {
                "PERMISSION_DENIED" => "Grant roles/iam.workloadIdentityUser on the service account to exactly this subject of the pool.",
                "NOT_FOUND" => "Check the service account's address.",
                "UNAUTHENTICATED" => "The token that was just traded was not taken: look at this machine's clock, and try again.",
                _ => Trouble(answer, "Check the service account and who may act as it."),
            },
        };
    }

    private static string Trouble(TokenAnswer answer, string otherwise) =>
        (int)answer.Status >= 500 ? "The token service is in trouble; the models behind the account are not at fault." : otherwise;

    private static string Shown(string? code, TokenAnswer answer) =>
        string.IsNullOrEmpty(code) || code.Length > 60 || !code.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? $"{(int)answer.Status}" : code;
}
