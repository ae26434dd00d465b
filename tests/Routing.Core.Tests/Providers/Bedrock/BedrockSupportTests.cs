using System.Collections.Immutable;
using Routing.Core.Llm;
using Routing.Core.Providers;
using Routing.Core.Snapshots;

namespace Routing.Core.Tests.Providers.Bedrock;

/// <summary>What is carried, what only nearly, and what is refused before it is sent.</summary>
public sealed class BedrockSupportTests
{
    private const string Sonnet = "anthropic.claude-sonnet-4-5-20250929-v1:0";
    private const string Llama = "meta.llama4-scout-17b-instruct-v1:0";
    private const string Profile = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc";

    [Theory]
    [InlineData(CallerApi.ChatCompletions)]
    [InlineData(CallerApi.Responses)]
    [InlineData(CallerApi.Messages)]
    public void Support_EveryChatApi_IsTranslated(CallerApi api)
    {
        var carries = Adapter.Support(api, Target(Sonnet)).Carries;
        Assert.True(carries.HasFlag(Capabilities.Tools | Capabilities.Vision | Capabilities.Documents | Capabilities.JsonSchema | Capabilities.ToolChoiceForced
            | Capabilities.SerialToolCalls | Capabilities.TopK | Capabilities.AssistantPrefill | Capabilities.ReasoningHistory | Capabilities.CacheControl));
        Assert.Equal(Capabilities.None, carries & (Capabilities.JsonObject | Capabilities.ImageUrls | Capabilities.Seed | Capabilities.Penalties | Capabilities.Logprobs
            | Capabilities.MultipleChoices | Capabilities.LogitBias | Capabilities.Verbosity | Capabilities.Audio | Capabilities.SameWireFields | Capabilities.Embeddings));
    }

    [Theory]
    [InlineData(Llama, ModelFamily.Chat, false)]
    [InlineData(Profile, ModelFamily.Chat, false)]
    [InlineData(Profile, ModelFamily.Claude, true)]
    [InlineData("anthropic.claude-opus-4-7", ModelFamily.Chat, false)]
    public void Support_TopK_OfAnthropicsModelsThatTakeIt(string model, ModelFamily family, bool expected) =>
        Assert.Equal(expected, Adapter.Support(CallerApi.Messages, Target(model) with { Family = family }).Carries.HasFlag(Capabilities.TopK));

    [Theory]
    [InlineData(Sonnet, ModelFamily.Chat, true)]
    [InlineData("anthropic.claude-opus-5", ModelFamily.Chat, true)]
    [InlineData("anthropic.claude-3-7-sonnet-20250219-v1:0", ModelFamily.Chat, false)]
    [InlineData("openai.gpt-oss-120b-1:0", ModelFamily.Chat, true)]
    [InlineData("qwen.qwen3-32b-v1:0", ModelFamily.Chat, true)]
    [InlineData("mistral.mistral-large-3-675b-instruct", ModelFamily.Chat, true)]
    [InlineData("us.mistral.pixtral-large-2502-v1:0", ModelFamily.Chat, false)]
    [InlineData("us.amazon.nova-2-lite-v1:0", ModelFamily.Chat, false)]
    [InlineData(Llama, ModelFamily.Chat, false)]
    [InlineData(Profile, ModelFamily.Chat, false)]
    [InlineData(Profile, ModelFamily.Claude, true)]
    public void Support_Schemas_OfModelsThatBedrockHoldsToOne(string model, ModelFamily family, bool expected) => Assert.Equal(
        expected ? Capabilities.JsonSchema | Capabilities.StrictTools : Capabilities.None,
        Adapter.Support(CallerApi.ChatCompletions, Target(model) with { Family = family }).Carries & (Capabilities.JsonSchema | Capabilities.StrictTools));

    [Theory]
    [InlineData(CallerApi.Embeddings, ModelFamily.Chat)]
    [InlineData(CallerApi.ChatCompletions, ModelFamily.TitanEmbedding)]
    [InlineData(CallerApi.Messages, ModelFamily.CohereEmbedding)]
    public void Support_OtherApis_IsNone(CallerApi api, ModelFamily family) =>
        Assert.Equal(Capabilities.None, Adapter.Support(api, Target(Sonnet) with { Family = family }).Carries);

    [Theory]
    [InlineData(Sonnet, CapacityClass.OnDemand, Capabilities.HighTemperature, "temperature lowered to 1")]
    [InlineData(Sonnet, CapacityClass.OnDemand, Capabilities.ToolChoiceNone, "tools not sent for tool_choice none")]
    [InlineData(Sonnet, CapacityClass.OnDemand, Capabilities.Reasoning, "reasoning effort sent as a thinking budget")]
    [InlineData(Sonnet, CapacityClass.OnDemand, Capabilities.CacheControl, null)]
    [InlineData(Sonnet, CapacityClass.OnDemand, Capabilities.ServiceTier, null)]
    [InlineData(Sonnet, CapacityClass.Flex, Capabilities.ServiceTier, "service_tier decided by the model endpoint")]
    [InlineData(Llama, CapacityClass.OnDemand, Capabilities.CacheControl, "cache_control not sent")]
    [InlineData(Llama, CapacityClass.OnDemand, Capabilities.ToolErrors, "tool errors sent as plain results")]
    [InlineData("amazon.nova-pro-v1:0", CapacityClass.OnDemand, Capabilities.CacheControl, "cache_control sent without ttl and not on tools")]
    [InlineData("anthropic.claude-opus-4-7", CapacityClass.OnDemand, Capabilities.ReasoningBudget, "thinking budget sent as an effort")]
    public void Support_Approximation_IsTold(string model, CapacityClass bought, Capabilities need, string? warning)
    {
        var support = Adapter.Support(CallerApi.ChatCompletions, Target(model) with { CapacityClass = bought });
        Assert.True(support.Carries.HasFlag(need));
        Assert.Equal(warning, support.Approximations.Where(a => a.Need == need).Select(a => a.Warning).SingleOrDefault());
        Assert.All(support.Approximations, a => Assert.False(a.Warning.Contains(',', StringComparison.Ordinal) || !support.Carries.HasFlag(a.Need)));
    }

    public static TheoryData<string, ChatRequest> Refused => new()
    {
        { "messages", With(new ImagePart("image/tiff", "AA==")) },
        { "messages", With(new DocumentPart("application/zip", "AA==", "x")) },
        { "messages", With(new ToolCallPart("c", "now", "[1]")) with { Tools = [Now] } },
        { "messages", With(new ToolCallPart("c", "now", """{"city":""")) with { Tools = [Now] } },
        { "messages", With(new ToolCallPart("c", "now", "{} {}")) with { Tools = [Now] } },
        { "messages", With(new ToolResultPart("c", "now", [new ImagePart("image/bmp", "AA==")], IsError: false)) with { Tools = [Now] } },
        { "max_tokens", Hi with { MaxOutputTokens = 1024, Reasoning = new Reasoning("low", null) } },
        { "tool_choice", Hi with { Reasoning = new Reasoning(null, 2048), Tools = [Now], ToolChoice = new ToolChoice(ToolChoiceMode.Required) } },
        { "metadata", Hi with { Metadata = Pairs(17) } },
        { "metadata", Hi with { Metadata = Pairs(16), EndUser = "u" } },
        { "metadata", Hi with { Metadata = Pairs(1).Add("schlüssel", "x") } },
        { "metadata", Hi with { Metadata = Pairs(1).Add("end_user", "x"), EndUser = "u" } },
        { "service_tier", Hi with { ServiceTier = "scale" } },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Refuse_WhatConverseHasNoPlaceFor_NamesTheField(string param, ChatRequest request)
    {
        var failure = Adapter.Refuse(Calls.Of(request), Target(Sonnet));
        Assert.Equal((FailureKind.CapabilityUnsupported, param, 0), (failure!.Kind, failure.Param, failure.HttpStatus));
        Assert.True(failure.Rule is { FailsOver: true, Health: HealthEffect.Ignored });
    }

    public static TheoryData<ChatRequest> Taken => new()
    {
        Calls.Conversation,
        With(new ImagePart("image/webp", "AA=="), new DocumentPart("text/plain", "AA==", "x"), new ToolCallPart("c", "now", " ")) with { Tools = [Now] },
        Hi with { MaxOutputTokens = 1025, Reasoning = new Reasoning("low", null), Metadata = Pairs(16), ServiceTier = "flex" },
        Hi with { MaxOutputTokens = 10, Reasoning = new Reasoning("none", null) },
        With(new ToolCallPart("c", "now", "{}")),
        With(new ToolResultPart("c", "now", [], IsError: false)) with { Tools = [Now], ToolChoice = new ToolChoice(ToolChoiceMode.None) },
    };

    [Theory]
    [MemberData(nameof(Taken))]
    public void Refuse_WhatConverseTakes_IsNull(ChatRequest request) => Assert.Null(Adapter.Refuse(Calls.Of(request), Target(Sonnet)));

    [Theory]
    [InlineData("medium", null)]
    [InlineData("high", "reasoning_effort")]
    [InlineData("max", "reasoning_effort")]
    public void Refuse_EffortThatNovaTakesOnlyWithoutALimit_NamesTheField(string effort, string? param) =>
        Assert.Equal(param, Adapter.Refuse(Calls.Of(Hi with { Reasoning = new Reasoning(effort, null) }), Target("us.amazon.nova-2-lite-v1:0"))?.Param);

    private static readonly ChatRequest Hi = With(new TextPart("Hi"));
    private static readonly ToolDefinition Now = new("now", "", null, Strict: false);

    private static IProviderAdapter Adapter => ProviderAdapters.Of(ProviderKind.Bedrock);

    private static ModelTarget Target(string model) => new(model, "us-east-1", "", "", 4096);

    private static ChatRequest With(params ContentPart[] parts) => new() { Messages = [new ChatMessage(ChatRole.User, [.. parts])] };

    private static ImmutableDictionary<string, string> Pairs(int count) => Enumerable.Range(0, count).ToImmutableDictionary(i => $"k{i}", i => $"v{i}", StringComparer.Ordinal);
}
