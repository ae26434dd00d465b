using Routing.Core.Credentials;

namespace Routing.Identity.Home;

/// <summary>The identity that Azure gives to the machine, towards other clouds.</summary>
internal sealed class AzureHome(AzureClients azure) : ISubjectTokens
{
    public async Task<string> GetAsync(string audience, CancellationToken cancellationToken) =>
        (await AzureClients.TokenAsync(azure.Machine(), $"{audience}/.default", CredentialStep.SubjectToken, cancellationToken).ConfigureAwait(false)).Token;
}
