using Routing.Core.Credentials;

namespace Routing.Identity.Home;

/// <summary>A token that something else keeps fresh in a file: read anew each time, as it is replaced under us.</summary>
internal sealed class FileSubjectTokens(string path) : ISubjectTokens
{
    private const int LargestBytes = 64 * 1024;

    public async Task<string> GetAsync(string audience, CancellationToken cancellationToken)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists) throw Refused("The token file is not there.", null);
            if (file.Length > LargestBytes) throw Refused($"The token file has {file.Length} bytes; at most {LargestBytes}.", null);
            var token = (await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false)).Trim();
            return token.Length > 0 ? token : throw Refused("The token file is empty.", null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refused($"The token file could not be read ({e.GetType().Name}).", e);
        }
    }

    private CredentialException Refused(string what, Exception? inner) =>
        new(what, inner) { Step = CredentialStep.SubjectToken, Advice = $"Check Identity:TokenFile ({path}) and that this process may read it." };
}
