using System.Globalization;
using Routing.Simulator.Faults;

namespace Routing.Simulator.Calls;

internal static class RetryAfter
{
    /// <summary>Adds the fault's hint in the spelling it asks for, or in the wire's <paramref name="own"/> ones.</summary>
    public static ErrorReply WithRetryAfter(this ErrorReply reply, FaultRule fault, DateTimeOffset now, params ReadOnlySpan<HintSpelling> own)
    {
        if (fault.RetryAfterMs is not { } ms) return reply;
        List<(string, string)> headers = [.. reply.Headers];
        foreach (var spelling in fault.Hint is HintSpelling.Own or HintSpelling.RetryInfo ? own : [fault.Hint]) headers.Add(Spell(spelling, ms, now));
        return reply with { Headers = headers };
    }

    private static (string Name, string Value) Spell(HintSpelling spelling, int ms, DateTimeOffset now) => spelling switch
    {
        HintSpelling.Milliseconds => ("retry-after-ms", ms.ToString(CultureInfo.InvariantCulture)),
        HintSpelling.HttpDate => ("retry-after", WholeSecond(now, ms).ToString("R", CultureInfo.InvariantCulture)),
        HintSpelling.GoDuration => ("x-ratelimit-reset-tokens", GoDuration(ms)),
        HintSpelling.Rfc3339 => ("anthropic-ratelimit-tokens-reset", WholeSecond(now, ms).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
        _ => ("retry-after", ((ms + 999) / 1000).ToString(CultureInfo.InvariantCulture)),
    };

    /// <summary>As Go prints a duration: <c>1500ms</c> is <c>1.5s</c>, below a second it stays in milliseconds.</summary>
    public static string GoDuration(int ms)
    {
        if (ms < 1000) return FormattableString.Invariant($"{ms}ms");
        var (hours, minutes, seconds) = (ms / 3_600_000, ms / 60_000 % 60, ms % 60_000 / 1000.0);
        if (hours > 0) return FormattableString.Invariant($"{hours}h{minutes}m{seconds}s");
        return minutes > 0 ? FormattableString.Invariant($"{minutes}m{seconds}s") : FormattableString.Invariant($"{seconds}s");
    }

    /// <summary>The moment the hint means, rounded up: a date has no fractions.</summary>
    public static DateTimeOffset WholeSecond(DateTimeOffset now, int ms) =>
        DateTimeOffset.FromUnixTimeMilliseconds((now.ToUnixTimeMilliseconds() + ms + 999) / 1000 * 1000);
}
