using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace TestKit;

/// <summary>Waits for what another thread does and nobody announces: as long as it takes, and no longer than a broken test may.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public static async Task HoldsAsync(Func<bool> holds, TimeSpan? limit = null, [CallerArgumentExpression(nameof(holds))] string what = "")
    {
        var (patience, waited) = (limit ?? Limit, Stopwatch.StartNew());
        while (!holds())
        {
            Assert.True(waited.Elapsed < patience, $"Not within {patience.TotalSeconds:0} s: {what}");
            await Task.Delay(Pause, TimeProvider.System);
        }
    }
}
