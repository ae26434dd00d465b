using System.Buffers;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Bedrock;

/// <summary>Bedrock's Converse API, which is one wire for all models of Bedrock.</summary>
internal sealed class BedrockAdapter : IProviderAdapter
{
    public static readonly BedrockAdapter Instance = new();

    public ProviderKind Kind => ProviderKind.Bedrock;

    public WireSupport Support(CallerApi api, ModelTarget model) => api == CallerApi.ChatCompletions ? Chat : WireSupport.None;

    private static readonly WireSupport Chat = WireSupport.Of(Capabilities.Text | Capabilities.Streaming | Capabilities.SystemPrompt);

    // An ARN has slashes and colons: all of it is one escaped segment.
    public WireTarget Target(ModelTarget model, CallerApi api, bool stream) => stream
        ? new WireTarget($"/model/{Uri.EscapeDataString(model.Model)}/converse-stream", "application/vnd.amazon.eventstream")
        : new WireTarget($"/model/{Uri.EscapeDataString(model.Model)}/converse", "application/json");

    public void WriteRequest(ChatCall call, ModelTarget model, int round, IBufferWriter<byte> body) => ConverseRequestWriter.Write(call.Request, model, body);

    public ChatAnswerReader CreateReader(ChatCall call, ModelTarget model, int round, bool stream) => stream ? new ConverseEventReader() : new ConverseAnswerReader();

    public Failure ReadFailure(int status, IWireHeaders headers, ReadOnlySpan<byte> body) => BedrockFailures.Read(status, headers, body);
}
