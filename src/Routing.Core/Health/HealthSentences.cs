using System.Globalization;
using Routing.Core.Llm;
using Routing.Core.Snapshots;

namespace Routing.Core.Health;

/// <summary>What a breaker says about its moves, for people. Invariant digits, UTC, no-break space before units.</summary>
internal static class HealthSentences
{
    private const char Nbsp = '\u00A0';

    public static string FailureRatio(int failures, int samples, int boundPercent, int limitPercent, DateTimeOffset until) =>
        $"Tripped: {failures} of {samples} calls failed (Wilson lower bound {Percent(boundPercent)}, limit {Percent(limitPercent)}). {NextTry(until)}";

    public static string ConsecutiveFailures(int failures, FailureKind last, DateTimeOffset until) =>
        $"Tripped: {failures} calls in a row failed, the last one with {last.Name()}. {NextTry(until)}";

    public static string FirstToken(int p90, int limit, int samples, int share) =>
        $"Slow: the first token took {Latency(p90)} (p90 of {samples}), limit {Latency(limit)}. A trickle of {Percent(share)} stays, to see it recover.";

    public static string LaterThanUsual(in LateFirstToken late, int limitPercent, int share) =>
        $"Slow: the first token took {Latency(late.P90)} (p90 of {late.Samples} answers to {PromptSizes.Name(late.Size)}), {Times(late.P90, late.Usual)} the {Latency(late.Usual)} of the healthy hour before, limit {Percent(limitPercent)}. A trickle of {Percent(share)} stays, to see it recover.";

    public static string Duration(int p90, int limit, int samples, int share) =>
        $"Slow: 100 tokens took {Latency(p90)} (p90 of {samples}), limit {Latency(limit)}. A trickle of {Percent(share)} stays, to see it recover.";

    public static string ConfigFault(FailureKind kind, DateTimeOffset until) => kind == FailureKind.CredentialExchangeFailed
        ? $"Identity fault: no credential could be obtained, so the model was not asked. Back when one is, or next try at {Moment(until)}."
        : $"Out of service: {ConfigCause(kind)}. {NextTry(until)}";

    public static string OpenElapsed(int share) => $"The wait is over: trying {Percent(share)} of normal traffic, one call at a time until one is answered.";

    public static string FailOpenAnswered(int answered, int share) =>
        $"Answered {answered} calls in a row while no other candidate was left: back to {Percent(share)} of normal traffic before the wait was over.";

    public static string Widened(int share, int answered, double seconds) =>
        $"Widened to {Percent(share)}: {Answered(answered)} in {Seconds(seconds)}, within limits.";

    public static string Recovered(int answered, double seconds) =>
        $"Recovered: {Answered(answered)} in {Seconds(seconds)} at full share. All traffic again.";

    public static string SteppedBackFailing(int share, int failures, int samples) =>
        $"Stepped back to {Percent(share)}: {failures} of {samples} calls failed on this step.";

    public static string SteppedBackSlow(int share, int slow, int samples, int limit) =>
        $"Stepped back to {Percent(share)}: {slow} of {samples} answers on this step were slower than {Latency(limit)}; one in ten may be.";

    public static string SteppedBackFirstToken(int share, int slow, int samples, BreakerPolicyConfig policy) => policy.FirstTokenBaselinePercent == 0
        ? SteppedBackSlow(share, slow, samples, policy.FirstTokenP90Ms)
        : $"Stepped back to {Percent(share)}: the first token of {slow} of {samples} answers on this step came later than it may, by what was usual for prompts of their size before{OrLimit(policy.FirstTokenP90Ms)}; one in ten may.";

    public static string Relapsed(int failures, int samples, DateTimeOffset until) =>
        $"Relapsed: {failures} of {samples} calls failed on this step, after an earlier step had failed too. {NextTry(until)}";

    public static string StillFailing(DateTimeOffset until) => $"Still failing: the call that tried it after the wait has failed. {NextTry(until)}";

    public static string Isolated(string by, string reason, DateTimeOffset until) =>
        $"Isolated by {by} until {Moment(until)}{Because(reason)}";

    public static string IsolationEnded(string by, int share) =>
        $"Isolation by {by} has ended: trying {Percent(share)} of normal traffic.";

    public static string Released(string by, int share) => $"Released by {by}: trying {Percent(share)} of normal traffic.";

    public static string Forced(string by, string reason, int share, DateTimeOffset until) => share switch
    {
        <= 0 => $"Forced open by {by} until {Moment(until)}{Because(reason)}",
        >= 100 => $"Forced closed by {by}{Because(reason)}",
        _ => $"Forced to at most {Percent(share)} by {by} until {Moment(until)}{Because(reason)}",
    };

    public static string StillForcedOpen(string by, DateTimeOffset until) => $"Still forced open by {by} until {Moment(until)}.";

    public static string ForceEnded(string by, int share, bool released) =>
        released ? $"Released by {by}: trying {Percent(share)} of normal traffic." : $"The share forced by {by} has ended: trying {Percent(share)} of normal traffic.";

    public static string IdentityRestored(int share) => $"A credential was obtained again: trying {Percent(share)} of normal traffic.";

    public static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static string Because(string reason) => reason.Length == 0 ? "." : $": {reason}";

    private static string NextTry(DateTimeOffset until) => $"Next try at {Moment(until)}.";

    private static string Answered(int count) => count == 1 ? "1 call answered" : string.Create(CultureInfo.InvariantCulture, $"{count} calls answered");

    private static string Percent(int value) => string.Create(CultureInfo.InvariantCulture, $"{value}{Nbsp}%");

    private static string Latency(int ms) => string.Create(CultureInfo.InvariantCulture, $"{ms:N0}{Nbsp}ms");

    private static string Times(int value, int of) => string.Create(CultureInfo.InvariantCulture, $"{(double)value / of:0.0}{Nbsp}×");

    private static string OrLimit(int ms) => ms == 0 ? "" : $" or by the limit of {Latency(ms)}";

    private static string Seconds(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0}{Nbsp}s");

    private static string ConfigCause(FailureKind kind) => kind switch
    {
        FailureKind.Unauthenticated => "the provider refused the credential",
        FailureKind.PermissionDenied => "the credential may not use this model",
        FailureKind.ModelNotFound => "the provider does not know the model or deployment",
        FailureKind.SpendLimit => "the account's spend limit is reached",
        _ => kind.Name(),
    };
}
