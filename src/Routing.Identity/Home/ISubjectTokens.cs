using Routing.Core.Credentials;

namespace Routing.Identity.Home;

/// <summary>Gives the process's own OIDC token for an audience, anew every time.</summary>
internal interface ISubjectTokens
{
    /// <exception cref="CredentialException">There is none; the step is <see cref="CredentialStep.SubjectToken"/>.</exception>
    Task<string> GetAsync(string audience, CancellationToken cancellationToken);
}

/// <summary>A process that was not told what it runs on.</summary>
internal sealed class NoSubjectTokens : ISubjectTokens
{
    public Task<string> GetAsync(string audience, CancellationToken cancellationToken) => throw new CredentialException("This process has no identity of its own to show.")
    {
        Step = CredentialStep.SubjectToken,
        Advice = "Set Identity:Home in its settings to what it runs on: File, Aws, Google or Azure.",
    };
}
