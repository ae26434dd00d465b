using System.Net.ServerSentEvents;

namespace Routing.Edge.Snapshots;

/// <summary>Listens for "something changed" and wakes the puller. Carries no configuration, so it may break, repeat or lie without harm.</summary>
internal sealed partial class NudgeListener(ControlPlaneClient controlPlane, ControlPlaneLink link, PullSignal signal, EdgeSeed seed, TimeProvider time, ILogger<NudgeListener> log)
    : BackgroundService
{
    // The control plane sends a comment now and then; a line silent for longer is a dead one.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    private readonly Backoff _backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), seed.Small ^ 5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await link.WaitAsync(stoppingToken).ConfigureAwait(false);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Broken(log, e.Message);
            }

            await Task.Delay(_backoff.Next(), time, stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(Silence);
        var (response, body) = await controlPlane.NudgesAsync(silence.Token).ConfigureAwait(false);
        using var _ = response;
        signal.Nudge(); // What changed while nobody listened.
        _backoff.Reset();
        await foreach (var item in SseParser.Create(new NoticingStream(body, () => silence.CancelAfter(Silence))).EnumerateAsync(silence.Token).ConfigureAwait(false))
        {
            if (item.EventType == "changed") signal.Nudge();
        }
    }

    [LoggerMessage(LogLevel.Debug, "No nudges for now ({Reason}); pulling goes on.")]
    private static partial void Broken(ILogger log, string reason);

    /// <summary>Tells when anything arrives: comments are swallowed by the parser, and they are the sign of life.</summary>
    private sealed class NoticingStream(Stream inner, Action arrived) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            arrived();
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
