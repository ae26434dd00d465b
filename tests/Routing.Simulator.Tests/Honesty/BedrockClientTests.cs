using System.Text.Json;

namespace Routing.Simulator.Tests.Honesty;

public sealed class BedrockClientTests(NodeClients clients) : IClassFixture<NodeClients>
{
    private const string Mismatch = "The request signature we calculated does not match the signature you provided.";

    [Fact]
    public async Task Converse_AwsClient_AnswerAndUsageAsInLog()
    {
        var unary = (await clients.ReportOf("bedrock.mjs")).GetProperty("unary");

        Assert.NotEmpty(unary.GetProperty("text").GetString()!);
        Assert.Equal("end_turn", unary.GetProperty("stopReason").GetString());
        AssertUsage(unary);
    }

    [Fact]
    public async Task ConverseStream_AwsClient_ConcatenationIsUnaryText()
    {
        var report = await clients.ReportOf("bedrock.mjs");
        var stream = report.GetProperty("stream");

        Assert.Equal(report.GetProperty("unary").GetProperty("text").GetString(), stream.GetProperty("text").GetString());
        Assert.Equal("""["messageStart","contentBlockDelta","contentBlockStop","messageStop","metadata"]""", stream.GetProperty("events").GetRawText());
        Assert.True(stream.GetProperty("latencyMs").GetInt64() >= 0);
        AssertUsage(stream);
    }

    [Fact]
    public async Task Converse_ProfileArn_Answers() => Assert.NotEmpty((await clients.ReportOf("bedrock.mjs")).GetProperty("arn").GetString()!);

    [Fact]
    public async Task ConverseStream_MaxTokens_StopsThere()
    {
        var stream = (await clients.ReportOf("bedrock.mjs")).GetProperty("maxTokens");

        Assert.Equal("max_tokens", stream.GetProperty("stopReason").GetString());
        Assert.Equal(5, stream.GetProperty("usage").GetProperty("outputTokens").GetInt32());
    }

    [Fact]
    public async Task ConverseStream_ForcedTool_CallsIt()
    {
        var stream = (await clients.ReportOf("bedrock.mjs")).GetProperty("tool");

        Assert.Equal("tool_use", stream.GetProperty("stopReason").GetString());
        Assert.Equal("""{"query":"café"}""", stream.GetProperty("toolInput").GetString());
    }

    [Theory]
    [InlineData("wrongSecret", "InvalidSignatureException", Mismatch)]
    [InlineData("tamperedBody", "InvalidSignatureException", Mismatch)]
    [InlineData("wrongRegion", "InvalidSignatureException", "Credential should be scoped to a valid region.")]
    [InlineData("wrongKey", "UnrecognizedClientException", "The security token included in the request is invalid.")]
    public async Task Converse_BadSignature_SdkReportsIt(string scenario, string name, string message)
    {
        var failure = (await clients.ReportOf("bedrock.mjs")).GetProperty(scenario);

        Assert.Equal(name, failure.GetProperty("name").GetString());
        Assert.StartsWith(message, failure.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(403, failure.GetProperty("status").GetInt32());
        Assert.Equal("refused", clients.Simulator.Logged(failure.GetProperty("requestId").GetString()!).Outcome);
    }

    [Theory]
    [InlineData("throttled", "ThrottlingException")]
    [InlineData("inBand", "InternalServerException")]
    public async Task Converse_Fault_SdkKnowsTheException(string scenario, string name) =>
        Assert.Equal(name, (await clients.ReportOf("bedrock.mjs")).GetProperty(scenario).GetProperty("name").GetString());

    [Fact]
    public async Task ConverseStream_DamagedFrame_SdkRefusesTheChecksum() =>
        Assert.Contains("checksum", (await clients.ReportOf("bedrock.mjs")).GetProperty("damaged").GetProperty("message").GetString(), StringComparison.Ordinal);

    private void AssertUsage(JsonElement answer)
    {
        var usage = answer.GetProperty("usage");
        var call = clients.Simulator.Logged(answer.GetProperty("requestId").GetString()!);
        Assert.Equal(("completed", 200, SimulatorFixture.KeyId), (call.Outcome, call.Status, call.Principal));
        Assert.Equal(call.InputTokens, usage.GetProperty("inputTokens").GetInt32());
        Assert.Equal(call.OutputTokens, usage.GetProperty("outputTokens").GetInt32());
        Assert.Equal(call.InputTokens + call.OutputTokens, usage.GetProperty("totalTokens").GetInt32());
    }
}
