using Routing.Core.Credentials;
using Routing.Core.Health;

namespace Routing.Identity;

/// <summary>What an identity's health says of itself, for people.</summary>
internal static class IdentitySentences
{
    public static string Of(IdentityState state, CredentialException failure, DateTimeOffset? lastEnds) => state switch
    {
        IdentityState.LastGood when lastEnds is { } ends => $"Identity cannot be renewed at the {Spelled(failure.Step)}; the last credential is used until {ends.Spelled()}. {failure.Message}",
        _ => $"Identity fault at the {Spelled(failure.Step)}: {failure.Message}",
    };

    private static string Spelled(CredentialStep step) => step switch
    {
        CredentialStep.Secret => "stored secret",
        CredentialStep.SubjectToken => "home's token",
        CredentialStep.Impersonation => "service account",
        _ => "token service",
    };
}
