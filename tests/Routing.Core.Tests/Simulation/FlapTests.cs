using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Usage;

namespace Routing.Core.Tests.Simulation;

/// <summary>A primary that is out for a minute, at ten requests a second over the whole fleet, with the real dispatcher.</summary>
public sealed class FlapTests
{
    private const double OutFrom = 20, OutTo = 80;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 4)]
    [InlineData(4, 5)] // One edge has gone since the control plane was last heard.
    public void Outage_OneMinute_FewAttemptsAndBackInStepsWithinNinetySeconds(int edges, int known)
    {
        for (var seed = 0; seed < 6; seed++)
        {
            var outage = (seed % 3) switch
            {
                0 => Reply.Refusal(FailureKind.Transport, 0.002),
                1 => Reply.Refusal(FailureKind.CapacityExhausted, 0.1),
                _ => Reply.Refusal(FailureKind.UpstreamTimeout, 1_000),
            };
            var fleet = new DispatchedFleet(edges, known, seed, (host, at) => host == DispatchedFleet.Primary && at is >= OutFrom and < OutTo ? outage : Reply.Answer(0.3, 0.7));
            fleet.Run(OutTo + 100, perSecond: 10);

            Assert.All(fleet.Calls, c => Assert.Equal(RequestOutcome.Answered, c.Event.Outcome));
            for (var edge = 0; edge < edges; edge++) CheckAttempts(fleet, edge, seed);
            CheckReturn(fleet, seed);
            CheckShares(fleet, seed);
        }
    }

    /// <summary>After opening and until the end of the outage, of any ten requests in a row at most two try the primary.</summary>
    private static void CheckAttempts(DispatchedFleet fleet, int edge, int seed)
    {
        var opened = Seconds(Moves(fleet, edge).First(m => m.To == BreakerState.Open).At);
        int[] attempts = [.. fleet.Calls.Where(c => c.Edge == edge && Seconds(c.Event.At) > opened && Seconds(c.Event.At) < OutTo).Select(c => AsksPrimary(c.Event) ? 1 : 0)];
        for (var i = 0; i + 10 <= attempts.Length; i++)
        {
            var tried = attempts.AsSpan(i, 10).ToArray().Sum();
            Assert.True(tried <= 2, $"seed {seed}, edge {edge}: {tried} of ten requests tried the primary while it was out");
        }
    }

    private static void CheckReturn(DispatchedFleet fleet, int seed)
    {
        var first = fleet.Calls.Where(c => c.Event.ServedBy == DispatchedFleet.Primary && Seconds(c.Event.At) > OutTo).Min(c => Seconds(c.Event.At)) - OutTo;
        Assert.True(first <= 30, $"seed {seed}: the primary served its first request {first:0.0} s after it was back");
        for (var edge = 0; edge < fleet.Health.Count; edge++)
        {
            var moves = Moves(fleet, edge).Where(m => Seconds(m.At) > OutFrom).ToArray();
            var full = Seconds(moves.First(m => m.SharePercent == 100).At) - OutTo;
            Assert.True(full <= 90, $"seed {seed}, edge {edge}: full share {full:0.0} s after the primary was back");
            Assert.Equal([1, 2, 5, 10, 25, 50, 100], moves.Where(m => m.To == BreakerState.PartialOpen).Select(m => m.SharePercent).SkipWhile((_, i) => i < moves.Count(m => m.Cause == TransitionCause.OpenElapsed) - 1));
            Assert.Equal((BreakerState.Closed, TransitionCause.Recovered), (moves[^1].To, moves[^1].Cause));
        }
    }

    private static void CheckShares(DispatchedFleet fleet, int seed)
    {
        var shares = new ShareLedger();
        foreach (var (edge, call) in fleet.Calls) shares.Add((call.At - VirtualClock.Start).Ticks, edge, DispatchedFleet.Primary, AsksPrimary(call));
        foreach (var excess in shares.Excesses(DispatchedFleet.Primary, fleet.Health, floorPerSecond: 1)) Assert.Fail($"seed {seed}: {excess}");
    }

    private static bool AsksPrimary(UsageEvent call) => call.Attempts[0].ModelEndpoint == DispatchedFleet.Primary;

    private static IEnumerable<BreakerTransition> Moves(DispatchedFleet fleet, int edge) =>
        fleet.Health[edge].TakeTransitions(1_000).Where(m => m.ModelEndpoint == DispatchedFleet.Primary);

    private static double Seconds(DateTimeOffset at) => (at - VirtualClock.Start).TotalSeconds;
}
