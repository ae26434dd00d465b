using System.Collections.Immutable;
using Routing.Core.Llm;
using Routing.Core.Providers;
using Routing.Core.Tables;
using Routing.Core.Usage;

namespace Routing.Core.Dispatch;

/// <summary>
/// The loop of a request: select, permit, send, read, record; then the next candidate, as long as nothing was released to the caller.
/// The only owner of retries.
/// </summary>
public sealed class ChatDispatcher(ProviderTransport transport, TimeProvider time)
{
    /// <summary>Answers one call. Failures are in the result, and so are bugs: what was spent is in the event.</summary>
    /// <param name="caller">Cancelled when the caller goes away.</param>
    public ValueTask<DispatchResult> DispatchAsync(
        ChatCall call, FeatureRoute route, RoutingTable table, RequestIdentity identity, IChatAnswer answer, CancellationToken caller)
    {
        var continuation = Continuation.Of(route, call);
        var request = new DispatchedRequest(continuation?.Call ?? call, route, identity, answer, caller) { Continuation = continuation };
        if (route.MonthlyBudget is { } budget && !request.TryReserve()) return ValueTask.FromResult(Refused(request, table, BudgetRefusal.Of(route, budget, identity.At)));
        request.Budget.Ask(Second(identity.Started), request.Bytes);
        if (route.HedgePercent > 0) request.Budget.Hedges.Ask(route.HedgePercent);
        return route.MonthlyBudget is null ? AnswerAsync(request, table) : WithinBudgetAsync(request, table);
    }

    private ValueTask<DispatchResult> AnswerAsync(DispatchedRequest request, RoutingTable table) =>
        request.HoldsBack ? HoldingBackAsync(request, table) : DispatchAsync(request, table);

    /// <summary>Whatever becomes of the call, nothing stays set aside for it.</summary>
    private async ValueTask<DispatchResult> WithinBudgetAsync(DispatchedRequest request, RoutingTable table)
    {
        try
        {
            return await AnswerAsync(request, table).ConfigureAwait(false);
        }
        finally
        {
            request.Release();
        }
    }

    private DispatchResult Refused(DispatchedRequest request, RoutingTable table, Failure failure)
    {
        var nobody = new CandidateSelector(request.Route, request.Call, request.Identity.At).Notes();
        return new DispatchResult(Record(request, table, failure, nobody), failure, Committed: false) { IsFinal = request.IsFinal(failure) };
    }

    private async ValueTask<DispatchResult> HoldingBackAsync(DispatchedRequest request, RoutingTable table)
    {
        await using var beats = (request.KeepAlive = new KeepAlive(request.Answer, time, request.Caller)).ConfigureAwait(false);
        return await DispatchAsync(request, table).ConfigureAwait(false);
    }

    private async ValueTask<DispatchResult> DispatchAsync(DispatchedRequest request, RoutingTable table)
    {
        var (call, route) = (request.Call, request.Route);
        var selector = new CandidateSelector(route, call, request.Identity.At);
        Failure? failure = null;

        while (request.Attempts.Count < route.MaxAttempts)
        {
            var attempt = NextAttempt(request, ref selector, failure)
                ?? await AgainAsync(request, failure).ConfigureAwait(false)
                ?? LeastBad(request, ref selector);
            if (attempt is null)
            {
                if (failure is not null && request.Caller.IsCancellationRequested) failure = Failure.Of(FailureKind.ClientCancelled, "The caller went away.");
                break;
            }

            var othersLeft = !call.Stream && selector.HasMore;
            request.Race = HedgedRace.Of(request, attempt, selector);
            failure = request.Race is null
                ? await RunAsync(request, attempt, othersLeft).ConfigureAwait(false)
                : await HedgedAsync(request, request.Race, othersLeft).ConfigureAwait(false);
            if (request.Race is { } race) selector = race.Selector;
            if (failure is null || request.Bug is not null || request.TotalPassed(time) || !MayGoOn(request, failure, ref selector)) break;
        }

        if (request.Attempts.Count == 0) failure = selector.Refusal();
        else request.Settle();
        if (failure is null) request.Learn();
        else failure = request.Told(failure);
        request.Continuation?.Dispose();
        return new DispatchResult(Record(request, table, failure, selector.Notes()), failure, request.Committed, request.Bug) { Sent = request.Sent, IsFinal = failure is not null && request.IsFinal(failure) };
    }

    /// <summary>Whether somebody else may answer, or go on from what the caller has of an answer.</summary>
    private static bool MayGoOn(DispatchedRequest request, Failure failure, ref CandidateSelector selector)
    {
        if (!request.Committed) return request.MayGoOn(failure);
        if (!request.TryGoOn(failure)) return false;
        selector.GoOn(request.Call);
        return true;
    }

    /// <summary>The next try at once: a fresh candidate, or the same one with a fresh token.</summary>
    private Attempt? NextAttempt(DispatchedRequest request, ref CandidateSelector selector, Failure? last)
    {
        var previous = request.Attempts.Count == 0 ? null : request.Attempts[^1];
        if (request.Renewable is { } refused)
        {
            // One more try with a fresh token before anybody else is asked. With the permit of the first, which the breaker might not give twice.
            Spend(request);
            return request.Add(refused.Candidate, refused.PassPermit(), AttemptCause.Retry);
        }

        if (last?.Kind == FailureKind.ContextTooLong && previous is not null) selector.DropWindowsUpTo(previous.Endpoint.ContextTokens);
        if (selector.TryNext(out var candidate, out var permit))
        {
            if (previous is null) return request.Add(candidate, permit, FirstCause(request, selector));

            // Needs no leave: while a provider is down its whole traffic moves, and whom it moves to sees each request once.
            Spend(request);
            return request.Add(candidate, permit, Further(request));
        }

        return null;
    }

    /// <summary>Why it is sent to whoever is asked first: a backup that stands in for an open breaker was not the first choice.</summary>
    private static AttemptCause FirstCause(DispatchedRequest request, in CandidateSelector selector) => request.Route.IsShadow ? AttemptCause.Shadow
        : selector.IsWarm ? AttemptCause.Warm
        : selector.IsMoved ? AttemptCause.Failover : AttemptCause.Primary;

    /// <summary>Nobody else is left: the same endpoint once more, if its failure may pass, after the pause it asked for. Null: the failure stands.</summary>
    private async ValueTask<Attempt?> AgainAsync(DispatchedRequest request, Failure? last)
    {
        if (last is null or { IsOfRequest: true } || last.Rule.Retries == 0 || request.Attempts[^1] is not { Cause: not AttemptCause.Retry } previous || request.HasGiven(previous)) return null;
        var pause = RetryPause.Before(last, request.Route.Draw(1000));
        if (pause > request.LongestPause(time) || previous.Endpoint.Health.Wait > pause) return null;
        var second = Second(time.GetTimestamp());
        request.RanOut = !request.Budget.TrySpend(second, request.Bytes);
        if (request.RanOut) return null;

        // Holds no permit meanwhile: others may be let through, and it must be asked for again.
        if (pause > TimeSpan.Zero) await Task.Delay(pause, time, request.Caller).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!request.Caller.IsCancellationRequested && previous.Endpoint.Health.TryAcquire(out var permit, out _)) return request.Add(previous.Candidate, permit, AttemptCause.Retry);
        request.Budget.GiveBack(second, request.Bytes);
        return null;
    }

    /// <summary>
    /// Everybody refused: the least bad of those not tried yet, rather than nobody. Once something was tried this needs leave: in an outage
    /// it would send each request to two that are down.
    /// </summary>
    private Attempt? LeastBad(DispatchedRequest request, ref CandidateSelector selector)
    {
        if (request.Route.IsShadow) return null; // Nobody would be helped.
        var isFirst = request.Attempts.Count == 0;
        if (!isFirst && (request.Caller.IsCancellationRequested || !request.Budget.HasRoom(Second(time.GetTimestamp()), request.Bytes))) return null;
        if (!selector.TryFailOpen(out var candidate, out var permit)) return null;
        if (!isFirst) Spend(request);
        return request.Add(candidate, permit, isFirst ? AttemptCause.Primary : Further(request));
    }

    private static AttemptCause Further(DispatchedRequest request) => request.Committed ? AttemptCause.Continuation : AttemptCause.Failover;

    private void Spend(DispatchedRequest request) => request.Budget.Spend(Second(time.GetTimestamp()), request.Bytes);

    private long Second(long timestamp) => timestamp / time.TimestampFrequency;

    /// <summary>The first attempt, and a second beside it when the first is slow. Over when both have ended, of which one was stopped.</summary>
    private async ValueTask<Failure?> HedgedAsync(DispatchedRequest request, HedgedRace race, bool othersLeft)
    {
        var running = RunAsync(request, race.First, othersLeft).AsTask();
        if (!await race.IsSlowAsync(running, time).ConfigureAwait(false) || race.TryBegin(request) is not { } second) return await running.ConfigureAwait(false);
        Spend(request);
        var beside = RunAsync(request, second, othersLeft).AsTask();

        // What nobody else may be asked about is the answer, also where somebody else has been asked already.
        var failure = await running.ConfigureAwait(false);
        if (failure is not null && !request.MayGoOn(failure)) race.TryWin(race.First);
        var other = await beside.ConfigureAwait(false);
        race.End(request);
        return race.Winner == race.First ? failure : other;
    }

    private async ValueTask<Failure?> RunAsync(DispatchedRequest request, Attempt attempt, bool othersLeft)
    {
        attempt.Start(time);
        using var deadline = new Deadline(time, request.Identity.Started, request.Route, request.Caller);
        request.Race?.Enter(attempt, deadline);
        Failure? failure;
        try
        {
            failure = await new AttemptRun(transport, time, request, attempt, deadline).ToEndAsync(othersLeft).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // A permit that never came back would keep a returning endpoint out for good.
            (request.Bug, attempt.IsBug) = (e, true);
            failure = Failure.Of(FailureKind.Unknown, "The edge failed on this request.");
        }

        var isRenewable = request.MayRenew(attempt, failure);
        if (isRenewable) attempt.Endpoint.Credentials.Invalidate(); // For the calls that come too, whoever answers this one.
        attempt.End(failure, deadline.CallerWait, keepsPermit: isRenewable, time);
        return failure;
    }

    private UsageEvent Record(DispatchedRequest request, RoutingTable table, Failure? failure, ImmutableArray<CandidateNote> candidates)
    {
        var attempts = ImmutableArray.CreateBuilder<AttemptRecord>(request.Attempts.Count);
        foreach (var attempt in request.Attempts)
        {
            var record = attempt.ToRecord(table.Prices);
            request.Route.MonthlyBudget?.Count(record);
            attempts.Add(record);
        }

        return new UsageEvent
        {
            Id = request.Identity.Id,
            At = request.Identity.At,
            Caller = request.Identity.Caller,
            Feature = request.Route.Name,
            Revision = table.Revision,
            Overlay = table.Overlay,
            Streamed = request.Call.Stream,
            Outcome = Outcome(failure, request.Committed),
            Failure = failure?.Kind,
            ServedBy = request.Committed ? request.Served.Endpoint.Id : "",
            FirstTokenMs = request.FirstContent is { } first ? Attempt.Milliseconds(first) : null,
            TotalMs = Attempt.Milliseconds(time.GetElapsedTime(request.Identity.Started)),
            Attempts = attempts.MoveToImmutable(),
            Candidates = candidates,
        };
    }

    private static RequestOutcome Outcome(Failure? failure, bool committed) => failure?.Kind switch
    {
        null => RequestOutcome.Answered,
        FailureKind.ClientCancelled => RequestOutcome.Cancelled,
        _ => committed ? RequestOutcome.Interrupted : RequestOutcome.Failed,
    };
}
