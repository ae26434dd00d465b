using System.Text.Json;

namespace Routing.Simulator.Tests.Honesty;

/// <summary>Anthropic's own clients, directly and on Vertex.</summary>
public sealed class AnthropicClientTests(NodeClients clients) : IClassFixture<NodeClients>
{
    [Theory]
    [InlineData("unary", "anthropic", "default")]
    [InlineData("stream", "anthropic", "default")]
    [InlineData("vertexUnary", "vertex", "us-east5")]
    [InlineData("vertexStream", "vertex", "us-east5")]
    public async Task Messages_AnthropicClient_UsageAsInLog(string scenario, string wire, string region)
    {
        var answer = (await clients.ReportOf("anthropic.mjs")).GetProperty(scenario);
        var usage = answer.GetProperty("usage");
        var call = clients.Simulator.Logged(answer.GetProperty("id").GetString()!); // An id is a text.

        Assert.Equal("end_turn", answer.GetProperty("stopReason").GetString());
        Assert.Equal((wire, region, "claude-sonnet-4-5", "completed"), (call.Wire, call.Region, call.Model, call.Outcome));
        Assert.Equal((call.InputTokens, call.OutputTokens), (usage.GetProperty("input_tokens").GetInt32(), usage.GetProperty("output_tokens").GetInt32()));
    }

    [Theory]
    [InlineData("unary", "stream")]
    [InlineData("vertexUnary", "vertexStream")]
    public async Task Messages_Streamed_ConcatenationIsUnaryText(string unary, string stream)
    {
        var report = await clients.ReportOf("anthropic.mjs");

        Assert.Equal(report.GetProperty(unary).GetProperty("text").GetString(), report.GetProperty(stream).GetProperty("text").GetString());
        Assert.Equal("""["message_start","content_block_start","content_block_delta","content_block_stop","message_delta","message_stop"]""", report.GetProperty(stream).GetProperty("events").GetRawText());
    }

    [Theory]
    [InlineData("conversation")]
    [InlineData("vertexConversation")]
    public async Task Messages_ThinkingToolsAndResults_AnswerQuotesThem(string scenario)
    {
        var conversation = (await clients.ReportOf("anthropic.mjs")).GetProperty(scenario);

        Assert.Equal("""["thinking","text","tool_use","tool_use"]""", conversation.GetProperty("blocks").GetRawText());
        Assert.All(conversation.GetProperty("inputs").EnumerateArray(), i => Assert.Equal(JsonValueKind.Number, i.GetProperty("limit").ValueKind));
        Assert.Equal("tool_use", conversation.GetProperty("stopReason").GetString());
        Assert.StartsWith("According to the tools: find says 42; count says 42.", conversation.GetProperty("answer").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("count", "unary")]
    [InlineData("vertexCount", "vertexUnary")]
    public async Task CountTokens_SameMessages_AsTheAnswerSays(string count, string unary)
    {
        var report = await clients.ReportOf("anthropic.mjs");

        Assert.Equal(report.GetProperty(unary).GetProperty("usage").GetProperty("input_tokens").GetInt32(), report.GetProperty(count).GetProperty("input_tokens").GetInt32());
    }

    [Fact]
    public async Task Models_WithVersionHeader_AreAnthropics() => Assert.Equal("""["claude-sonnet-4-5"]""", (await clients.ReportOf("anthropic.mjs")).GetProperty("models").GetRawText());

    [Fact]
    public async Task Messages_Image_IsTaken() => Assert.True((await clients.ReportOf("anthropic.mjs")).GetProperty("image").GetInt32() > 258);

    [Fact]
    public async Task Messages_MaxTokens_StopsThere()
    {
        var stopped = (await clients.ReportOf("anthropic.mjs")).GetProperty("stop");

        Assert.Equal(("max_tokens", 5), (stopped.GetProperty("stopReason").GetString(), stopped.GetProperty("usage").GetProperty("output_tokens").GetInt32()));
    }

    [Theory]
    [InlineData("wrongKey", 401, "authentication_error")]
    [InlineData("throttled", 429, "rate_limit_error")]
    [InlineData("inBand", null, "api_error")]
    public async Task Messages_Failure_SdkKnowsItsType(string scenario, int? status, string type)
    {
        var failure = (await clients.ReportOf("anthropic.mjs")).GetProperty(scenario);

        Assert.Equal(status, failure.TryGetProperty("status", out var told) && told.ValueKind == JsonValueKind.Number ? told.GetInt32() : null);
        Assert.Equal(type, failure.GetProperty("type").GetString());
    }

    [Fact]
    public async Task Messages_BlockedPrompt_IsARefusal() => Assert.Equal("refusal", (await clients.ReportOf("anthropic.mjs")).GetProperty("blocked").GetString());

    [Fact]
    public async Task RawPredict_WrongToken_GoogleRefuses() => Assert.Equal(401, (await clients.ReportOf("anthropic.mjs")).GetProperty("vertexWrongToken").GetProperty("status").GetInt32());
}
