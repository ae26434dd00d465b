using Routing.Core.Llm;
using Routing.Edge.Calls;

namespace Routing.Edge.Anthropic;

/// <summary>
/// <c>POST /v1/messages/count_tokens</c>: by the provider's own counter, at a candidate that has one. Nothing is estimated: a count that is
/// not the provider's would be read as if it were.
/// </summary>
internal sealed class CountTokensEndpoint(CallPipeline pipeline) : IInboundApi
{
    public string? KeyHeader => AnthropicHeaders.Key;

    public Task HandleAsync(HttpContext context)
    {
        AnthropicHeaders.WarnOfBetas(context);
        return pipeline.HandleAsync(context, this);
    }

    public bool TryRead(ReadOnlyMemory<byte> json, out ChatCall call, out Failure failure) => MessagesReader.TryReadCount(json, out call, out failure);

    public EdgeAnswer Answer(HttpContext context, ChatCall call, string id, DateTimeOffset at) => new MessagesWriter(this, context, call, id, at);

    public Task RefuseAsync(HttpContext context, in ErrorAnswer error) => AnthropicErrorWriter.WriteAsync(context, error);
}
