using Routing.Core.Llm;
using Routing.Core.Tables;

namespace Routing.Core.Dispatch;

/// <summary>Where an answer goes: the caller's wire, streamed or whole. Two implementations on the edge.</summary>
public interface IChatAnswer
{
    /// <summary>The commit point: from here on nobody else may answer. Called once, before the first <see cref="WriteAsync"/>.</summary>
    void Begin(in AnswerHead head);

    /// <summary>
    /// Events in order, as many as one upstream read completed: flush once. Must not release the terminal bytes;
    /// that is the endpoint's, after the ledger.
    /// </summary>
    ValueTask WriteAsync(List<ChatEvent> events, CancellationToken cancellationToken);
}

/// <summary>What is known of an answer when its first content is there.</summary>
public readonly record struct AnswerHead(ModelEndpoint Endpoint, int Attempts);
