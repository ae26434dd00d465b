namespace Routing.Core.Tests.Dispatch;

/// <summary>
/// Stands between dispatcher and provider and tells when the first answer's bytes, as many as are expected, were read and dealt with: when the read
/// behind them begins.
/// </summary>
internal sealed class ReadWatch(int bytes) : DelegatingHandler
{
    private readonly TaskCompletionSource _dealtWith = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task DealtWith => _dealtWith.Task;

    /// <summary>The connection breaks there: the read behind those bytes throws at once.</summary>
    public bool Breaks { get; init; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (!DealtWith.IsCompleted) response.Content = new StreamContent(new Watched(await response.Content.ReadAsStreamAsync(cancellationToken), this, bytes));
        return response;
    }

    private sealed class Watched(Stream inner, ReadWatch watch, int left) : Stream
    {
        private int _left = left;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_left <= 0) watch._dealtWith.TrySetResult();
            if (_left <= 0 && watch.Breaks) throw new IOException("Connection reset by peer.");
            var read = await inner.ReadAsync(buffer, cancellationToken);
            _left -= read;
            return read;
        }

        public override void Flush() => throw new NotSupportedException();
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
