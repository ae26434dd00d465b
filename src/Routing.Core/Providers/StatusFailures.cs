using Routing.Core.Llm;

namespace Routing.Core.Providers;

/// <summary>What a status means when the provider's own words say nothing: the last resort of every failure table.</summary>
internal static class StatusFailures
{
    private const int LongestCode = 100;

    public static FailureKind Of(int status) => status switch
    {
        400 or 422 => FailureKind.InvalidRequest,
        401 => FailureKind.Unauthenticated,
        402 => FailureKind.SpendLimit,
        403 => FailureKind.PermissionDenied,
        404 => FailureKind.ModelNotFound,
        408 or 504 => FailureKind.UpstreamTimeout,
        409 => FailureKind.Conflict,
        413 => FailureKind.RequestTooLarge,
        424 => FailureKind.ModelError,
        429 => FailureKind.RateLimited,
        503 or 529 => FailureKind.CapacityExhausted,
        >= 500 => FailureKind.UpstreamInternal,
        _ => FailureKind.Unknown,
    };

    /// <summary>The sentence of a refusal: provider, status and its code, never its text, which may quote the prompt and is kept apart by <see cref="Said"/>.</summary>
    public static string Sentence(string provider, int status, string code) =>
        code.Length > 0 ? $"{provider} answered {status} ({Short(code)})." : $"{provider} answered {status}.";

    /// <summary>The provider's text, where it tells the caller what to mend. Of our own accounts and their limits it tells operators' secrets.</summary>
    public static ProviderSentence? Said(FailureKind kind, string text) =>
        kind is FailureKind.InvalidRequest or FailureKind.ContextTooLong or FailureKind.RequestTooLarge or FailureKind.ContentBlocked ? ProviderSentence.Of(text) : null;

    /// <summary>A provider's code as it may be shown: a bounded piece of printable ASCII.</summary>
    public static string Short(string code)
    {
        if (code.Length > LongestCode) code = code[..LongestCode];
        return code.AsSpan().ContainsAnyExceptInRange(' ', '~') ? "an unreadable code" : code;
    }
}

/// <summary>Hints by text, tried in order. Each table names the month its texts were last seen, since providers change them without notice.</summary>
internal static class TextHints
{
    public static FailureKind? Find((string Text, FailureKind Kind)[] hints, string message)
    {
        foreach (var (text, kind) in hints)
        {
            if (message.Contains(text, StringComparison.OrdinalIgnoreCase)) return kind;
        }

        return null;
    }
}
