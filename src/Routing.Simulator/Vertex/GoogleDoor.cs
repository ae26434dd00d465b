using Routing.Simulator.Calls;

namespace Routing.Simulator.Vertex;

internal static class GoogleDoor
{
    /// <summary>Null when the bearer is one of ours; <paramref name="principal"/> then says whose.</summary>
    public static ErrorReply? Check(HttpRequest request, GoogleTokens tokens, out string? principal)
    {
        principal = null;
        if (KeyFingerprint.Bearer(request) is not { } token) return VertexErrors.Unauthenticated("CREDENTIALS_MISSING");
        principal = tokens.PrincipalOf(token);
        return principal is null ? VertexErrors.Unauthenticated("ACCESS_TOKEN_EXPIRED") : null;
    }
}

internal static class ModelPath
{
    /// <summary>Parts <c>{model}:{verb}</c>; the verb is the whole where there is no colon.</summary>
    public static (string Model, string Verb) Split(string modelAndVerb)
    {
        var cut = modelAndVerb.LastIndexOf(':');
        return cut < 0 ? (modelAndVerb, modelAndVerb) : (modelAndVerb[..cut], modelAndVerb[(cut + 1)..]);
    }
}
