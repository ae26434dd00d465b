using System.Globalization;
using Routing.Core.Health;

namespace Routing.Core.Tests.Simulation;

/// <summary>Who asked a returning endpoint for a place, and who got one; over all edges.</summary>
internal sealed class ShareLedger
{
    private readonly record struct Ask(long At, int Edge, string Endpoint, bool Admitted);

    private readonly List<Ask> _asks = [];

    public void Add(long at, int edge, string endpoint, bool admitted) => _asks.Add(new Ask(at, edge, endpoint, admitted));

    /// <summary>
    /// Where an endpoint got more than its stages allow: what each edge's share lets through of what it is asked, and the trickle of the whole
    /// fleet; over any ten seconds. One call an edge is the rounding of both.
    /// </summary>
    public IEnumerable<string> Excesses(string endpoint, IReadOnlyList<EndpointHealthRegistry> edges, int floorPerSecond)
    {
        var window = TimeSpan.FromSeconds(10).Ticks;
        (Ask Ask, double Share)[] asks = [.. edges.SelectMany((e, i) => WithShares(e, i, endpoint)).OrderBy(a => a.Ask.At)];
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

            var allowed = shares + (floorPerSecond * 10) + edges.Count;
            if (admitted <= allowed) continue;
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{endpoint} got {admitted} calls in the ten seconds before {TimeSpan.FromTicks(asks[last].Ask.At).TotalSeconds:0.0}, {allowed:0.0} allowed");
        }
    }

    private IEnumerable<(Ask Ask, double Share)> WithShares(EndpointHealthRegistry edge, int number, string endpoint)
    {
        BreakerTransition[] moves = [.. edge.TakeTransitions(1_000).Where(m => m.ModelEndpoint == endpoint)];
        var move = -1;
        foreach (var ask in _asks.Where(a => a.Edge == number && a.Endpoint == endpoint))
        {
            while (move + 1 < moves.Length && (moves[move + 1].At - VirtualClock.Start).Ticks <= ask.At) move++;
            if (move >= 0 && moves[move].To == BreakerState.PartialOpen) yield return (ask, moves[move].SharePercent / 100.0);
        }
    }
}
