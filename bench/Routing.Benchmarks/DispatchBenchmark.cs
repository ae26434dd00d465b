using System.Net;
using System.Text;
using BenchmarkDotNet.Attributes;
using Routing.Core.Credentials;
using Routing.Core.Dispatch;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Providers;
using Routing.Core.Snapshots;
using Routing.Core.Tables;

namespace Routing.Benchmarks;

/// <summary>A whole dispatch without a network, against a transport that answers from memory: from the request's bytes to the usage event.</summary>
public class DispatchBenchmark
{
    private const int Chunks = 60;

    private static readonly byte[] Answer = Encoding.UTF8.GetBytes(
        """{"id":"chatcmpl-1","choices":[{"index":0,"message":{"role":"assistant","content":"@"},"finish_reason":"stop"}],"usage":{"prompt_tokens":200,"completion_tokens":60,"total_tokens":260}}"""
            .Replace("@", new string('a', 780), StringComparison.Ordinal));

    private static readonly byte[] Stream = Encoding.UTF8.GetBytes(
        string.Concat(Enumerable.Repeat("data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" token\"},\"finish_reason\":null}]}\n\n", Chunks))
        + "data: {\"id\":\"chatcmpl-1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
        + "data: {\"id\":\"chatcmpl-1\",\"choices\":[],\"usage\":{\"prompt_tokens\":200,\"completion_tokens\":60,\"total_tokens\":260}}\n\ndata: [DONE]\n\n");

    private readonly Unsent _answer = new();
    private ChatDispatcher _dispatcher = null!; // set up before the first run
    private RoutingTable _table = null!;
    private FeatureRoute _route = null!;
    private ChatCall _unary = null!;
    private ChatCall _stream = null!;

    [GlobalSetup]
    public void SetUp()
    {
        var compiler = new RoutingTableCompiler(new EndpointHealthRegistry(TimeProvider.System, 1), _ => new StaticTokenSource(new ApiKeyCredential("k")), 1);
        _table = compiler.Compile(BenchSnapshot.Build(features: 1, callers: 1), new EdgeOverlay(), "bench");
        _route = _table.Features["feature-0"];
        _dispatcher = new ChatDispatcher(new ProviderTransport(static () => new FromMemory(), TimeProvider.System), TimeProvider.System);
        _unary = Call(stream: false);
        _stream = Call(stream: true);
    }

    [Benchmark]
    public ValueTask<DispatchResult> DispatchAnswer() => DispatchAsync(_unary);

    [Benchmark]
    public ValueTask<DispatchResult> DispatchStream() => DispatchAsync(_stream);

    private ValueTask<DispatchResult> DispatchAsync(ChatCall call)
    {
        var now = TimeProvider.System.GetUtcNow();
        var identity = new RequestIdentity(Guid.CreateVersion7(now), now, TimeProvider.System.GetTimestamp(), "caller-0");
        return _dispatcher.DispatchAsync(call, _route, _table, identity, _answer, CancellationToken.None);
    }

    private static ChatCall Call(bool stream)
    {
        var prompt = new string('x', 900);
        var json = $$"""{"model":"f","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"{{prompt}}"}]}""";
        return new ChatCall(() => new ChatRequest { Messages = [ChatMessage.Of(ChatRole.User, prompt)] })
        {
            Feature = "feature-0", Stream = stream, Needs = Capabilities.Text, Original = new OriginalBody(Encoding.UTF8.GetBytes(json), 9..12, null, 1),
        };
    }

    private sealed class FromMemory : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var stream = request.Headers.NonValidated["Accept"].ToString().StartsWith("text/", StringComparison.Ordinal);
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(stream ? Stream : Answer) });
        }
    }

    private sealed class Unsent : IChatAnswer
    {
        public long Bytes { get; private set; }

        public ValueTask KeepAliveAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public void Begin(in AnswerHead head) { }

        public void GoOn(in AnswerHead head) { }

        public void Write(List<ChatEvent> events)
        {
            foreach (var e in events) Bytes += e.Utf8.Length;
        }

        public ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
