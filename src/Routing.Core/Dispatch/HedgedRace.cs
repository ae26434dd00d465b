using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Tables;
using Routing.Core.Usage;

namespace Routing.Core.Dispatch;

/// <summary>
/// A request whose first attempt may get a second beside it, at another provider, when it is slow. The first to have something for the caller
/// wins by one compare-exchange; the other is stopped at once and releases nothing. Only for calls without tools: two models must not both act.
/// </summary>
internal sealed class HedgedRace(Attempt first, CandidateSelector selector, TimeSpan patience)
{
    /// <summary>Why the slower of the two ended: neither its fault nor the caller's.</summary>
    public static readonly Failure Overtaken = Failure.Of(FailureKind.ClientCancelled, "Another provider was faster.");

    private CandidateSelector _selector = selector;
    private Attempt? _winner;
    private Attempt? _second;
    private Deadline? _firstDeadline;
    private Deadline? _secondDeadline;

    public Attempt First { get; } = first;

    /// <summary>The attempt beside the first, while both run: only then is it not among the request's attempts, which nobody may change meanwhile.</summary>
    public Attempt? Second => Volatile.Read(ref _second);

    public Attempt? Winner => Volatile.Read(ref _winner);

    /// <summary>The choice, with what the race has taken from it.</summary>
    public CandidateSelector Selector => _selector;

    /// <summary>Null for a call that is not hedged: its feature does not, it could act twice, or nobody knows what is slow for this endpoint.</summary>
    public static HedgedRace? Of(DispatchedRequest request, Attempt attempt, in CandidateSelector selector)
    {
        var (call, route) = (request.Call, request.Route);
        if (route.HedgePercent == 0 || request.Attempts.Count > 1 || route.MaxAttempts == 1 || request.HoldsBack || request.Continuation is not null) return null;
        if ((call.Needs & (Capabilities.Tools | Capabilities.SameWireFields)) != Capabilities.None || call.Api is CallerApi.Embeddings or CallerApi.CountTokens) return null;
        var health = attempt.Endpoint.Health;
        var patience = call.Stream ? health.FirstTokenP95Ms : health.DurationP95Ms;
        return patience == 0 ? null : new HedgedRace(attempt, selector, TimeSpan.FromMilliseconds(patience));
    }

    /// <summary>Whether the first attempt has neither content for the caller nor an end when most answers of its endpoint have.</summary>
    public async ValueTask<bool> IsSlowAsync(Task running, TimeProvider time)
    {
        using var ended = new CancellationTokenSource();
        await Task.WhenAny(running, Task.Delay(patience, time, ended.Token)).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        return !running.IsCompleted && Winner is null;
    }

    /// <summary>The second attempt, if a candidate of another provider is in good health and the budget allows it.</summary>
    public Attempt? TryBegin(DispatchedRequest request)
    {
        var budget = request.Budget.Hedges;
        if (!budget.TryTake()) return null;
        if (_selector.TryHedge(First.Candidate, out var candidate, out var permit) && MayCost(request, candidate, permit))
        {
            var second = request.Make(candidate, permit, AttemptCause.Hedge);
            Volatile.Write(ref _second, second);
            return second;
        }

        budget.GiveBack();
        return null;
    }

    // Last of all: nothing is set aside for an attempt that is not made.
    private bool MayCost(DispatchedRequest request, Candidate candidate, in Permit permit)
    {
        if (request.TryReserve()) return true;
        _selector.PutBack(candidate);
        candidate.Endpoint.Health.Return(permit, new AttemptSignal(FailureKind.ClientCancelled, null, TimeSpan.Zero, 0, null));
        return false;
    }

    /// <summary>An attempt runs under this limit, which ends it when the other wins.</summary>
    public void Enter(Attempt attempt, Deadline deadline)
    {
        // Set before the winner is looked at, as the winner is set before the deadlines are: one of both sees the other.
        Interlocked.Exchange(ref DeadlineOf(attempt), deadline);
        if (HasLost(attempt)) deadline.Stop();
    }

    /// <summary>From here on the answer is this attempt's. False when it is another's.</summary>
    public bool TryWin(Attempt attempt)
    {
        if (Interlocked.CompareExchange(ref _winner, attempt, null) is { } winner) return winner == attempt;
        Volatile.Read(ref attempt == First ? ref _secondDeadline : ref _firstDeadline)?.Stop();
        return true;
    }

    public bool HasLost(Attempt attempt) => Winner is { } winner && winner != attempt;

    /// <summary>Both have ended: the second takes its place behind the first.</summary>
    public void End(DispatchedRequest request)
    {
        if (Second is { } second) request.Attempts.Add(second);
        Volatile.Write(ref _second, null);
    }

    private ref Deadline? DeadlineOf(Attempt attempt) => ref attempt == First ? ref _firstDeadline : ref _secondDeadline;
}
