using Routing.Core.Llm;
using Routing.Core.Tables;

namespace Routing.Core.Dispatch;

/// <summary>Where an answer goes: the caller's wire, streamed or whole. Two implementations on the edge.</summary>
public interface IChatAnswer
{
    /// <summary>
    /// The answer is held back and takes a while: sends something that is no part of it. Never at the same time as any other member, and
    /// never after <see cref="Begin"/>. From the first one on, a failure can only be an error event and a cut.
    /// </summary>
    ValueTask KeepAliveAsync(CancellationToken cancellationToken);

    /// <summary>The commit point: from here on nobody else may answer. Called once, before the first <see cref="Write"/>.</summary>
    void Begin(in AnswerHead head);

    /// <summary>
    /// The answer broke off, and another endpoint goes on from what was written. Its events follow those of the first as if there had been one answer.
    /// </summary>
    void GoOn(in AnswerHead head);

    /// <summary>Events in order, as many as one upstream read completed. Must not release the terminal bytes; that is the endpoint's, after the ledger.</summary>
    void Write(List<ChatEvent> events);

    /// <summary>Sends what was written, as far as it may be seen before the end; completes when the caller keeps up. Called when nothing more can be read at once.</summary>
    ValueTask FlushAsync(CancellationToken cancellationToken);
}

/// <summary>What is known of an answer when it is committed to.</summary>
/// <param name="Call">As it was sent: the caller's own, or in no API's own bytes.</param>
/// <param name="Attempts">Calls that were sent, this one included.</param>
/// <param name="BeforeEnd">It should have been held back until its end, and is too large for that: it may still break off.</param>
public readonly record struct AnswerHead(ModelEndpoint Endpoint, ChatCall Call, int Attempts, bool BeforeEnd = false)
{
    /// <summary>The field that kept the call from a candidate of an earlier tier, for <c>x-route-warnings</c>; null where none did.</summary>
    public string? Kept { get; init; }

    /// <summary>The feature's answers are continued when they break off, and this one could not be.</summary>
    public bool IsNotContinued { get; init; }
}
