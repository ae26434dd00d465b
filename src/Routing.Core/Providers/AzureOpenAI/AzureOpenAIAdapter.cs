using System.Buffers;
using System.Collections.Immutable;
using Routing.Core.Llm;
using Routing.Core.Providers.OpenAI;
using Routing.Core.Snapshots;

namespace Routing.Core.Providers.AzureOpenAI;

/// <summary>Azure OpenAI: OpenAI's wire at deployment paths (with an <c>api-version</c>) or at the v1 path (without).</summary>
internal sealed class AzureOpenAIAdapter : IProviderAdapter
{
    public static readonly AzureOpenAIAdapter Instance = new();

    // Version 2026-11 of the hints: Azure tells its 429s, and a blocked account from a missing permission, apart by text only.
    private static readonly OpenAIFailureTable Failures = new("Azure OpenAI",
    [
        ("high demand", FailureKind.CapacityExhausted),
        ("temporarily unable", FailureKind.CapacityExhausted),
        ("switching to Provisioned", FailureKind.RateLimited), // The advice under a plain limit.
        ("provisioned", FailureKind.ReservedExhausted),
        ("Rate limit is exceeded", FailureKind.RateLimited),
        ("have been limited", FailureKind.RateLimited),
        ("exceeded your current quota", FailureKind.SpendLimit),
        ("spending limit", FailureKind.SpendLimit),
        ("subscription is disabled", FailureKind.SpendLimit),
    ]);

    public ProviderKind Kind => ProviderKind.AzureOpenAI;

    public WireSupport Support(CallerApi api, ModelTarget model) => OpenAISupport.Of(api, model);

    public WireTarget Target(ModelTarget model, CallerApi api, bool stream) => new(
        model.ApiVersion.Length == 0
            ? "/openai/v1" + OpenAISupport.Path(api, model)
            : $"/openai/deployments/{Uri.EscapeDataString(model.Model)}{OpenAISupport.Path(api, model)}?api-version={Uri.EscapeDataString(model.ApiVersion)}",
        OpenAISupport.Accept(stream));

    public Failure? Refuse(ChatCall call, ModelTarget model) => OpenAISupport.Refuse(call, model);

    public ImmutableArray<string> Warnings(ChatCall call, ModelTarget model) => OpenAISupport.Warnings(call, model);

    public void WriteRequest(ChatCall call, ModelTarget model, int round, IBufferWriter<byte> body) => OpenAIRequestWriter.Write(call, model, body);

    public ChatAnswerReader CreateReader(ChatCall call, ModelTarget model, int round, bool stream) => OpenAISupport.Reader(call, model, stream, Failures);

    public Failure ReadFailure(int status, IWireHeaders headers, ReadOnlySpan<byte> body) => Failures.Read(status, headers, body);

    public Failure ReadFailure(ModelTarget model, int status, IWireHeaders headers, ReadOnlySpan<byte> body) =>
        Failures.Read(status, headers, body, reserved: model.CapacityClass == CapacityClass.Reserved);
}
