using System.Buffers;
using System.Collections.Immutable;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Anthropic;

/// <summary>Anthropic's own API: messages, and the count of their tokens.</summary>
internal sealed class AnthropicAdapter : IProviderAdapter
{
    public static readonly AnthropicAdapter Instance = new();

    private static readonly AnthropicFailures Failures = new("Anthropic");

    public ProviderKind Kind => ProviderKind.Anthropic;

    public WireSupport Support(CallerApi api, ModelTarget model) => MessagesSupport.Of(api, model);

    public WireTarget Target(ModelTarget model, CallerApi api, bool stream) =>
        new(api == CallerApi.CountTokens ? "/v1/messages/count_tokens" : "/v1/messages", MessagesSupport.Accept(stream))
        {
            Headers = [new("anthropic-version", "2023-06-01")],
        };

    public Failure? Refuse(ChatCall call, ModelTarget model) => MessagesSupport.Refuse(call, model);

    public ImmutableArray<string> Warnings(ChatCall call, ModelTarget model) => MessagesSupport.Warnings(call, model);

    public void WriteRequest(ChatCall call, ModelTarget model, int round, IBufferWriter<byte> body)
    {
        if (MessagesSupport.IsSameWire(call)) MessagesCopy.WithModel(call.Original!, model.Model, body); // A same-wire call has its bytes.
        else MessagesRequestWriter.Write(call, model, MessagesDoor.Anthropic, body);
    }

    public ChatAnswerReader CreateReader(ChatCall call, ModelTarget model, int round, bool stream) => MessagesSupport.Reader(call, stream, Failures);

    public Failure ReadFailure(int status, IWireHeaders headers, ReadOnlySpan<byte> body) => Failures.Read(status, headers, body);
}
