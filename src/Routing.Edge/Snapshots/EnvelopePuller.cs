using Routing.Core.Snapshots;
using Routing.Core.Tables;
using Routing.Edge.Probes;
using Routing.Edge.Usage;

namespace Routing.Edge.Snapshots;

/// <summary>
/// Pull is the truth: the whole envelope by ETag on a fixed beat with jitter, the same work every time. A nudge only shortens the wait.
/// Each new envelope is answered with what became of it.
/// </summary>
internal sealed partial class EnvelopePuller(
    EdgeOptions options, ControlPlaneClient controlPlane, ControlPlaneLink link, EdgeIdentityFile identityFile, SnapshotApplier applier, CurrentTable current,
    PullSignal signal, UsageSpool spool, EdgeState state, EdgeSeed seed, TimeProvider time, ILoggerFactory logs) : BackgroundService
{
    private readonly ILogger _log = logs.CreateLogger<EnvelopePuller>();
    private readonly Random _jitter = new(seed.Small ^ 1);
    private readonly Backoff _backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), seed.Small ^ 2);
    private EnvelopeReceiver? _receiver;
    private string? _etag;
    private ApplyReport? _unsent;

    /// <summary>Before the listener opens: serve from the last good envelope, if there is one. Needs no control plane.</summary>
    public async Task StartFromDiskAsync(CancellationToken cancellationToken)
    {
        if (identityFile.Read() is not { } identity) return;
        Use(identity);
        var kept = new LastGoodEnvelope(options.DataDirectory).Read().ToList();
        foreach (var envelope in kept)
        {
            var outcome = await _receiver!.ReceiveAsync(envelope, keep: false, cancellationToken).ConfigureAwait(false); // Use() has made it.
            if (outcome.Applied)
            {
                StartedFromDisk(_log, _receiver.InUse!.Revision.Revision, _receiver.InUse.Overlay.Version); // Applied means in use.
                return;
            }

            KeptRefused(_log, ConfigFileSource.Text(outcome.Problems));
        }

        state.WhyNoTable = kept.Count == 0
            ? "There is no envelope on this edge's disk; it waits for the control plane."
            : "The envelope on this edge's disk cannot be used; it waits for the control plane.";
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ControlPlaneClient.LeaveSocketThread();
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = Beat();
            try
            {
                if (_receiver is null) await EnrolAsync(stoppingToken).ConfigureAwait(false);
                await PullAsync(stoppingToken).ConfigureAwait(false);
                _backoff.Reset();
            }
            catch (EnrolmentException e)
            {
                wait = TimeSpan.FromSeconds(60);
                state.WhyNoTable = e.Message;
                CannotEnrol(_log, e.Message);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                wait = _backoff.Next();
                PullFailed(_log, e.Message, current.Value?.Revision ?? -1, wait.TotalSeconds);
            }

            await signal.WaitAsync(wait, time, stoppingToken).ConfigureAwait(false);
        }
    }

    public override void Dispose()
    {
        _receiver?.Dispose();
        base.Dispose();
    }

    private TimeSpan Beat() => TimeSpan.FromSeconds(options.PullSeconds * (0.8 + 0.4 * _jitter.NextDouble()));

    private void Use(EdgeIdentity identity)
    {
        _receiver = new EnvelopeReceiver(identity, applier, new LastGoodEnvelope(options.DataDirectory), logs.CreateLogger<EnvelopeReceiver>());
        link.Set(identity);
    }

    private async Task EnrolAsync(CancellationToken cancellationToken)
    {
        state.WhyNoTable = "This edge is not enrolled yet.";
        var identity = await new Enrolment(options, identityFile, controlPlane).EnrolAsync(cancellationToken).ConfigureAwait(false);
        Enrolled(_log, identity.EdgeId);
        Use(identity);
        state.WhyNoTable = "The control plane has not published a configuration yet.";
    }

    private async Task PullAsync(CancellationToken cancellationToken)
    {
        await SendReportAsync(cancellationToken).ConfigureAwait(false);
        var pulled = await controlPlane.PullAsync(_etag, cancellationToken).ConfigureAwait(false);
        if (pulled.Body is not { } body) return;
        var received = new SealedEnvelope(Signature(pulled.Signature), body);
        var receiver = _receiver!; // Enrolled before the first pull.
        var outcome = await receiver.ReceiveAsync(received, keep: true, cancellationToken).ConfigureAwait(false);

        // A refused one is not asked for again until it changes: its problems are known, and the report says so.
        _etag = pulled.ETag;
        if (!outcome.Applied) Refused(_log, ConfigFileSource.Text(outcome.Problems));
        if (current.Value is null && !outcome.Applied) state.WhyNoTable = "The control plane's envelope was refused: " + outcome.Problems[0].Message;
        _unsent = Report(receiver, outcome);
        await SendReportAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task SendReportAsync(CancellationToken cancellationToken)
    {
        if (_unsent is not { } report) return;
        await controlPlane.ReportAsync(report, cancellationToken).ConfigureAwait(false);
        _unsent = null;
    }

    private ApplyReport Report(EnvelopeReceiver receiver, in ApplyOutcome outcome) => new()
    {
        Epoch = receiver.InUse?.Epoch ?? receiver.Offered?.Epoch ?? "",
        Revision = receiver.InUse?.Revision.Revision ?? 0,
        Overlay = receiver.InUse?.Overlay.Version ?? 0,
        RefusedRevision = outcome.Applied ? null : receiver.Offered?.Revision.Revision ?? 0,
        RefusedOverlay = outcome.Applied ? null : receiver.Offered?.Overlay.Version ?? 0,
        Problems = outcome.Problems,
        At = time.GetUtcNow(),
        EdgeVersion = Version,
        StartedAt = state.StartedAt,
        SpoolPending = spool.Pending,
    };

    private static string Version { get; } = typeof(EnvelopePuller).Assembly.GetName().Version?.ToString(3) ?? "";

    private static byte[] Signature(string? text)
    {
        var bytes = new byte[256];
        return Convert.TryFromBase64String(text ?? "", bytes, out var length) ? bytes[..length] : [];
    }

    [LoggerMessage(LogLevel.Information, "Enrolled as edge {EdgeId}.")]
    private static partial void Enrolled(ILogger log, string edgeId);

    [LoggerMessage(LogLevel.Error, "This edge cannot enrol: {Reason}")]
    private static partial void CannotEnrol(ILogger log, string reason);

    [LoggerMessage(LogLevel.Information, "Started from the envelope on disk: revision {Revision}, overlay {Overlay}.")]
    private static partial void StartedFromDisk(ILogger log, long revision, long overlay);

    [LoggerMessage(LogLevel.Error, "An envelope on disk is refused.\n{Problems}")]
    private static partial void KeptRefused(ILogger log, string problems);

    [LoggerMessage(LogLevel.Error, "The control plane's envelope is refused; the one in use stays.\n{Problems}")]
    private static partial void Refused(ILogger log, string problems);

    [LoggerMessage(LogLevel.Warning, "The control plane could not be asked ({Reason}); revision {Revision} stays in use, next try in {Seconds:0.#} s.")]
    private static partial void PullFailed(ILogger log, string reason, long revision, double seconds);
}
