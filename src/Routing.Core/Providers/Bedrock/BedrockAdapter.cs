using System.Buffers;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Bedrock;

/// <summary>Bedrock's Converse and ConverseStream.</summary>
internal sealed class BedrockAdapter : IProviderAdapter
{
    public static readonly BedrockAdapter Instance = new();

    public ProviderKind Kind => ProviderKind.Bedrock;

    public Capabilities Supports => Capabilities.Text | Capabilities.Streaming | Capabilities.SystemPrompt;

    /// <summary>The id may be a model, an inference profile or an ARN; its colons and slashes are escaped.</summary>
    public WireTarget Target(ModelTarget model, bool stream) => new(
        $"/model/{Uri.EscapeDataString(model.Model)}/{(stream ? "converse-stream" : "converse")}",
        stream ? "application/vnd.amazon.eventstream" : "application/json");

    public void WriteRequest(ChatCall call, ModelTarget model, IBufferWriter<byte> body) => ConverseRequestWriter.Write(call.Request, model, body);

    public ChatAnswerReader CreateReader(ChatCall call, bool stream) => stream ? new ConverseStreamReader() : new ConverseUnaryReader();

    public Failure ReadFailure(int status, IWireHeaders headers, ReadOnlySpan<byte> body) => BedrockFailures.Read(status, headers, body);
}
