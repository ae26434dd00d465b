using Routing.Core.Llm;

namespace Routing.Core.Dispatch;

/// <summary>How long a model endpoint is left alone before the same request is sent to it again.</summary>
internal static class RetryPause
{
    // A refusal for our quota without a hint closes the quota gate as long; asked before, it would only be refused here.
    private static readonly TimeSpan Unhinted = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(250);

    /// <param name="chance">0 to 999: spreads the requests that were refused together.</param>
    public static TimeSpan Before(Failure failure, int chance) => failure switch
    {
        { RetryAfter: { } hint } => Spread(hint, chance, tenths: 1),
        { Kind: FailureKind.RateLimited } => Spread(Unhinted, chance, tenths: 1),

        // A connection that broke says nothing of the next one.
        { Kind: FailureKind.Transport } => TimeSpan.Zero,
        _ => Spread(Short, chance, tenths: 20),
    };

    /// <summary>Never less than asked for, and up to so many tenths more.</summary>
    private static TimeSpan Spread(TimeSpan wait, int chance, int tenths) => wait + (wait * (tenths * chance / 10_000.0));
}
