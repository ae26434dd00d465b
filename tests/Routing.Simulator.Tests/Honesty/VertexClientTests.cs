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
}
