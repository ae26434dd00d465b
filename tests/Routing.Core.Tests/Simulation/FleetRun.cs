using System.Collections.Immutable;
using System.Globalization;
using Routing.Core.Dispatch;
using Routing.Core.Health;

namespace Routing.Core.Tests.Simulation;

/// <summary>What a run showed, and the promises it must have kept.</summary>
internal sealed class FleetRun(Scenario scenario, SimulatedEdge[] edges, SimulatedProvider[] providers)
{
    private readonly ShareLedger _shares = new();
    private readonly List<string> _broken = [];

    public int Calls { get; set; }
    public int Failed { get; set; }
    public int RefusedCalls { get; private set; }
    public int Upstream => providers.Sum(p => p.Calls);

    public IEnumerable<BreakerTransition> Moves => edges.SelectMany(e => e.Health.TakeTransitions(1_000));

    /// <summary>Nobody was asked at all: only right while each candidate's quota is used up, or it is out of service, or as many as may ask it already.</summary>
    public void Refused(SimulatedCall call)
    {
        RefusedCalls++;
        for (var i = 0; i < call.Edge.Route.Candidates.Length; i++)
        {
            var reason = call.Selector.Reasons[i];
            if (reason is CandidateReason.QuotaClosed or CandidateReason.Isolated or CandidateReason.FailOpenFull) continue;
            Promise(false, $"a call was refused although e{i} {CandidateSentences.Of(reason)}");
        }
    }

    /// <summary>Writes down which partially open endpoints were asked for this call, and whether they took it.</summary>
    public void Note(SimulatedCall call, long at)
    {
        for (var i = 0; i < call.Edge.Route.Candidates.Length; i++)
        {
            var reason = call.Selector.Reasons[i];
            if (reason == CandidateReason.NotReached || (call.Noted & (1u << i)) != 0) continue;
            call.Noted |= 1u << i;
            var health = call.Edge.Route.Candidates[i].Endpoint.Health;
            if (reason is not (CandidateReason.OutsideShare or CandidateReason.Admitted) || health.State != BreakerState.PartialOpen) continue;
            _shares.Add(at, call.Edge.Number, health.ModelEndpoint, reason == CandidateReason.Admitted);
        }
    }

    public void Check()
    {
        foreach (var edge in edges)
        {
            foreach (var moves in edge.Health.TakeTransitions(1_000).GroupBy(m => m.ModelEndpoint, StringComparer.Ordinal)) CheckMoves(edge.Number, [.. moves]);
            foreach (var view in edge.Health.Views()) Promise(view.InFlight == 0, $"a permit of {view.ModelEndpoint} did not come back");
        }

        EndpointHealthRegistry[] registries = [.. edges.Select(e => e.Health)];
        for (var i = 0; i < providers.Length; i++) _broken.AddRange(_shares.Excesses($"e{i}", registries, scenario.Policy.FloorPerSecond));
        CheckEnd();
        if (_broken.Count > 0) Assert.Fail($"{scenario.Story}, seed {scenario.Seed}: {string.Join("; ", _broken.Take(5))} Keep it: [InlineData(Story.{scenario.Story}, {scenario.Seed})].");
    }

    private void Promise(bool kept, FormattableString otherwise)
    {
        if (!kept) _broken.Add(otherwise.ToString(CultureInfo.InvariantCulture));
    }

    private void CheckMoves(int edge, ImmutableArray<BreakerTransition> moves)
    {
        for (var i = 12; i < moves.Length; i++)
        {
            var within = (moves[i].At - moves[i - 12].At).TotalSeconds;
            Promise(within > 60, $"edge {edge} {moves[i].ModelEndpoint} moved 13 times in {within:0.0} s until {(moves[i].At - VirtualClock.Start).TotalSeconds:0.0}");
        }

        foreach (var move in moves) Promise(SaysWhy(move), $"edge {edge}: {move.Cause} says '{move.Sentence}' with {move.Failures} of {move.Samples}, {move.Observed} of {move.Limit}");
    }

    private static bool SaysWhy(BreakerTransition move) => move.Sentence.EndsWith('.') && move.Sentence.Length > 30 && move.Cause switch
    {
        TransitionCause.FailureRatio or TransitionCause.ConsecutiveFailures => move is { Failures: > 0, Samples: > 0, Limit: > 0, Until: not null } && move.Observed >= move.Limit,
        TransitionCause.FirstTokenLatency or TransitionCause.Duration => move is { Samples: > 0, Limit: > 0 } && move.Observed > move.Limit,
        TransitionCause.Relapsed => move is { Failures: > 0, Samples: > 0, Until: not null },
        TransitionCause.Widened or TransitionCause.Recovered or TransitionCause.SteppedBack => move.Samples > 0,
        _ => true,
    };

    private void CheckEnd()
    {
        switch (scenario.Story)
        {
            case Story.QuotaStorm:
                Promise(!Moves.Any(), $"our own quota moved a breaker");
                Promise(Upstream <= 1.2 * Calls, $"{Upstream} calls upstream for {Calls} of callers");
                break;
            case Story.ClientCancellations:
                Promise(!Moves.Any(), $"callers who went away moved a breaker");
                break;
            case Story.LongPrompts:
                Promise(!Moves.Any(), $"a shift of traffic to long prompts moved a breaker");
                break;
            case Story.KnownQuota:
                Promise(!Moves.Any(), $"our own quota moved a breaker");
                Promise(Failed + RefusedCalls == 0, $"{Failed} calls failed and {RefusedCalls} were refused beside an endpoint with room");
                Promise(scenario.TrueQuota < 1 || Upstream == Calls, $"{Upstream - Calls} calls were sent beyond a quota that is known");
                Promise(Upstream <= 1.2 * Calls, $"{Upstream} calls upstream for {Calls} of callers");
                Promise(providers[0].Calls >= 0.9 * scenario.TrueQuota * scenario.Quota.RequestsPerMinute * scenario.Seconds / 60, $"only {providers[0].Calls} calls used a quota of {scenario.Quota.RequestsPerMinute} a minute");
                break;
            case Story.Everything:
                break;
            default:
                // The last candidate is well all the time.
                Promise(Moves.All(m => m.ModelEndpoint != $"e{providers.Length - 1}"), $"the breaker of a healthy endpoint moved");
                Promise(Failed + RefusedCalls == 0, $"{Failed} calls failed and {RefusedCalls} were refused beside a healthy endpoint");
                if (double.IsFinite(scenario.WellFrom)) CheckReturn();
                if (double.IsFinite(scenario.TripsBy)) CheckSlow();
                break;
        }
    }

    /// <summary>Each edge has seen in time that the first one is slow, and does not take it back whole while it is.</summary>
    private void CheckSlow()
    {
        foreach (var edge in edges)
        {
            BreakerTransition[] moves = [.. edge.Health.TakeTransitions(1_000)];
            var tripped = Array.Find(moves, m => m.Cause == TransitionCause.FirstTokenLatency) is { } trip ? Seconds(trip) : double.PositiveInfinity;
            Promise(tripped >= scenario.SlowFrom && tripped <= scenario.TripsBy, $"edge {edge.Number} tripped at {tripped:0} s, the first token is late from {scenario.SlowFrom:0} s and surely by {scenario.TripsBy:0} s");
            Promise(!Array.Exists(moves, m => m.To == BreakerState.Closed && Seconds(m) > scenario.TripsBy && Seconds(m) < scenario.WellFrom), $"edge {edge.Number} took a slow endpoint back whole");
        }
    }

    private static double Seconds(BreakerTransition move) => (move.At - VirtualClock.Start).TotalSeconds;

    /// <summary>Of the first candidate only: a backup that nobody needs any more gets no calls to prove itself with.</summary>
    private void CheckReturn()
    {
        foreach (var edge in edges)
        {
            var view = edge.Route.Candidates[0].Endpoint.Health.View();
            Promise(view.SharePercent == 100, $"edge {edge.Number} stands at {view.SharePercent} % {scenario.Seconds - scenario.WellFrom:0} s after the provider was well: {view.Reason}");
        }
    }
}
