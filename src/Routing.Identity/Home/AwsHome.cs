using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.SecurityToken.Model;
using Routing.Core.Credentials;

namespace Routing.Identity.Home;

/// <summary>What AWS gives to the process itself: keys of its environment, container or instance, found by AWS's own library, and tokens for others.</summary>
/// <param name="keys">Finds the keys; a parameter so that tests need no machine of AWS.</param>
internal sealed class AwsHome(AwsSts sts, TimeProvider time, Func<AWSCredentials>? keys = null) : ISubjectTokens
{
    // The shortest life that is surely long enough to be traded; it is used once.
    private const int TokenSeconds = 300;

    // Keys of the environment name no end: whoever replaces them is noticed within this time.
    private static readonly TimeSpan UnknownLife = TimeSpan.FromMinutes(15);
    private readonly Func<AWSCredentials> _keys = keys ?? (static () => DefaultAWSCredentialsIdentityResolver.GetCredentials());

    public async Task<string> GetAsync(string audience, CancellationToken cancellationToken)
    {
        var credentials = Keys(CredentialStep.SubjectToken);
        try
        {
            using var client = sts.Client(credentials, partition: "aws");
            var request = new GetWebIdentityTokenRequest { Audience = [audience], SigningAlgorithm = "RS256", DurationSeconds = TokenSeconds };
            return (await client.GetWebIdentityTokenAsync(request, cancellationToken).ConfigureAwait(false)).WebIdentityToken;
        }
        catch (Exception e) when (AwsFailures.IsExpected(e, cancellationToken))
        {
            throw AwsFailures.Of(CredentialStep.SubjectToken, e);
        }
    }

    /// <summary>The keys themselves, with their end of life where the library knows one.</summary>
    public async Task<(AwsCredential Credential, DateTimeOffset ExpiresAt)> KeysAsync(CredentialStep step, CancellationToken cancellationToken)
    {
        var credentials = Keys(step);
        try
        {
            var now = await credentials.GetCredentialsAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            var ends = (credentials as RefreshingAWSCredentials)?.Expiration is { } at ? new DateTimeOffset(at.ToUniversalTime(), TimeSpan.Zero) : time.GetUtcNow() + UnknownLife;
            return (new AwsCredential(now.AccessKey, now.SecretKey, string.IsNullOrEmpty(now.Token) ? null : now.Token), ends);
        }
        catch (Exception e) when (AwsFailures.IsExpected(e, cancellationToken))
        {
            throw NoKeys(step, e);
        }
    }

    private AWSCredentials Keys(CredentialStep step)
    {
        try
        {
            return _keys();
        }
        catch (AmazonClientException e)
        {
            throw NoKeys(step, e);
        }
    }

    private static CredentialException NoKeys(CredentialStep step, Exception e) => new("AWS's library found no keys for this process.", e)
    {
        Step = step,
        Advice = "Check that a role is attached to this instance, task or pod, and that its metadata service may be reached.",
    };
}
