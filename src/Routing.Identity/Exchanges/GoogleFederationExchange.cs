using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Routing.Core.Credentials;
using Routing.Core.Snapshots;
using Routing.Identity.Home;

namespace Routing.Identity.Exchanges;

/// <summary>
/// Google: the home's token, or a signed AWS request, for a token of the pool's principal, and where the account says so for one of a service account.
/// By plain calls: Google's library reads AWS keys from fewer places than AWS's, and hides which of the two steps failed.
/// </summary>
internal sealed class GoogleFederationExchange(FederationConfig trust, HomeIdentity home, TimeProvider time) : ICredentialExchange
{
    public const string Scope = "https://www.googleapis.com/auth/cloud-platform";
    private const string StsAddress = "https://sts.googleapis.com";
    private const string IamAddress = "https://iamcredentials.googleapis.com";
    private const int ImpersonatedSeconds = 3600;

    public async Task<Issued> RunAsync(ChainLog? log, CancellationToken cancellationToken)
    {
        var (subject, type) = await SubjectAsync(log, cancellationToken).ConfigureAwait(false);
        var federated = await ExchangeAsync(subject, type, cancellationToken).ConfigureAwait(false);
        log?.Done(CredentialStep.Exchange, "Google's token service gave a token of the pool's principal.", ("pool provider", trust.PoolProvider), ("ends", federated.ExpiresAt.Spelled()));
        if (trust.ServiceAccount.Length == 0) return new Issued(federated, federated.ExpiresAt);

        var account = await ImpersonateAsync(federated, cancellationToken).ConfigureAwait(false);
        log?.Done(CredentialStep.Impersonation, "Google let the principal act as the service account.", ("service account", trust.ServiceAccount), ("ends", account.ExpiresAt.Spelled()));
        return new Issued(account, account.ExpiresAt);
    }

    private async Task<(string Subject, string Type)> SubjectAsync(ChainLog? log, CancellationToken cancellationToken)
    {
        if (trust.Proof == FederationProof.AwsRequest)
        {
            var (keys, _) = await home.Aws.KeysAsync(CredentialStep.SubjectToken, cancellationToken).ConfigureAwait(false);
            log?.Done(CredentialStep.SubjectToken, "AWS gave this process keys; a request was signed with them.", ("key id", keys.AccessKeyId), ("for", trust.PoolProvider));
            return (AwsSignedRequest.Write(keys, home.Sts.Region("aws"), trust.PoolProvider, time), "urn:ietf:params:aws:token-type:aws4_request");
        }

        var token = SubjectToken.Read(await home.Subjects.GetAsync(trust.Audience, cancellationToken).ConfigureAwait(false), trust, time);
        token.Note(log);
        return (token.Value, "urn:ietf:params:oauth:token-type:jwt");
    }

    private async Task<BearerCredential> ExchangeAsync(string subject, string type, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address(home.Options.GoogleStsAddress, StsAddress), "/v1/token"));
        request.Content = new FormUrlEncodedContent(
        [
            new("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
            new("audience", trust.PoolProvider),
            new("scope", Scope),
            new("requested_token_type", "urn:ietf:params:oauth:token-type:access_token"),
            new("subject_token_type", type),
            new("subject_token", subject),
        ]);
        var answer = await home.Http.SendAsync(request, CredentialStep.Exchange, "Google's token service", cancellationToken).ConfigureAwait(false);
        if (answer.Status != HttpStatusCode.OK) throw GoogleFailures.OfExchange(answer);
        if (answer.Text("access_token") is not { Length: > 0 } token) throw new CredentialException("Google's token service answered without an access token.");
        return new BearerCredential(token, time.GetUtcNow() + TimeSpan.FromSeconds(Math.Clamp(answer.Number("expires_in") ?? 0, 0, 86_400)));
    }

    private async Task<BearerCredential> ImpersonateAsync(BearerCredential federated, CancellationToken cancellationToken)
    {
        var path = $"/v1/projects/-/serviceAccounts/{trust.ServiceAccount}:generateAccessToken";
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address(home.Options.GoogleIamCredentialsAddress, IamAddress), path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", federated.Token);
        request.Content = new StringContent($$"""{"scope":["{{Scope}}"],"lifetime":"{{ImpersonatedSeconds}}s"}""", new MediaTypeHeaderValue("application/json"));
        var answer = await home.Http.SendAsync(request, CredentialStep.Impersonation, "Google's IAM Credentials service", cancellationToken).ConfigureAwait(false);
        if (answer.Status != HttpStatusCode.OK) throw GoogleFailures.OfImpersonation(answer);
        if (answer.Text("accessToken") is not { Length: > 0 } token || !DateTimeOffset.TryParse(answer.Text("expireTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var ends))
        {
            throw new CredentialException("Google's IAM Credentials service answered without an access token and its end.") { Step = CredentialStep.Impersonation };
        }
        return new BearerCredential(token, ends);
    }

    private static Uri Address(string own, string google) => new(own.Length > 0 ? own : google);
}
