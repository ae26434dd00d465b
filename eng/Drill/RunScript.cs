using System.Diagnostics;

namespace Drill;

/// <summary>The script that starts and ends the processes.</summary>
internal static class RunScript
{
    public static async Task CallAsync(string script, string verb, string name)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", [script, verb, name]) { UseShellExecute = false })
            ?? throw new InvalidOperationException("bash did not start.");
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{script} {verb} {name} ended with {process.ExitCode}.");
    }
}
