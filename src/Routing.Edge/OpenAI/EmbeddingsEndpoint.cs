using Routing.Core.Llm;
using Routing.Edge.Calls;

namespace Routing.Edge.OpenAI;

/// <summary><c>POST /v1/embeddings</c>. What happens to a call on the way is in <see cref="CallPipeline"/>.</summary>
internal sealed class EmbeddingsEndpoint(CallPipeline pipeline) : IInboundApi
{
    public Task HandleAsync(HttpContext context) => pipeline.HandleAsync(context, this);

    public bool TryRead(ReadOnlyMemory<byte> json, out ChatCall call, out Failure failure) => EmbeddingReader.TryRead(json, out call, out failure);

    public EdgeAnswer Answer(HttpContext context, ChatCall call, string id, DateTimeOffset at) => new EmbeddingWriter(this, context, call, id, at);

    public Task RefuseAsync(HttpContext context, in ErrorAnswer error) => OpenAIErrorWriter.WriteAsync(context, error);
}
