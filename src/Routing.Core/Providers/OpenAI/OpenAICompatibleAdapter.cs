using System.Buffers;
using Routing.Core.Llm;

namespace Routing.Core.Providers.OpenAI;

/// <summary>OpenAI itself and whatever speaks its chat completions: the caller's own wire, so every field goes through.</summary>
internal sealed class OpenAICompatibleAdapter : IProviderAdapter
{
    public static readonly OpenAICompatibleAdapter Instance = new();

    private static readonly OpenAIFailureTable Failures = new("The provider", []);

    public ProviderKind Kind => ProviderKind.OpenAICompatible;

    public WireSupport Support(CallerApi api, ModelTarget model) => api == CallerApi.ChatCompletions ? SameWire.Support : WireSupport.None;

    public WireTarget Target(ModelTarget model, CallerApi api, bool stream) => new("/v1/chat/completions", SameWire.Accept(stream));

    public void WriteRequest(ChatCall call, ModelTarget model, int round, IBufferWriter<byte> body) => OpenAIRequestWriter.Write(call, model, body);

    public ChatAnswerReader CreateReader(ChatCall call, ModelTarget model, int round, bool stream) => SameWire.Reader(call, stream, Failures);

    public Failure ReadFailure(int status, IWireHeaders headers, ReadOnlySpan<byte> body) => Failures.Read(status, headers, body);
}

/// <summary>What OpenAI-compatible endpoints and Azure OpenAI have in common.</summary>
internal static class SameWire
{
    /// <summary>The caller's own wire: every field goes through as its own bytes.</summary>
    public static readonly WireSupport Support = WireSupport.Of(
        Capabilities.Text | Capabilities.Streaming | Capabilities.SystemPrompt | Capabilities.Tools | Capabilities.JsonObject
        | Capabilities.JsonSchema | Capabilities.Vision | Capabilities.ImageUrls | Capabilities.Documents | Capabilities.Logprobs
        | Capabilities.MultipleChoices | Capabilities.Seed | Capabilities.Penalties | Capabilities.Reasoning | Capabilities.SameWireFields
        | CapabilityNames.WireFields);

    public static string Accept(bool stream) => stream ? "text/event-stream" : "application/json";

    public static ChatAnswerReader Reader(ChatCall call, bool stream, OpenAIFailureTable failures) =>
        stream ? new OpenAIStreamReader(call.IncludeUsage, failures) : new OpenAIUnaryReader(failures);
}
