using Amazon.Runtime;
using Amazon.SecurityToken.Model;
using Routing.Core.Credentials;
using Routing.Core.Snapshots;
using Routing.Identity.Home;

namespace Routing.Identity.Exchanges;

/// <summary>AWS: a token of the home, held in memory only, for temporary keys of a role.</summary>
internal sealed class AwsWebIdentityExchange(FederationConfig trust, HomeIdentity home, TimeProvider time) : ICredentialExchange
{
    private const string DefaultSession = "edge-router";

    public async Task<Issued> RunAsync(ChainLog? log, CancellationToken cancellationToken)
    {
        var token = SubjectToken.Read(await home.Subjects.GetAsync(trust.Audience, cancellationToken).ConfigureAwait(false), trust, time);
        token.Note(log);
        var answer = await AssumeAsync(token, mayRetry: true, cancellationToken).ConfigureAwait(false);
        var keys = answer.Credentials;
        if (string.IsNullOrEmpty(keys?.AccessKeyId) || string.IsNullOrEmpty(keys.SecretAccessKey) || string.IsNullOrEmpty(keys.SessionToken)) throw new CredentialException("AWS STS answered without keys.");
        var ends = new DateTimeOffset((keys.Expiration ?? time.GetUtcNow().UtcDateTime).ToUniversalTime(), TimeSpan.Zero);
        log?.Done(CredentialStep.Exchange, "AWS STS gave temporary keys of the role.", ("role", answer.AssumedRoleUser?.Arn ?? trust.RoleArn), ("key id", keys.AccessKeyId), ("ends", ends.Spelled()));
        return new Issued(new AwsCredential(keys.AccessKeyId, keys.SecretAccessKey, keys.SessionToken), ends);
    }

    private async Task<AssumeRoleWithWebIdentityResponse> AssumeAsync(SubjectToken token, bool mayRetry, CancellationToken cancellationToken)
    {
        try
        {
            using var client = home.Sts.Client(new AnonymousAWSCredentials(), trust.RoleArn.Split(':')[1]);
            return await client.AssumeRoleWithWebIdentityAsync(new AssumeRoleWithWebIdentityRequest
            {
                RoleArn = trust.RoleArn,
                RoleSessionName = trust.SessionName.Length > 0 ? trust.SessionName : DefaultSession,
                WebIdentityToken = token.Value,
                DurationSeconds = trust.DurationSeconds,
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (AmazonServiceException e) when (mayRetry && e.ErrorCode == AwsFailures.IssuerUnreachable)
        {
            return await AssumeAsync(token, mayRetry: false, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (AwsFailures.IsExpected(e, cancellationToken))
        {
            throw AwsFailures.Of(CredentialStep.Exchange, e);
        }
    }
}
