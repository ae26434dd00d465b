using Routing.Core.Llm;
using Routing.Edge.Calls;

namespace Routing.Edge.Anthropic;

/// <summary><c>POST /v1/messages</c>, Anthropic's API. What happens to a call on the way is in <see cref="CallPipeline"/>.</summary>
internal sealed class MessagesEndpoint(CallPipeline pipeline) : IInboundApi
{
    public string? KeyHeader => AnthropicHeaders.Key;

    public Task HandleAsync(HttpContext context)
    {
        AnthropicHeaders.WarnOfBetas(context);
        return pipeline.HandleAsync(context, this);
    }

    public bool TryRead(ReadOnlyMemory<byte> json, out ChatCall call, out Failure failure) => MessagesReader.TryRead(json, out call, out failure);

    public EdgeAnswer Answer(HttpContext context, ChatCall call, string id, DateTimeOffset at) => call.Stream
        ? new MessagesStreamWriter(this, context, call, id, at)
        : new MessagesWriter(this, context, call, id, at);

    public Task RefuseAsync(HttpContext context, in ErrorAnswer error) => AnthropicErrorWriter.WriteAsync(context, error);
}
