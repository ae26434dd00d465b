using System.Buffers;
using System.Collections.Immutable;
using Routing.Core.Llm;

namespace Routing.Core.Providers.OpenAI;

/// <summary>OpenAI itself and whatever speaks its chat completions: a caller's own wire goes through, calls of other APIs are built in it.</summary>
internal sealed class OpenAICompatibleAdapter : IProviderAdapter
{
    public static readonly OpenAICompatibleAdapter Instance = new();

    private static readonly OpenAIFailureTable Failures = new("The provider", []);

    public ProviderKind Kind => ProviderKind.OpenAICompatible;

    public WireSupport Support(CallerApi api, ModelTarget model) => OpenAISupport.Of(api, model);

    public WireTarget Target(ModelTarget model, CallerApi api, bool stream) => new(model.Quirks.BasePath + OpenAISupport.Path(api, model), OpenAISupport.Accept(stream));

    public Failure? Refuse(ChatCall call, ModelTarget model) => OpenAISupport.Refuse(call, model);

    public ImmutableArray<string> Warnings(ChatCall call, ModelTarget model) => OpenAISupport.Warnings(call, model);

    public void WriteRequest(ChatCall call, ModelTarget model, int round, IBufferWriter<byte> body) => OpenAIRequestWriter.Write(call, model, body);

    public ChatAnswerReader CreateReader(ChatCall call, ModelTarget model, int round, bool stream) => OpenAISupport.Reader(call, model, stream, Failures);

    public Failure ReadFailure(int status, IWireHeaders headers, ReadOnlySpan<byte> body) => Failures.Read(status, headers, body);
}
