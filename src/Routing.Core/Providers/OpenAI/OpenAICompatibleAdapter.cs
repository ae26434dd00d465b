using System.Buffers;
using Routing.Core.Llm;

namespace Routing.Core.Providers.OpenAI;

/// <summary>OpenAI itself and whatever speaks its chat completions: the caller's own wire, so every field goes through.</summary>
internal sealed class OpenAICompatibleAdapter : IProviderAdapter
{
    public static readonly OpenAICompatibleAdapter Instance = new();

    private static readonly OpenAIFailureTable Failures = new("The provider", []);

    public ProviderKind Kind => ProviderKind.OpenAICompatible;

    public Capabilities Supports => SameWire.Capabilities;

    public WireTarget Target(ModelTarget model, bool stream) => new("/v1/chat/completions", SameWire.Accept(stream));

    public void WriteRequest(ChatCall call, ModelTarget model, IBufferWriter<byte> body) => OpenAIRequestWriter.Write(call, model, body);

    public ChatAnswerReader CreateReader(ChatCall call, bool stream) => SameWire.Reader(call, stream, Failures);

    public Failure ReadFailure(int status, IWireHeaders headers, ReadOnlySpan<byte> body) => Failures.Read(status, headers, body);
}

/// <summary>What OpenAI-compatible endpoints and Azure OpenAI have in common.</summary>
internal static class SameWire
{
    public const Capabilities Capabilities =
        Llm.Capabilities.Text | Llm.Capabilities.Streaming | Llm.Capabilities.SystemPrompt | Llm.Capabilities.Tools | Llm.Capabilities.JsonObject
        | Llm.Capabilities.JsonSchema | Llm.Capabilities.Vision | Llm.Capabilities.Logprobs | Llm.Capabilities.MultipleChoices
        | Llm.Capabilities.Seed | Llm.Capabilities.Penalties | Llm.Capabilities.Reasoning | Llm.Capabilities.SameWireFields;

    public static string Accept(bool stream) => stream ? "text/event-stream" : "application/json";

    public static ChatAnswerReader Reader(ChatCall call, bool stream, OpenAIFailureTable failures) =>
        stream ? new OpenAIStreamReader(call.IncludeUsage, failures) : new OpenAIUnaryReader(failures);
}
