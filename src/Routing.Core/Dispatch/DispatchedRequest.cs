using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Snapshots;
using Routing.Core.Tables;
using Routing.Core.Usage;

namespace Routing.Core.Dispatch;

/// <summary>A request under way: its attempts, and whether one of them has been committed to.</summary>
internal sealed class DispatchedRequest(
    ChatCall call, FeatureRoute route, RequestIdentity identity, IChatAnswer answer, CancellationToken caller)
{
    public ChatCall Call { get; } = call;
    public FeatureRoute Route { get; } = route;
    public RequestIdentity Identity { get; } = identity;
    public IChatAnswer Answer { get; } = answer;
    public CancellationToken Caller { get; } = caller;
    public List<Attempt> Attempts { get; } = new(1);

    /// <summary>Content was handed to the caller: nobody else may answer any more.</summary>
    public bool Committed { get; private set; }
    public TimeSpan? FirstContent { get; private set; }

    /// <summary>Nothing of the answer is released before its end, so that another candidate can answer at any point.</summary>
    public bool HoldsBack => Route.Delivery == DeliveryMode.Protected && Call.Stream && !Committed;

    /// <summary>Beats as long as the answer is held back; null where none is.</summary>
    public KeepAlive? KeepAlive { private get; set; }

    /// <summary>What our own code threw; null when it did not.</summary>
    public Exception? Bug { get; set; }

    public Attempt Add(Candidate candidate, in Permit permit, AttemptCause cause)
    {
        var attempt = new Attempt(candidate, permit, cause, Attempts.Count + 1) { Streamed = Call.Stream, IsCount = Call.Api == CallerApi.CountTokens };
        Attempts.Add(attempt);
        return attempt;
    }

    public void Commit(Attempt attempt, TimeProvider time) => Commit(new AnswerHead(attempt.Endpoint, Attempts.Count), time);

    /// <summary>Commits to an attempt whose answer was held back until now.</summary>
    public async ValueTask ReleaseAsync(Attempt attempt, bool isWhole, TimeProvider time)
    {
        if (KeepAlive is not null) await KeepAlive.DisposeAsync().ConfigureAwait(false);
        Commit(new AnswerHead(attempt.Endpoint, Attempts.Count, BeforeEnd: !isWhole), time);
    }

    public bool TotalPassed(TimeProvider time) => time.GetElapsedTime(Identity.Started) >= Route.Total;

    private void Commit(in AnswerHead head, TimeProvider time)
    {
        if (Committed) return;
        Committed = true;
        FirstContent = time.GetElapsedTime(Identity.Started);
        Answer.Begin(head);
    }
}
