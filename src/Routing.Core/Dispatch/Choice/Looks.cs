using System.Numerics;
using Routing.Core.Health;

namespace Routing.Core.Dispatch.Choice;

/// <summary>
/// The small share of a feature's calls that goes to those who are not among the best, so that it is known how fast they are by now. Counted, not drawn,
/// and in turns: as many calls in a row to the same one as it takes to tell. Spread out, they would have left its window before they were enough.
/// </summary>
internal sealed class Looks
{
    private long _calls;

    /// <summary>Whether this call is one of the share, and to whom of <paramref name="others"/> it goes.</summary>
    /// <param name="percent">1 to 100.</param>
    /// <param name="others">Not empty.</param>
    public bool IsDue(int percent, uint others, out int index)
    {
        var (turn, place) = Math.DivRem(Interlocked.Increment(ref _calls) - 1, EndpointHealth.LeastSpeedSamples * 100 / percent);
        for (var skip = (int)(turn % BitOperations.PopCount(others)); skip > 0; skip--) others &= others - 1;
        index = BitOperations.TrailingZeroCount(others);
        return place < EndpointHealth.LeastSpeedSamples;
    }
}
