using System.Text.RegularExpressions;
using Azure.Identity;
using Routing.Core.Credentials;

namespace Routing.Identity;

/// <summary>What Entra says when it refuses, and what to check then.</summary>
internal static partial class AzureFailures
{
    public static CredentialException Of(CredentialStep step, AuthenticationFailedException e)
    {
        if (e is CredentialUnavailableException) return new CredentialException("This machine has no Azure identity.", e) { Step = step, Advice = "Check that a managed identity is assigned to it." };
        if (Code().Match(e.ToString()) is { Success: true, Value: var code }) return new CredentialException($"Entra refused ({code}).", e) { Step = step, RawCode = code, Advice = AdviceFor(code) };
        for (Exception? inner = e; inner is not null; inner = inner.InnerException)
        {
            if (inner is HttpRequestException or IOException) return TokenHttp.Unreachable(step, "Entra", inner);
        }
        return new CredentialException("Entra gave no token.", e) { Step = step, Advice = "The token service is in trouble; the models behind the account are not at fault." };
    }

    private static string AdviceFor(string code) => code switch
    {
        "AADSTS700016" => "Check the client id, and that the application is in this tenant.",
        "AADSTS70021" or "AADSTS700213" or "AADSTS700211" or "AADSTS700212" => "Check that the application has a federated credential with exactly this issuer, subject and audience.",
        "AADSTS700024" => "The token had ended or not begun when it arrived: check this machine's clock.",
        "AADSTS700027" or "AADSTS50013" or "AADSTS5002738" => "Entra could not check the token's signature: check that the issuer's keys are public.",
        "AADSTS90002" or "AADSTS900023" => "Check the tenant's id.",
        "AADSTS90033" or "AADSTS90036" => "Entra itself is in trouble; the models behind the account are not at fault.",
        _ => "Look the code up in Entra's error list.",
    };

    [GeneratedRegex("AADSTS[0-9]{4,8}", RegexOptions.CultureInvariant, 100)]
    private static partial Regex Code();
}
