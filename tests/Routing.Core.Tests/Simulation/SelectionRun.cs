using Routing.Core.Dispatch;
using Routing.Core.Health;
using Routing.Core.Snapshots;
using Routing.Core.Tables;

namespace Routing.Core.Tests.Simulation;

/// <summary>
/// One edge and one feature in virtual time: callers at random moments, model endpoints that answer after a scripted time, each call tried once. A seed
/// replays to the last call.
/// </summary>
internal sealed class SelectionRun
{
    private readonly VirtualClock _time = new();
    private readonly EndpointHealthRegistry _health;
    private readonly Random _random;
    private readonly Func<int, double, double> _firstToken;
    private readonly PriorityQueue<(Candidate Candidate, Permit Permit, double FirstToken), long> _due = new();

    /// <param name="firstToken">Seconds to the first token of a candidate, by its place, for a call begun at a second of the run; the rest of the answer takes one more.</param>
    public SelectionRun(int seed, FeatureConfig feature, Func<int, double, double> firstToken, PriceConfig[]? prices = null)
    {
        (Seed, _random, _firstToken) = (seed, new Random(seed), firstToken);
        _health = new EndpointHealthRegistry(_time, seed);
        Route = SelectionTable.Compile(_health, [feature], prices ?? [], (ulong)seed).Features[feature.Name];
        Calls = [.. Route.Candidates.Select(_ => new List<double>())];
    }

    public int Seed { get; }
    public FeatureRoute Route { get; }

    /// <summary>When calls were sent to each candidate, in seconds.</summary>
    public List<double>[] Calls { get; }

    public void Run(double seconds, double perSecond)
    {
        var tick = TimeSpan.FromSeconds(1).Ticks;
        for (var at = 0.0; at < seconds; at += -Math.Log(1 - _random.NextDouble()) / perSecond)
        {
            var moment = TimeSpan.FromSeconds(at).Ticks;
            for (; tick < moment; tick += TimeSpan.FromSeconds(1).Ticks)
            {
                AnswerUntil(tick);
                _health.Tick();
            }

            AnswerUntil(moment);
            Begin(at);
        }
    }

    /// <summary>Of the calls within these seconds, those that went to a candidate, in percent.</summary>
    public double Share(int candidate, double from, double to)
    {
        double Count(List<double> calls) => calls.Count(c => c >= from && c < to);
        return 100 * Count(Calls[candidate]) / Calls.Sum(Count);
    }

    private void Begin(double at)
    {
        var selector = new CandidateSelector(Route, SelectionTable.Call(), VirtualClock.Start);
        Assert.True(selector.TryNext(out var candidate, out var permit));
        var index = Array.IndexOf(Route.Candidates, candidate);
        Calls[index].Add(at);
        var firstToken = _firstToken(index, at) * (0.9 + (0.2 * _random.NextDouble()));
        _due.Enqueue((candidate, permit, firstToken), TimeSpan.FromSeconds(at + firstToken + 1).Ticks);
    }

    private void AnswerUntil(long moment)
    {
        while (_due.TryPeek(out var call, out var when) && when <= moment)
        {
            _due.Dequeue();
            _time.MoveTo(when);
            var firstToken = TimeSpan.FromSeconds(call.FirstToken);
            call.Candidate.Endpoint.Health.Return(call.Permit, AttemptSignal.Answered(firstToken, firstToken + TimeSpan.FromSeconds(1), 100));
        }

        _time.MoveTo(moment);
    }
}
