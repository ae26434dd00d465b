using Routing.Core.Llm;
using Routing.Edge.Anthropic;
using Routing.Edge.OpenAI;

namespace Routing.Edge.Tests.OpenAI;

/// <summary>What of a caller's own bytes is noticed as not for every provider of its wire; and that it gets there without.</summary>
public sealed class RewritesTests
{
    private const string Foreign = """{"type":"thinking","thinking":"a","signature":"gemini:c2ln"},""";

    [Theory]
    [InlineData("""{"role":"assistant","content":"x"}""", Rewrites.None)]
    [InlineData("""{"role":"assistant","content":"{}","parsed":{}}""", Rewrites.HelperMembers)]
    [InlineData("""{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}","parsed_arguments":{}}}]}""", Rewrites.HelperMembers)]
    [InlineData("""{"role":"assistant","tool_calls":[{"id":"01234567890123456789012345678901234567890","type":"function","function":{"name":"f","arguments":"{}"}}]}""", Rewrites.LongCallIds)]
    [InlineData("""{"role":"assistant","content":"x","thinking_blocks":[{"type":"thinking","thinking":"a","signature":"s"}]}""", Rewrites.ForeignReasoning)]
    [InlineData("""{"role":"assistant","content":"x","reasoning_content":"hm"}""", Rewrites.Extensions)]
    [InlineData("""{"role":"assistant","content":[{"type":"text","text":"x","cache_control":{"type":"ephemeral"}}],"reasoning":""}""", Rewrites.Extensions)]
    public void TryRead_Chat_NoticesWhatIsNotForEveryProvider(string message, Rewrites expected)
    {
        Assert.True(ChatCompletionReader.TryRead(Json($$"""{"model":"f","messages":[{{message}},{"role":"user","content":"x"}]}"""), out var call, out _));
        Assert.Equal((expected, false), (call.Original!.Rewrites, call.Needs.HasFlag(Capabilities.SameWireFields)));
    }

    [Fact]
    public void TryRead_BothLimits_OneValueIsTakenAndTwoAreRefused()
    {
        Assert.True(ChatCompletionReader.TryRead(Json(EdgeFixture.Body(false, ",\"max_tokens\":5,\"max_completion_tokens\":5")), out var call, out _));
        Assert.Equal((Rewrites.BothLimits, 5), (call.Original!.Rewrites, call.MaxOutputTokens));
        Assert.False(ChatCompletionReader.TryRead(Json(EdgeFixture.Body(false, ",\"max_tokens\":5,\"max_completion_tokens\":6")), out _, out var failure));
        Assert.Equal((FailureKind.InvalidRequest, "'max_tokens' is 5 and 'max_completion_tokens' is 6: both name one limit. Send one of them."), (failure.Kind, failure.Message));
    }

    [Theory]
    [InlineData("s", Rewrites.None)]
    [InlineData("", Rewrites.ForeignReasoning)]
    [InlineData("gemini:s", Rewrites.ForeignReasoning)]
    public void TryRead_Messages_NoticesThinkingOfOtherModels(string signature, Rewrites expected)
    {
        Assert.True(MessagesReader.TryRead(Json(Messages(Foreign.Replace("gemini:c2ln", signature, StringComparison.Ordinal))), out var call, out _));
        Assert.Equal(expected, call.Original!.Rewrites);
    }

    [Theory]
    [InlineData(Foreign, "earlier reasoning of other models not sent")]
    [InlineData("", null)]
    public async Task Messages_BackAtClaude_GoWithoutOtherModelsThinkingAndSaySo(string thinking, string? warning)
    {
        await using var edge = await EdgeFixture.StartAsync();
        edge.Provider.OnStatus("claude-x", 200, """{"id":"m1","type":"message","role":"assistant","content":[{"type":"text","text":"x"}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}""");
        using var response = await edge.PostAsync("/v1/messages", Messages(thinking).Replace("\"f\"", "\"translated\"", StringComparison.Ordinal));
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(warning, response.Headers.TryGetValues("x-route-warnings", out var values) ? string.Join(",", values) : null);
        Assert.Equal(Messages("").Replace("\"f\"", "\"claude-x\"", StringComparison.Ordinal), Assert.Single(edge.Provider.Bodies));
    }

    private static string Messages(string thinking) =>
        $$"""{"model":"f","max_tokens":9,"messages":[{"role":"user","content":"a"},{"role":"assistant","content":[{{thinking}}{"type":"text","text":"b"}]},{"role":"user","content":"c"}]}""";

    private static byte[] Json(string json) => System.Text.Encoding.UTF8.GetBytes(json);
}
