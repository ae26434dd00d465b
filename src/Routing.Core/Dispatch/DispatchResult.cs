using Routing.Core.Llm;
using Routing.Core.Usage;

namespace Routing.Core.Dispatch;

/// <summary>Who is asking, as the endpoint found out.</summary>
/// <param name="Started">Timestamp of arrival, from the same <see cref="TimeProvider"/>.</param>
public readonly record struct RequestIdentity(Guid Id, DateTimeOffset At, long Started, string Caller);

/// <summary>How a request ended. The endpoint appends <see cref="Event"/> to the ledger and only then ends the answer.</summary>
/// <param name="Failure">Null when the answer is whole.</param>
/// <param name="Committed">Whether content was released: then a failure can only be an error event and a cut.</param>
/// <param name="Bug">What our own code threw: the endpoint throws it on, after the event is in the ledger.</param>
public readonly record struct DispatchResult(UsageEvent Event, Failure? Failure, bool Committed, Exception? Bug = null)
{
    /// <summary>Calls that were sent to a provider.</summary>
    public int Sent { get; init; }

    /// <summary>It was tried elsewhere or again, or trying again would not help: a client that does so by itself should not.</summary>
    public bool IsFinal { get; init; }
}
