using System.Diagnostics;

namespace TestKit;

/// <summary>What code allocates once it is compiled for good: until then it may box what its final form keeps on the stack.</summary>
internal static class Allocations
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of the run that allocated least; runs until one allocates nothing.</summary>
    public static long Least(Action run)
    {
        var (least, waited) = (long.MaxValue, Stopwatch.StartNew());
        while (least > 0 && waited.Elapsed < Limit)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            if (least > 0) Thread.Yield(); // The compiler works on another thread.
        }

        return least;
    }
}
