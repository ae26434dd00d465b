using System.Buffers;
using Routing.Core.Llm;

namespace Routing.Core.Providers.OpenAI;

/// <summary>OpenAI itself and whatever speaks its chat completions: the caller's own wire, so every field goes through.</summary>
internal sealed class OpenAICompatibleAdapter : IProviderAdapter
{
    public static readonly OpenAICompatibleAdapter Instance = new();

    private static readonly OpenAIFailureTable Failures = new("The provider", []);

    public ProviderKind Kind => ProviderKind.OpenAICompatible;

    public WireSupport Support(CallerApi api, ModelTarget model) => SameWire.Support(api, model.Family);

    public WireTarget Target(ModelTarget model, CallerApi api, bool stream) => new("/v1/" + SameWire.Path(api), SameWire.Accept(stream));

    public void WriteRequest(ChatCall call, ModelTarget model, int round, IBufferWriter<byte> body) => OpenAIRequestWriter.Write(call, model, body);

    public ChatAnswerReader CreateReader(ChatCall call, ModelTarget model, int round, bool stream) => SameWire.Reader(call, stream, Failures);

    public Failure ReadFailure(int status, IWireHeaders headers, ReadOnlySpan<byte> body) => Failures.Read(status, headers, body);
}

/// <summary>What OpenAI-compatible endpoints and Azure OpenAI have in common.</summary>
internal static class SameWire
{
    /// <summary>The caller's own wire: every field goes through as its own bytes.</summary>
    private static readonly WireSupport Chat = WireSupport.Of(
        Capabilities.Text | Capabilities.Streaming | Capabilities.SystemPrompt | Capabilities.Tools | Capabilities.JsonObject
        | Capabilities.JsonSchema | Capabilities.Vision | Capabilities.ImageUrls | Capabilities.Documents | Capabilities.Logprobs
        | Capabilities.MultipleChoices | Capabilities.Seed | Capabilities.Penalties | Capabilities.Reasoning | Capabilities.SameWireFields
        | CapabilityNames.WireFields);

    private static readonly WireSupport Embeddings = WireSupport.Of(
        Capabilities.Embeddings | Capabilities.Dimensions | Capabilities.EndUser | Capabilities.SameWireFields);

    // A model does one of the two: asked for the other, its provider would say that there is no such model.
    public static WireSupport Support(CallerApi api, ModelFamily family) => (api, family) switch
    {
        (CallerApi.ChatCompletions, ModelFamily.Chat) => Chat,
        (CallerApi.Embeddings, ModelFamily.Embedding) => Embeddings,
        _ => WireSupport.None,
    };

    public static string Path(CallerApi api) => api == CallerApi.Embeddings ? "embeddings" : "chat/completions";

    public static string Accept(bool stream) => stream ? "text/event-stream" : "application/json";

    public static ChatAnswerReader Reader(ChatCall call, bool stream, OpenAIFailureTable failures)
    {
        if (call.Api == CallerApi.Embeddings) return new OpenAIEmbeddingReader(failures);
        return stream ? new OpenAIStreamReader(call.IncludeUsage, failures) : new OpenAIUnaryReader(failures);
    }
}
