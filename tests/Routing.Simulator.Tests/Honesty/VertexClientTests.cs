using System.Text.Json;

namespace Routing.Simulator.Tests.Honesty;

public sealed class VertexClientTests(NodeClients clients) : IClassFixture<NodeClients>
{
    [Fact]
    public async Task GenerateContent_GoogleClient_AnswerAndUsageAsInLog()
    {
        var unary = (await clients.ReportOf("vertex.mjs")).GetProperty("unary");
        var usage = unary.GetProperty("usage");
        var call = clients.Simulator.Logged(unary.GetProperty("responseId").GetString()!);

        Assert.Equal("STOP", unary.GetProperty("finishReason").GetString());
        Assert.Equal(("vertex", "us-east5", "gemini-2.5-flash", "completed", SimulatorFixture.Account), (call.Wire, call.Region, call.Model, call.Outcome, call.Principal));
        Assert.Equal(call.InputTokens, usage.GetProperty("promptTokenCount").GetInt32());
        Assert.Equal(call.OutputTokens, usage.GetProperty("candidatesTokenCount").GetInt32());
        Assert.Equal(call.InputTokens + call.OutputTokens, usage.GetProperty("totalTokenCount").GetInt32());
        Assert.Equal("ON_DEMAND", usage.GetProperty("trafficType").GetString());
    }

    [Fact]
    public async Task StreamGenerateContent_GoogleClient_ConcatenationIsUnaryText()
    {
        var report = await clients.ReportOf("vertex.mjs");
        var (unary, stream) = (report.GetProperty("unary"), report.GetProperty("stream"));

        Assert.True(stream.GetProperty("chunks").GetInt32() > 2);
        Assert.Equal(unary.GetProperty("text").GetString(), stream.GetProperty("text").GetString());
        Assert.Equal(unary.GetProperty("usage").GetProperty("totalTokenCount").GetInt32(), stream.GetProperty("usage").GetProperty("totalTokenCount").GetInt32());
    }

    [Fact]
    public async Task CountTokens_GoogleClient_AsTheAnswersSay()
    {
        var report = await clients.ReportOf("vertex.mjs");
        var all = report.GetProperty("countAll");

        Assert.Equal(report.GetProperty("unary").GetProperty("usage").GetProperty("promptTokenCount").GetInt32(), report.GetProperty("count").GetInt32());
        Assert.Equal(all[1].GetInt32(), all[0].GetInt32());
        Assert.True(all[0].GetInt32() > report.GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task StreamGenerateContent_MaxTokens_StopsThere()
    {
        var stream = (await clients.ReportOf("vertex.mjs")).GetProperty("maxTokens");

        Assert.Equal("MAX_TOKENS", stream.GetProperty("finishReason").GetString());
        Assert.Equal(5, stream.GetProperty("usage").GetProperty("candidatesTokenCount").GetInt32());
    }

    [Fact]
    public async Task StreamGenerateContent_Thinking_CountsThoughtsApart()
    {
        var report = await clients.ReportOf("vertex.mjs");
        var usage = report.GetProperty("thoughts").GetProperty("usage");

        Assert.Equal(10, usage.GetProperty("thoughtsTokenCount").GetInt32());
        Assert.Equal(usage.GetProperty("promptTokenCount").GetInt32() + usage.GetProperty("candidatesTokenCount").GetInt32() + 10, usage.GetProperty("totalTokenCount").GetInt32());
        Assert.Equal(report.GetProperty("unary").GetProperty("text").GetString(), report.GetProperty("thoughts").GetProperty("text").GetString());
    }

    [Fact]
    public async Task GenerateContent_ForcedFunction_CallsIt() =>
        Assert.Equal("find", (await clients.ReportOf("vertex.mjs")).GetProperty("tool")[0].GetProperty("name").GetString());

    [Fact]
    public async Task GenerateContent_UnknownAccount_TokenIsRefused() =>
        Assert.Contains("account not found", (await clients.ReportOf("vertex.mjs")).GetProperty("wrongAccount").GetProperty("message").GetString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("throttled", 429, "RESOURCE_EXHAUSTED")]
    [InlineData("inBand", 500, "INTERNAL")]
    public async Task GenerateContent_Fault_SdkReportsIt(string scenario, int status, string word)
    {
        var failure = (await clients.ReportOf("vertex.mjs")).GetProperty(scenario);

        Assert.Equal(status, failure.GetProperty("status").GetInt32());
        Assert.Contains(word, failure.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GenerateContent_BlockedPrompt_SaysWhy() =>
        Assert.Equal("PROHIBITED_CONTENT", (await clients.ReportOf("vertex.mjs")).GetProperty("blocked").GetProperty("blockReason").GetString());

    [Fact]
    public async Task GenerateContent_ToolsThoughtsAndResults_AnswerQuotesThem()
    {
        var conversation = (await clients.ReportOf("vertex.mjs")).GetProperty("conversation");

        Assert.Equal("find count", string.Join(' ', conversation.GetProperty("calls").EnumerateArray().Select(c => c.GetProperty("name").GetString())));
        Assert.All(conversation.GetProperty("calls").EnumerateArray(), c => Assert.Equal(JsonValueKind.Number, c.GetProperty("args").GetProperty("limit").ValueKind));
        Assert.Equal(1, conversation.GetProperty("signed").GetInt32());
        Assert.True(conversation.GetProperty("thoughts").GetInt32() > 0);
        Assert.StartsWith("According to the tools: find says 42; count says 42.", conversation.GetProperty("answer").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("embed", """[{"size":64,"tokens":2},{"size":64,"tokens":1}]""")]
    [InlineData("embedOne", """[{"size":16,"tokens":2}]""")]
    public async Task EmbedContent_ByModel_PredictOrEmbedContent(string scenario, string expected) =>
        Assert.Equal(expected, (await clients.ReportOf("vertex.mjs")).GetProperty(scenario).GetRawText());

    [Fact]
    public async Task GenerateContent_JsonSchema_AnswerSatisfiesIt() =>
        Assert.Equal(JsonValueKind.Number, (await clients.ReportOf("vertex.mjs")).GetProperty("json").GetProperty("total").ValueKind);
}
