using Routing.Core.Credentials;
using Routing.Core.Health;

namespace Routing.Identity;

/// <summary>Stands for a credential that cannot be had, so that one bad account does not keep a whole table from serving.</summary>
internal sealed class UnavailableTokenSource(string problem, TimeProvider time) : ICloudTokenSource
{
    private readonly DateTimeOffset _since = time.GetUtcNow();

    public ValueTask<CloudCredential> GetAsync(CancellationToken cancellationToken) =>
        ValueTask.FromException<CloudCredential>(new CredentialException(problem) { Step = CredentialStep.Secret });

    public void Invalidate() { }

    public bool IsMissing => true;

    public IdentityHealthView View(string account) => new()
    {
        Account = account, State = IdentityState.Fault, Since = _since, Step = CredentialStep.Secret, Sentence = $"Identity fault at the stored secret: {problem}",
    };
}
