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
    // Of the feature's budget for the month.
    private long _reserved;

    /// <summary>As it is sent next.</summary>
    public ChatCall Call { get; private set; } = call;
    public FeatureRoute Route { get; } = route;
    public RequestIdentity Identity { get; } = identity;
    public IChatAnswer Answer { get; } = answer;
    public CancellationToken Caller { get; } = caller;
    public List<Attempt> Attempts { get; } = new(1);

    /// <summary>Of the feature.</summary>
    public RetryBudget Budget => Route.Memory.Retries;

    /// <summary>Content was handed to the caller: nobody else may answer any more.</summary>
    public bool Committed { get; private set; }
    public TimeSpan? FirstContent { get; private set; }

    /// <summary>Nothing of the answer is released before its end, so that another candidate can answer at any point.</summary>
    public bool HoldsBack => Route.Delivery == DeliveryMode.Protected && Call.Stream && !Committed;

    /// <summary>Two attempts that run at once; null for all but slow calls of a feature that hedges.</summary>
    public HedgedRace? Race { get; set; }

    /// <summary>What another candidate would go on from; null where none may.</summary>
    public Continuation? Continuation { get; init; }

    /// <summary>Beats as long as the answer is held back; null where none is.</summary>
    public KeepAlive? KeepAlive { private get; set; }

    /// <summary>What our own code threw; null when it did not.</summary>
    public Exception? Bug { get; set; }

    /// <summary>It could have been tried again, had not too much been lately.</summary>
    public bool RanOut { get; set; }

    /// <summary>What a try of it weighs.</summary>
    public int Bytes => Call.Bytes;

    /// <summary>
    /// Sets aside of the feature's budget what an attempt may cost at most; for several that follow each other once, for one beside another again.
    /// False when nothing is left. Nobody charges for counting tokens.
    /// </summary>
    public bool TryReserve()
    {
        if (Route.MonthlyBudget is not { } budget || Call.Api == CallerApi.CountTokens) return true;
        var most = budget.AtMost(Route, Call, Identity.At);
        if (!budget.TryReserve(most, Identity.At)) return false;
        _reserved += most;
        return true;
    }

    /// <summary>What it did cost has been counted: nothing is set aside for it any more.</summary>
    public void Release()
    {
        if (_reserved > 0) Route.MonthlyBudget?.Release(_reserved, Identity.At);
        _reserved = 0;
    }

    public Attempt Add(Candidate candidate, in Permit permit, AttemptCause cause)
    {
        var attempt = Make(candidate, permit, cause);
        Attempts.Add(attempt);
        return attempt;
    }

    /// <summary>An attempt that is not among the others yet.</summary>
    public Attempt Make(Candidate candidate, in Permit permit, AttemptCause cause) =>
        new(candidate, permit, cause, Attempts.Count + 1) { Streamed = Call.Stream, IsCount = Call.Api == CallerApi.CountTokens };

    /// <summary>The attempt, of one or two that have just ended, that a fresh credential may mend; null when there is none.</summary>
    public Attempt? Renewable
    {
        get
        {
            for (var i = Attempts.Count - 1; i >= 0; i--)
            {
                if (Attempts[i].IsRenewable) return Attempts[i];
                if (Committed) return null; // Who lost a race is not asked to go on from the answer of who won it.
            }

            return null;
        }
    }

    /// <summary>Nobody is tried any more: gives back a permit that was kept for a fresh credential.</summary>
    public void Settle()
    {
        foreach (var attempt in Attempts) attempt.Settle();
    }

    /// <summary>False when another attempt at the same time was committed to before.</summary>
    public bool TryCommit(Attempt attempt, TimeProvider time)
    {
        if (Race is { } race && !race.TryWin(attempt)) return false;
        if (Committed) Answer.GoOn(Head(attempt, beforeEnd: false));
        else Commit(Head(attempt, beforeEnd: false), time);
        return true;
    }

    /// <summary>Content was released, and the attempt that gave it has failed: whether the call is left to somebody who goes on from there.</summary>
    public bool TryGoOn(Failure failure)
    {
        if (Continuation is not { } continuation) return false;

        // A stand-in that will not take the turn up says nothing of the next one.
        if (!HasGiven(Attempts[^1])) return failure.Kind == FailureKind.InvalidRequest || MayGoOn(failure);
        if (!MayGoOn(failure) || continuation.After(Attempts[^1], failure) is not { } next) return false;
        Call = next;
        return true;
    }

    /// <summary>
    /// An expired token is ours to renew, unless the answer has begun all the same. Not at a copy's word: where only its own calls are refused, callers'
    /// would wait for a new token again and again.
    /// </summary>
    public bool MayRenew(Attempt attempt, Failure? failure) =>
        failure?.Kind == FailureKind.Unauthenticated && attempt.Cause is not (AttemptCause.Retry or AttemptCause.Shadow) && !HasGiven(attempt);

    /// <summary>Whether it is the last of which the caller has anything, where answers are continued.</summary>
    public bool HasGiven(Attempt attempt) => Continuation is { } continuation && continuation.Giver == attempt;

    /// <summary>Whose answer the caller has, of a continued one whose end; only where something was committed to.</summary>
    public Attempt Served => Race?.Winner ?? Continuation?.Giver ?? Attempts[^1];

    /// <summary>Commits to an attempt whose answer was held back until now.</summary>
    public async ValueTask ReleaseAsync(Attempt attempt, bool isWhole, TimeProvider time)
    {
        if (KeepAlive is not null) await KeepAlive.DisposeAsync().ConfigureAwait(false);
        Commit(Head(attempt, beforeEnd: !isWhole), time);
    }

    private AnswerHead Head(Attempt attempt, bool beforeEnd) =>
        new(attempt.Endpoint, Call, Sent, beforeEnd)
        {
            Kept = CapabilityRefusal.Kept(Route, Call, attempt.Candidate) ?? KeptByAdapter(),
            IsNotContinued = Route.Delivery == DeliveryMode.Continued && Call.Stream && !IsSomebodyLeftToGoOn(),
        };

    /// <summary>Whether anybody who has not been asked yet could go on.</summary>
    private bool IsSomebodyLeftToGoOn()
    {
        if (Continuation is null || Attempts.Count == Route.MaxAttempts) return false;
        for (var i = 0; i < Route.Candidates.Length; i++)
        {
            if (!WasAsked(Route.Candidates[i]) && Continuation.CanGoOn(Route, i, Call)) return true;
        }

        return false;
    }

    private bool WasAsked(Candidate candidate)
    {
        foreach (var attempt in Attempts)
        {
            if (attempt.Candidate == candidate) return true;
        }

        return false;
    }

    private string? KeptByAdapter()
    {
        foreach (var attempt in Attempts)
        {
            if (attempt.Failure is { Kind: FailureKind.CapabilityUnsupported, Param: { } field }) return CapabilityRefusal.Kept(field, attempt.Candidate);
        }

        return null;
    }

    /// <summary>Attempts that left this process: not those whose adapter refused, or whose credential was missing.</summary>
    public int Sent
    {
        get
        {
            var count = 0;
            foreach (var attempt in Attempts) count += attempt.WasSent ? 1 : 0;
            return Race?.Second is { WasSent: true } ? count + 1 : count;
        }
    }

    /// <summary>Whether the failure leaves the call to somebody else, or to another try.</summary>
    public bool MayGoOn(Failure failure) => failure.Rule.FailsOver || failure.Rule.Retries > 0
        || (failure.Kind == FailureKind.ContentBlocked && Route.FailOverOnContentFilter);

    public bool TotalPassed(TimeProvider time) => time.GetElapsedTime(Identity.Started) >= Route.Total;

    /// <summary>From a whole answer: how long the feature's are, and whose prompt cache the call's key is in.</summary>
    public void Learn()
    {
        var attempt = Served;
        if (Call.Api == CallerApi.CountTokens || Continuation is { WasUsed: true }) return; // Half an answer to a longer prompt is like no other.
        Route.Memory.Answered(attempt.Usage);
        if (Route.Affinity != AffinityMode.Cache || Call.AffinityKey == 0 || attempt.Cause == AttemptCause.Warm) return;
        Route.Memory.Holders.Answered(Call.AffinityKey, (ushort)attempt.Candidate.Salt, attempt.Usage.CacheRead > 0, Identity.At);
    }

    private void Commit(in AnswerHead head, TimeProvider time)
    {
        if (Committed) return;
        Committed = true;
        FirstContent = time.GetElapsedTime(Identity.Started);
        Answer.Begin(head);
    }

    /// <summary>A caller is kept waiting for the same endpoint no longer than an attempt on it might take while somebody else could still be asked.</summary>
    public TimeSpan LongestPause(TimeProvider time)
    {
        var half = (Route.Total - time.GetElapsedTime(Identity.Started)) / 2;
        return Call.Stream && Route.FirstToken < half ? Route.FirstToken : half;
    }

    /// <summary>
    /// The failure that the caller is told: the last one, unless that only says that a stand-in could not take the call. Then whoever could
    /// have taken it matters: its failure may pass, and the stand-in's sentence would send people looking in the wrong place. Of several
    /// content filters the first one's word counts; of an answer that nobody went on from, what broke it.
    /// </summary>
    public Failure Told(Failure last)
    {
        if (last.Kind != FailureKind.ClientCancelled && Continuation?.Giver?.Failure is { } original) return original;
        if (last.Kind == FailureKind.ContentBlocked) return FirstBlocked(last);
        for (var i = Attempts.Count - 1; i > 0 && IsOfStandIn(last.Kind); i--)
        {
            if (Attempts[i - 1].Failure is { } earlier) last = earlier;
        }

        return last;
    }

    private Failure FirstBlocked(Failure last)
    {
        foreach (var attempt in Attempts)
        {
            if (attempt.Failure is { Kind: FailureKind.ContentBlocked } first) return first;
        }

        return last;
    }

    public bool IsFinal(Failure told) => Attempts.Count > 1 || told is { Kind: FailureKind.BudgetExceeded, RetryAfter: null } || RanOut || (Attempts.Count == 1 && told.Rule.Retries == 0);

    private static bool IsOfStandIn(FailureKind kind) => kind is FailureKind.InvalidRequest or FailureKind.ContextTooLong or FailureKind.RequestTooLarge
        or FailureKind.CapabilityUnsupported or FailureKind.Unauthenticated or FailureKind.PermissionDenied or FailureKind.ModelNotFound
        or FailureKind.SpendLimit or FailureKind.CredentialExchangeFailed;
}
