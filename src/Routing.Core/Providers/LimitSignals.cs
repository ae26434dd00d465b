using System.Globalization;

namespace Routing.Core.Providers;

/// <summary>What a limit counts.</summary>
public enum LimitDimension : byte { Requests, Tokens, InputTokens, OutputTokens }

/// <summary>One limit of an account as its provider reports it with an answer.</summary>
/// <param name="Remaining">What may still be used before <paramref name="ResetsIn"/>.</param>
/// <param name="ResetsIn">Until the limit is whole again; null when it was not said, or is now.</param>
public readonly record struct LimitSignal(LimitDimension Dimension, long? Limit, long? Remaining, TimeSpan? ResetsIn);

/// <summary>
/// Table 2: the headers in which providers say how much of a limit is left. OpenAI, Azure OpenAI and those like them write
/// <c>x-ratelimit-remaining-tokens</c>, Anthropic <c>anthropic-ratelimit-tokens-remaining</c>; Bedrock and Vertex AI write none.
/// </summary>
public static class LimitSignals
{
    private static readonly LimitHeaders[] Known =
    [
        new(LimitDimension.Requests, "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
        new(LimitDimension.Tokens, "x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
        Anthropics(LimitDimension.Requests, "requests"),
        Anthropics(LimitDimension.Tokens, "tokens"),
        Anthropics(LimitDimension.InputTokens, "input-tokens"),
        Anthropics(LimitDimension.OutputTokens, "output-tokens"),
    ];

    /// <summary>Those limits that an answer tells anything of.</summary>
    public static LimitSignal[] Read(IWireHeaders headers)
    {
        var signals = new LimitSignal[Known.Length];
        var count = 0;
        foreach (var known in Known)
        {
            var (limit, remaining) = (Count(headers[known.Limit]), Count(headers[known.Remaining]));
            var reset = headers[known.Reset] is { } text ? WireTimes.Wait(text, headers["date"]) : null;
            if (limit is not null || remaining is not null || reset is not null) signals[count++] = new(known.Dimension, limit, remaining, reset);
        }

        return signals[..count];
    }

    private static LimitHeaders Anthropics(LimitDimension dimension, string word) =>
        new(dimension, $"anthropic-ratelimit-{word}-limit", $"anthropic-ratelimit-{word}-remaining", $"anthropic-ratelimit-{word}-reset");

    private static long? Count(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    private readonly record struct LimitHeaders(LimitDimension Dimension, string Limit, string Remaining, string Reset);
}
