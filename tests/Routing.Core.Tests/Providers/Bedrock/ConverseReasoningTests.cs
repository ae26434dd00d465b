using Routing.Core.Llm;
using Routing.Core.Providers;

namespace Routing.Core.Tests.Providers.Bedrock;

/// <summary>How a wish for reasoning is said to each maker's models.</summary>
public sealed class ConverseReasoningTests
{
    private const string Claude37 = "us.anthropic.claude-3-7-sonnet-20250219-v1:0";
    private const string Sonnet45 = "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0";
    private const string Opus46 = "global.anthropic.claude-opus-4-6-v1";
    private const string Opus47 = "anthropic.claude-opus-4-7";
    private const string Opus5 = "anthropic.claude-opus-5";

    [Theory]
    [InlineData(Claude37, null, 2000, ""","additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":2000}}""")]
    [InlineData(Sonnet45, "minimal", null, ""","additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":1024}}""")]
    [InlineData(Sonnet45, "low", null, ""","additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":2000}}""")]
    [InlineData(Sonnet45, "medium", null, ""","additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":5000}}""")]
    [InlineData(Sonnet45, "high", null, ""","additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":8000}}""")]
    [InlineData(Sonnet45, "xhigh", null, ""","additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":9000}}""")]
    [InlineData(Sonnet45, "none", null, "")]
    [InlineData(Opus46, null, 2000, ""","additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":2000}}""")]
    [InlineData(Opus46, "xhigh", null, ""","additionalModelRequestFields":{"thinking":{"type":"adaptive","display":"summarized"}},"outputConfig":{"effort":"high"}""")]
    [InlineData(Opus47, "minimal", null, ""","additionalModelRequestFields":{"thinking":{"type":"adaptive","display":"summarized"}},"outputConfig":{"effort":"low"}""")]
    [InlineData(Opus47, "xhigh", null, ""","additionalModelRequestFields":{"thinking":{"type":"adaptive","display":"summarized"}},"outputConfig":{"effort":"xhigh"}""")]
    [InlineData(Opus47, null, 4096, ""","additionalModelRequestFields":{"thinking":{"type":"adaptive","display":"summarized"}},"outputConfig":{"effort":"low"}""")]
    [InlineData(Opus47, null, 16384, ""","additionalModelRequestFields":{"thinking":{"type":"adaptive","display":"summarized"}},"outputConfig":{"effort":"medium"}""")]
    [InlineData(Opus5, null, 32000, ""","additionalModelRequestFields":{"thinking":{"type":"adaptive","display":"summarized"}},"outputConfig":{"effort":"high"}""")]
    [InlineData(Opus5, "none", null, "")]
    [InlineData("us.amazon.nova-2-lite-v1:0", "minimal", null, ""","additionalModelRequestFields":{"reasoningConfig":{"type":"enabled","maxReasoningEffort":"low"}}""")]
    [InlineData("us.amazon.nova-2-lite-v1:0", "medium", null, ""","additionalModelRequestFields":{"reasoningConfig":{"type":"enabled","maxReasoningEffort":"medium"}}""")]
    [InlineData("openai.gpt-oss-120b-1:0", "xhigh", null, ""","additionalModelRequestFields":{"reasoning_effort":"high"}""")]
    public void WriteRequest_Reasoning_IsTheMakersOwn(string model, string? effort, int? budget, string expected) => Assert.Equal(
        """{"messages":[{"role":"user","content":[{"text":"Hi"}]}],"inferenceConfig":{"maxTokens":10000}""" + expected + "}",
        Calls.Written(Adapter, Target(model), new ChatRequest
        {
            Messages = [ChatMessage.Of(ChatRole.User, "Hi")], MaxOutputTokens = 10000, Reasoning = new Reasoning(effort, budget),
        }));

    [Theory]
    [InlineData(Sonnet45, null, "\"temperature\":0.5}")]
    [InlineData(Sonnet45, 1024, "\"maxTokens\":4096}")]
    [InlineData(Opus47, null, "\"maxTokens\":4096}")]
    [InlineData("us.amazon.nova-pro-v1:0", null, "\"temperature\":0.5,\"topP\":0.5}")]
    public void WriteRequest_Sampling_IsWhatTheModelTakes(string model, int? budget, string sent) => Assert.Contains(
        sent, Calls.Written(Adapter, Target(model), new ChatRequest
        {
            Messages = [ChatMessage.Of(ChatRole.User, "Hi")], MaxOutputTokens = 4096, Temperature = 0.5, TopP = 0.5, Reasoning = budget is null ? null : new Reasoning(null, budget),
        }), StringComparison.Ordinal);

    [Theory]
    [InlineData(Sonnet45, "", "effort not sent; this model has none apart from its thinking")]
    [InlineData(Opus46, ""","outputConfig":{"effort":"low"}""", "")]
    [InlineData(Opus5, ""","outputConfig":{"effort":"low"}""", "")]
    public void WriteRequest_EffortAlone_DoesNotMakeClaudeThink(string model, string sent, string warnings)
    {
        var call = Calls.Of(new ChatRequest { Messages = [ChatMessage.Of(ChatRole.User, "Hi")], MaxOutputTokens = 10000, Reasoning = new Reasoning("low", null, Show: false) { Thinks = false } });
        Assert.Equal("""{"messages":[{"role":"user","content":[{"text":"Hi"}]}],"inferenceConfig":{"maxTokens":10000}""" + sent + "}", Calls.Written(Adapter, Target(model), call));
        Assert.Equal(warnings, string.Join('|', Adapter.Warnings(call, Target(model))));
    }

    [Fact]
    public void WriteRequest_ReasoningNobodyWantsToSee_IsNotAskedFor() => Assert.Contains(
        "\"thinking\":{\"type\":\"adaptive\"}",
        Calls.Written(Adapter, Target(Opus47), new ChatRequest { Messages = [ChatMessage.Of(ChatRole.User, "Hi")], Reasoning = new Reasoning("low", null, Show: false) }), StringComparison.Ordinal);

    // The model endpoint's limit, 4096, is for the answer.
    [Theory]
    [InlineData(Sonnet45, "high", """{"maxTokens":7372},"additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":3276}}}""")]
    [InlineData(Opus47, "low", """{"maxTokens":5120},"additionalModelRequestFields":{"thinking":{"type":"adaptive","display":"summarized"}},"outputConfig":{"effort":"low"}}""")]
    [InlineData(Opus47, "none", """{"maxTokens":4096}}""")]
    [InlineData("openai.gpt-oss-120b-1:0", "high", """{"maxTokens":4096},"additionalModelRequestFields":{"reasoning_effort":"high"}}""")]
    public void WriteRequest_NoLimitOfTheCaller_ThinkingHasRoomBesideTheAnswer(string model, string effort, string expected) => Assert.EndsWith(
        "\"inferenceConfig\":" + expected,
        Calls.Written(Adapter, Target(model), new ChatRequest { Messages = [ChatMessage.Of(ChatRole.User, "Hi")], Reasoning = new Reasoning(effort, null) }), StringComparison.Ordinal);

    [Theory]
    [InlineData(Sonnet45)]
    [InlineData(Opus47)]
    [InlineData("us.amazon.nova-2-lite-v1:0")]
    [InlineData("openai.gpt-oss-120b-1:0")]
    public void Refuse_UnknownEffort_IsNeverTheDearest(string model)
    {
        var failure = Adapter.Refuse(Calls.Of(new ChatRequest { Messages = [ChatMessage.Of(ChatRole.User, "Hi")], Reasoning = new Reasoning("hgih", null) }), Target(model));
        Assert.Equal(("reasoning_effort", "'hgih' is no reasoning effort that this model knows."), (failure?.Param, failure?.Message));
    }

    [Theory]
    [InlineData(Claude37, true, true)]
    [InlineData(Opus5, true, true)]
    [InlineData("us.amazon.nova-2-lite-v1:0", true, false)]
    [InlineData("openai.gpt-oss-120b-1:0", true, false)]
    [InlineData("anthropic.claude-3-5-sonnet-20240620-v1:0", false, false)]
    [InlineData("anthropic.claude-v2:1", false, false)]
    [InlineData("amazon.nova-pro-v1:0", false, false)]
    [InlineData("meta.llama4-scout-17b-instruct-v1:0", false, false)]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc", false, false)]
    public void Support_Reasoning_OnlyWhereWeKnowHow(string model, bool effort, bool budget)
    {
        var carries = Adapter.Support(CallerApi.Messages, Target(model)).Carries;
        Assert.Equal((effort, budget), (carries.HasFlag(Capabilities.Reasoning), carries.HasFlag(Capabilities.ReasoningBudget)));
    }

    private static IProviderAdapter Adapter => ProviderAdapters.Of(ProviderKind.Bedrock);

    private static ModelTarget Target(string model) => new(model, "us-east-1", "", "", 4096);
}
