using System.Numerics;
using Routing.Core.Tables;

namespace Routing.Core.Dispatch.Choice;

/// <summary>The calls of a feature that go to a backup which is not needed, so that it is known to work. Counted, not drawn: 1 % is each hundredth call.</summary>
/// <param name="backups">Bits of the candidates that stand by.</param>
/// <param name="memory">Counts the calls from table to table.</param>
internal sealed class WarmShare(int percent, uint backups, FeatureMemory memory)
{
    private readonly long[] _served = new long[32 - BitOperations.LeadingZeroCount(backups)];

    public uint Backups => backups;

    public bool IsDue()
    {
        var calls = Interlocked.Increment(ref memory.Calls);
        return calls * percent / 100 != (calls - 1) * percent / 100;
    }

    /// <summary>A candidate takes a call, for whatever reason.</summary>
    public void Served(int index)
    {
        if (index < _served.Length) Volatile.Write(ref _served[index], Volatile.Read(ref memory.Calls));
    }

    /// <param name="mask">Some of the backups.</param>
    public int LeastRecent(uint mask)
    {
        var (longest, since) = (-1, long.MaxValue);
        for (var rest = mask; rest != 0; rest &= rest - 1)
        {
            var index = BitOperations.TrailingZeroCount(rest);
            var served = Volatile.Read(ref _served[index]);
            if (served < since) (longest, since) = (index, served);
        }

        return longest;
    }
}
