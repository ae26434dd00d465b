using System.Collections.Immutable;
using Routing.Core.Credentials;
using Routing.Core.Snapshots;

namespace Routing.Edge.Snapshots;

/// <summary>
/// Runs the edge from a file. At start a bad file is fatal; later a bad edit is logged with every problem and the last good table stays.
/// The file is looked at once a second: that also sees a mounted file being swapped, which file notifications miss.
/// </summary>
internal sealed partial class ConfigFileSource(EdgeOptions options, SnapshotApplier applier, TimeProvider time, ILogger<ConfigFileSource> log) : BackgroundService
{
    public const string Epoch = "file";
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private static readonly EdgeOverlay NoOverlay = new();
    private readonly LocalSecrets _secrets = new();
    private (DateTime Written, long Length) _seen;

    /// <summary>Loads the file; on failure the table stays and the problems say why.</summary>
    public async Task<ApplyOutcome> LoadAsync(CancellationToken cancellationToken)
    {
        _seen = Look();
        if (ConfigFile.TryRead(options.ConfigFile, out var problems) is not { } snapshot) return ApplyOutcome.Refused(problems);
        var outcome = await applier.ApplyAsync(snapshot, NoOverlay, Epoch, _secrets, isPublished: false, cancellationToken).ConfigureAwait(false);
        if (outcome.Applied) Warn(snapshot, outcome.Problems);
        return outcome;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var beat = new PeriodicTimer(Beat, time);
        var pending = _seen;
        while (await beat.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            var now = Look();
            var isStable = now == pending; // An editor may still be writing: two looks must agree.
            pending = now;
            if (now != _seen && isStable) await ReloadAsync(stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task ReloadAsync(CancellationToken cancellationToken)
    {
        var outcome = await LoadAsync(cancellationToken).ConfigureAwait(false);
        if (!outcome.Applied) Refused(log, options.ConfigFile, Text(outcome.Problems));
    }

    private void Warn(RoutingSnapshot snapshot, ImmutableArray<SnapshotProblem> problems)
    {
        foreach (var problem in problems.AddRange(StaticCredentials.Of(snapshot))) Warning(log, options.ConfigFile, Shown(problem.Path), problem.Message);
    }

    /// <summary>One line each, errors first: they are what has to be mended.</summary>
    internal static string Text(ImmutableArray<SnapshotProblem> problems) =>
        string.Join(Environment.NewLine, problems.OrderBy(p => p.Severity).Select(p => $"  {(p.Severity == ProblemSeverity.Error ? "error" : "warning")}: {Shown(p.Path)}: {p.Message}"));

    private static string Shown(string path) => path.Length == 0 ? "(document)" : path;

    private (DateTime Written, long Length) Look()
    {
        var file = new FileInfo(options.ConfigFile);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
    }

    [LoggerMessage(LogLevel.Error, "{File} was changed and is refused; the last good configuration stays.\n{Problems}")]
    private static partial void Refused(ILogger log, string file, string problems);

    [LoggerMessage(LogLevel.Warning, "{File}, {Path}: {Warning}")]
    private static partial void Warning(ILogger log, string file, string path, string warning);
}
