using System.Buffers;
using System.Collections.Immutable;
using Routing.Core.Llm;
using Routing.Core.Providers.Vertex;

namespace Routing.Core.Providers.Anthropic;

/// <summary>
/// Anthropic's models on Vertex AI: Anthropic's body and answers behind Google's paths. The model is in the path and may not be in the body,
/// where the version of the wire takes its place.
/// </summary>
internal sealed class ClaudeOnVertexAdapter : IProviderAdapter
{
    public static readonly ClaudeOnVertexAdapter Instance = new();

    private static readonly AnthropicFailures Failures = new("Vertex AI");

    // Counting has a path of its own, with a pseudo model; the model counted for stays in the body.
    private const string Counter = "count-tokens";

    public ProviderKind Kind => ProviderKind.Vertex;

    public WireSupport Support(CallerApi api, ModelTarget model) => MessagesSupport.Of(api, model);

    public WireTarget Target(ModelTarget model, CallerApi api, bool stream)
    {
        var name = api == CallerApi.CountTokens ? Counter : Uri.EscapeDataString(model.Model);
        return new WireTarget(
            $"/v1/projects/{Uri.EscapeDataString(model.Project)}/locations/{Uri.EscapeDataString(model.Region)}/publishers/anthropic/models/" +
            $"{name}:{(stream ? "streamRawPredict" : "rawPredict")}", MessagesSupport.Accept(stream));
    }

    public Failure? Refuse(ChatCall call, ModelTarget model) => MessagesSupport.Refuse(call, model);

    public ImmutableArray<string> Warnings(ChatCall call, ModelTarget model) => MessagesSupport.Warnings(call, model);

    public void WriteRequest(ChatCall call, ModelTarget model, int round, IBufferWriter<byte> body)
    {
        if (!MessagesSupport.IsSameWire(call)) MessagesRequestWriter.Write(call, model, MessagesDoor.Vertex, body);
        else if (call.Api == CallerApi.CountTokens) MessagesCopy.WithModel(call.Original!, model.Model, body); // A same-wire call has its bytes.
        else MessagesCopy.WithVersion(call.Original!, body);
    }

    public ChatAnswerReader CreateReader(ChatCall call, ModelTarget model, int round, bool stream) => MessagesSupport.Reader(call, stream, Failures);

    // Google's door answers in Google's words before Anthropic's wire is reached: no permission, no quota, no such model.
    public Failure ReadFailure(int status, IWireHeaders headers, ReadOnlySpan<byte> body) =>
        AnthropicFailures.IsError(body) ? Failures.Read(status, headers, body) : VertexFailures.Read(status, headers, body);
}
