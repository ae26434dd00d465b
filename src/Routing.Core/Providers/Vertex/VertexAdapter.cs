using System.Buffers;
using System.Collections.Immutable;
using Routing.Core.Llm;
using Routing.Core.Snapshots;

namespace Routing.Core.Providers.Vertex;

/// <summary>Google's models on Vertex AI: Gemini by generateContent and streamGenerateContent, text embeddings by predict.</summary>
internal sealed class VertexAdapter : IProviderAdapter
{
    public static readonly VertexAdapter Instance = new();

    private const string RequestType = "X-Vertex-AI-LLM-Request-Type";
    private const string SharedRequestType = "X-Vertex-AI-LLM-Shared-Request-Type";

    public ProviderKind Kind => ProviderKind.Vertex;

    public WireSupport Support(CallerApi api, ModelTarget model) => model.Family switch
    {
        ModelFamily.Chat => GeminiSupport.Of(api, model.Model),
        ModelFamily.Embedding => VertexEmbeddings.Support(api, model.Model),
        _ => WireSupport.None,
    };

    public WireTarget Target(ModelTarget model, CallerApi api, bool stream) => api == CallerApi.Embeddings
        ? new WireTarget(Path(model, "predict"), "application/json")
        : api == CallerApi.CountTokens ? new WireTarget(Path(model, "countTokens"), "application/json")
        : new WireTarget(Path(model, stream ? "streamGenerateContent?alt=sse" : "generateContent"), stream ? "text/event-stream" : "application/json")
        {
            Headers = CapacityHeaders(model.CapacityClass),
        };

    public int Rounds(ChatCall call, ModelTarget model) => call.Embedding is { } embedding ? VertexEmbeddings.Rounds(embedding, model.Model) : 1;

    public Failure? Refuse(ChatCall call, ModelTarget model) => call.Embedding is null ? GeminiRefusals.Of(call.Request, GeminiModel.Of(model.Model)) : null;

    public ImmutableArray<string> Warnings(ChatCall call, ModelTarget model) => call.Embedding is null ? GeminiWarnings.Of(call.Request, GeminiModel.Of(model.Model)) : [];

    public void WriteRequest(ChatCall call, ModelTarget model, int round, IBufferWriter<byte> body)
    {
        if (call.Embedding is { } embedding) VertexEmbeddings.Write(embedding, VertexEmbeddings.Part(embedding, model.Model, round), body);
        else if (call.Api == CallerApi.CountTokens) GeminiRequestWriter.WriteForCounting(call.Request, model, body);
        else GeminiRequestWriter.Write(call.Request, model, body);
    }

    public ChatAnswerReader CreateReader(ChatCall call, ModelTarget model, int round, bool stream)
    {
        if (call.Embedding is { } embedding) return new VertexEmbeddingReader(VertexEmbeddings.Part(embedding, model.Model, round));
        if (call.Api == CallerApi.CountTokens) return new TokenCountReader("totalTokens");
        return stream ? new GeminiStreamReader() : new GeminiUnaryReader();
    }

    public Failure ReadFailure(int status, IWireHeaders headers, ReadOnlySpan<byte> body) => VertexFailures.Read(status, headers, body);

    private static string Path(ModelTarget model, string method) =>
        $"/v1/projects/{Uri.EscapeDataString(model.Project)}/locations/{Uri.EscapeDataString(model.Region)}/publishers/google/models/" +
        $"{Uri.EscapeDataString(model.Model)}:{method}";

    // Without them Vertex AI spills from bought throughput to pay-as-you-go by itself, and a call's cost is known only afterwards.
    private static ImmutableArray<KeyValuePair<string, string>> CapacityHeaders(CapacityClass capacity) => capacity switch
    {
        CapacityClass.Reserved => [new(RequestType, "dedicated")],
        CapacityClass.Priority => [new(RequestType, "shared"), new(SharedRequestType, "priority")],
        CapacityClass.Flex => [new(RequestType, "shared"), new(SharedRequestType, "flex")],
        _ => [new(RequestType, "shared")],
    };
}
