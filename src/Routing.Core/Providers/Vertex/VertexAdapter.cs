using System.Buffers;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Vertex;

/// <summary>Gemini on Vertex AI: generateContent and streamGenerateContent.</summary>
internal sealed class VertexAdapter : IProviderAdapter
{
    public static readonly VertexAdapter Instance = new();

    public ProviderKind Kind => ProviderKind.Vertex;

    public WireSupport Support(CallerApi api, ModelTarget model) => api == CallerApi.ChatCompletions ? Chat : WireSupport.None;

    private static readonly WireSupport Chat = WireSupport.Of(Capabilities.Text | Capabilities.Streaming | Capabilities.SystemPrompt);

    public WireTarget Target(ModelTarget model, CallerApi api, bool stream) => new(
        $"/v1/projects/{Uri.EscapeDataString(model.Project)}/locations/{Uri.EscapeDataString(model.Region)}/publishers/google/models/" +
        $"{Uri.EscapeDataString(model.Model)}:{(stream ? "streamGenerateContent?alt=sse" : "generateContent")}",
        stream ? "text/event-stream" : "application/json");

    public void WriteRequest(ChatCall call, ModelTarget model, int round, IBufferWriter<byte> body) => GeminiRequestWriter.Write(call.Request, model, body);

    public ChatAnswerReader CreateReader(ChatCall call, ModelTarget model, int round, bool stream) => stream ? new GeminiStreamReader() : new GeminiUnaryReader();

    public Failure ReadFailure(int status, IWireHeaders headers, ReadOnlySpan<byte> body) => VertexFailures.Read(status, headers, body);
}
