using System.Diagnostics;

namespace EndToEnd.Tests;

internal static class Poll
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks again and again until it is so; fails with <paramref name="what"/> after <paramref name="limit"/>.</summary>
    public static async Task UntilAsync(string what, TimeSpan limit, Func<Task<bool>> isSo)
    {
        var watch = Stopwatch.StartNew();
        while (!await isSo())
        {
            if (watch.Elapsed > limit) Assert.Fail($"Not within {limit.TotalSeconds:0} s: {what}.");
            await Task.Delay(Pause, TimeProvider.System);
        }
    }
}
