using Routing.Core.Llm;
using Routing.Edge.Calls;
using Routing.Edge.OpenAI;

namespace Routing.Edge.Responses;

/// <summary><c>POST /v1/responses</c>, OpenAI's Responses API without anything stored. What happens to a call on the way is in <see cref="CallPipeline"/>.</summary>
internal sealed class ResponsesEndpoint(CallPipeline pipeline) : IInboundApi
{
    private const string OnePath = "/v1/responses/";

    private static readonly ErrorAnswer NothingStored = ErrorAnswer.Of(new Failure
    {
        Kind = FailureKind.CapabilityUnsupported,
        Message = "There is no response to be had here: nothing is stored behind this API. Keep the answer of POST /v1/responses, and send the whole conversation in 'input'.",
        Param = "response_id",
    });

    public Task HandleAsync(HttpContext context) => pipeline.HandleAsync(context, this);

    public bool TryRead(ReadOnlyMemory<byte> json, out ChatCall call, out Failure failure) => ResponsesReader.TryRead(json, out call, out failure);

    public EdgeAnswer Answer(HttpContext context, ChatCall call, string id, DateTimeOffset at) => call.Stream
        ? new ResponsesStreamWriter(this, context, call, id, at)
        : new ResponsesWriter(this, context, call, id, at);

    public Task RefuseAsync(HttpContext context, in ErrorAnswer error) => OpenAIErrorWriter.WriteAsync(context, error);

    /// <summary>Whether it is <c>/v1/responses/{id}</c>, <c>…/input_items</c> or <c>…/cancel</c>.</summary>
    public static bool IsAboutStored(string path)
    {
        if (path.Length == OnePath.Length || !path.StartsWith(OnePath, StringComparison.Ordinal)) return false;
        var rest = path.AsSpan(OnePath.Length);
        var slash = rest.IndexOf('/');
        return slash < 0 ? rest is not ("input_tokens" or "compact") : rest[(slash + 1)..] is "input_items" or "cancel";
    }

    public static Task RefuseStoredAsync(HttpContext context) => OpenAIErrorWriter.WriteAsync(context, NothingStored);
}
