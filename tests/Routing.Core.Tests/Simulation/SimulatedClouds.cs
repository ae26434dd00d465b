using System.Net;
using Routing.Core.Llm;
using TestKit;

namespace Routing.Core.Tests.Simulation;

/// <summary>Providers behind the real transport: each reply comes when its time does, as bytes of OpenAI's wire. By host name.</summary>
internal sealed class SimulatedClouds(ManualTime time, Func<string, double, Reply> script) : HttpMessageHandler
{
    private static readonly byte[] First = "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Hello\"}}]}\n\n"u8.ToArray();
    private static readonly byte[] Rest = ("data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"u8
        + "data: {\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":15}}\n\ndata: [DONE]\n\n"u8).ToArray();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var reply = script(request.RequestUri!.Host, TimeSpan.FromTicks(time.GetTimestamp()).TotalSeconds); // every request has an address
        await WaitAsync(time, reply.Failure is null ? reply.FirstToken : reply.Duration, cancellationToken).ConfigureAwait(false);
        if (reply.Failure == FailureKind.Transport) throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused.");
        if (reply.Failure is not null) return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Content = new StringContent("{}") };
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new Answer(time, reply.Duration - reply.FirstToken)) };
    }

    /// <summary>Unlike a delay it goes on where the clock is moved, also when it is cancelled.</summary>
    private static async Task WaitAsync(TimeProvider time, double seconds, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource();
        using var timer = time.CreateTimer(static s => ((TaskCompletionSource)s!).TrySetResult(), done, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
        using var cancelled = cancellationToken.UnsafeRegister(static (s, token) => ((TaskCompletionSource)s!).TrySetCanceled(token), done);
        await done.Task.ConfigureAwait(false);
    }

    private sealed class Answer(TimeProvider time, double rest) : Stream
    {
        private int _reads;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = _reads++;
            if (read == 1) await WaitAsync(time, rest, cancellationToken).ConfigureAwait(false);
            var bytes = read switch { 0 => First, 1 => Rest, _ => [] };
            bytes.CopyTo(buffer);
            return bytes.Length;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
