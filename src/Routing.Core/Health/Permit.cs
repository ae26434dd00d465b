using Routing.Core.Llm;

namespace Routing.Core.Health;

/// <summary>
/// The right to make one call to a model endpoint. Given back exactly once with <see cref="EndpointHealth.Return"/>;
/// a retry on the same endpoint (after a token refresh, say) keeps its permit and returns the last outcome.
/// </summary>
/// <param name="State">State of the breaker that gave it.</param>
/// <param name="Epoch">Which move of the breaker it belongs to: an outcome that comes back after the next move proves nothing about it.</param>
/// <param name="IsFailOpen">Given although the breaker refused, because no candidate was left.</param>
public readonly record struct Permit(BreakerState State, long Epoch, bool IsFailOpen);

/// <summary>How a call ended, as far as health is concerned.</summary>
/// <param name="Failure">Null when it was answered.</param>
/// <param name="FirstToken">From the call's start; null when none came or when the answer was not streamed.</param>
/// <param name="Duration">From the call's start to its end, without the time in which the caller did not read.</param>
/// <param name="OutputTokens">0 when unknown.</param>
/// <param name="RetryAfter">What the provider asked for, if it did.</param>
public readonly record struct AttemptSignal(
    FailureKind? Failure, TimeSpan? FirstToken, TimeSpan Duration, long OutputTokens, TimeSpan? RetryAfter)
{
    /// <summary>Nothing was streamed, so that how long it took says nothing of the first token.</summary>
    public bool IsWhole { get; init; }

    /// <summary>About how many tokens were sent; what is usual for the first token is known by it. 0 when nothing was sent.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Cancelled after longer than most of its answers take, because another provider's was there first: it takes at least as long as it took so far.</summary>
    public bool IsOvertaken { get; init; }

    public static AttemptSignal Answered(TimeSpan firstToken, TimeSpan duration, long outputTokens) => new(null, firstToken, duration, outputTokens, null);

    public static AttemptSignal Failed(FailureKind kind, TimeSpan duration, TimeSpan? retryAfter = null) => new(kind, null, duration, 0, retryAfter);
}
