using System.Collections.Immutable;
using System.Globalization;
using Routing.Core.Dispatch;
using Routing.Core.Health;

namespace Routing.Core.Tests.Simulation;

/// <summary>What a run showed, and the promises it must have kept.</summary>
internal sealed class FleetRun(Scenario scenario, SimulatedEdge[] edges, SimulatedProvider[] providers)
{
    private readonly record struct Ask(long At, int Edge, int Endpoint, bool Admitted);

    private readonly List<Ask> _asks = [];
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
            Promise(reason is CandidateReason.QuotaClosed or CandidateReason.Isolated or CandidateReason.FailOpenFull, $"a call was refused although e{i} {CandidateSentences.Of(reason)}");
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
            _asks.Add(new Ask(at, call.Edge.Number, i, reason == CandidateReason.Admitted));
        }
    }

    public void Check()
    {
        foreach (var edge in edges)
        {
            foreach (var moves in edge.Health.TakeTransitions(1_000).GroupBy(m => m.ModelEndpoint, StringComparer.Ordinal)) CheckMoves(edge.Number, [.. moves]);
            foreach (var view in edge.Health.Views()) Promise(view.InFlight == 0, $"a permit of {view.ModelEndpoint} did not come back");
        }

        for (var endpoint = 0; endpoint < providers.Length; endpoint++) CheckShares(endpoint);
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

    /// <summary>
    /// No more than the stages allow: what each edge's share lets through of what it is asked, or the trickle of the whole fleet; over any ten seconds.
    /// One call an edge is the rounding of both.
    /// </summary>
    private void CheckShares(int endpoint)
    {
        var window = TimeSpan.FromSeconds(10).Ticks;
        (Ask Ask, double Share)[] asks = [.. edges.SelectMany(e => WithShares(e, endpoint)).OrderBy(a => a.Ask.At)];
        double shares = 0;
        var admitted = 0;
        for (int first = 0, last = 0; last < asks.Length; last++)
        {
            shares += asks[last].Share;
            if (asks[last].Ask.Admitted) admitted++;
            for (; asks[last].Ask.At - asks[first].Ask.At > window; first++)
            {
                shares -= asks[first].Share;
                if (asks[first].Ask.Admitted) admitted--;
            }

            var allowed = shares + (scenario.Policy.FloorPerSecond * 10) + edges.Length;
            if (admitted > allowed) Promise(false, $"e{endpoint} got {admitted} calls in the ten seconds before {TimeSpan.FromTicks(asks[last].Ask.At).TotalSeconds:0.0}, {allowed:0.0} allowed");
        }
    }

    private IEnumerable<(Ask Ask, double Share)> WithShares(SimulatedEdge edge, int endpoint)
    {
        var id = $"e{endpoint}";
        BreakerTransition[] moves = [.. edge.Health.TakeTransitions(1_000).Where(m => m.ModelEndpoint == id)];
        var move = -1;
        foreach (var ask in _asks.Where(a => a.Edge == edge.Number && a.Endpoint == endpoint))
        {
            while (move + 1 < moves.Length && (moves[move + 1].At - VirtualClock.Start).Ticks <= ask.At) move++;
            yield return (ask, move < 0 ? 1 : moves[move].SharePercent / 100.0);
        }
    }

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
            default:
                // The last candidate is well all the time.
                Promise(Moves.All(m => m.ModelEndpoint != $"e{providers.Length - 1}"), $"the breaker of a healthy endpoint moved");
                Promise(Failed + RefusedCalls == 0, $"{Failed} calls failed and {RefusedCalls} were refused beside a healthy endpoint");
                if (double.IsFinite(scenario.WellFrom)) CheckReturn();
                break;
        }
    }

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
