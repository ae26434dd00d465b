using System.Buffers;
using System.Collections.Immutable;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Bedrock;

/// <summary>Bedrock's Converse API, which is one wire for the chat models of all makers, its count of tokens, and InvokeModel for embeddings.</summary>
internal sealed class BedrockAdapter : IProviderAdapter
{
    public static readonly BedrockAdapter Instance = new();

    public ProviderKind Kind => ProviderKind.Bedrock;

    public WireSupport Support(CallerApi api, ModelTarget model) => api switch
    {
        CallerApi.ChatCompletions or CallerApi.Responses or CallerApi.Messages or CallerApi.Canonical when model.Family is ModelFamily.Chat or ModelFamily.Claude => ConverseSupport.Of(model),
        CallerApi.CountTokens when model.Family is ModelFamily.Chat or ModelFamily.Claude => ConverseSupport.Counting(model),
        CallerApi.Embeddings when EmbeddingWire.Is(model) => EmbeddingWire.Support(model),
        _ => WireSupport.None,
    };

    // An ARN has slashes and colons: all of it is one escaped segment.
    public WireTarget Target(ModelTarget model, CallerApi api, bool stream)
    {
        var id = api == CallerApi.CountTokens ? BedrockModel.CountedName(model.Model)! : model.Model; // There, or counting is not supported.
        var path = $"/model/{Uri.EscapeDataString(id)}/";
        if (api == CallerApi.CountTokens) return new WireTarget(path + "count-tokens", "application/json");
        if (api == CallerApi.Embeddings) return new WireTarget(path + "invoke", "application/json");
        return stream ? new WireTarget(path + "converse-stream", "application/vnd.amazon.eventstream") : new WireTarget(path + "converse", "application/json");
    }

    public int Rounds(ChatCall call, ModelTarget model) => call.Embedding is { } texts ? EmbeddingWire.Rounds(texts, model) : 1;

    public Failure? Refuse(ChatCall call, ModelTarget model) => call.Embedding is null ? ConverseRefusals.Of(call.Request, model) : null;

    public ImmutableArray<string> Warnings(ChatCall call, ModelTarget model) => call.Embedding is null ? ConverseWarnings.Of(call.Request, BedrockModel.Of(model)) : [];

    public void WriteRequest(ChatCall call, ModelTarget model, int round, IBufferWriter<byte> body)
    {
        if (call.Embedding is { } texts) EmbeddingWire.Write(texts, model, round, body);
        else if (call.Api == CallerApi.CountTokens) ConverseRequestWriter.WriteForCounting(call.Request, model, body);
        else ConverseRequestWriter.Write(call.Request, model, body);
    }

    public ChatAnswerReader CreateReader(ChatCall call, ModelTarget model, int round, bool stream)
    {
        if (call.Api == CallerApi.CountTokens) return new TokenCountReader("inputTokens");
        if (call.Embedding is not { } texts) return stream ? new ConverseEventReader(call, model) : new ConverseAnswerReader(call);
        var (first, count) = EmbeddingWire.RoundOf(texts, model, round).GetOffsetAndLength(texts.Inputs.Length);
        return new EmbeddingAnswerReader(first, count);
    }

    public Failure ReadFailure(int status, IWireHeaders headers, ReadOnlySpan<byte> body) => BedrockFailures.Read(status, headers, body, model: null);

    public Failure ReadFailure(ModelTarget model, int status, IWireHeaders headers, ReadOnlySpan<byte> body) => BedrockFailures.Read(status, headers, body, model);
}
