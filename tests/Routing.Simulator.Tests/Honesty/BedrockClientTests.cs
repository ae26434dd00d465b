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

    [Theory]
    [InlineData("count")]
    [InlineData("countInvoke")]
    public async Task CountTokens_AwsClient_AsTheAnswerSays(string scenario)
    {
        var report = await clients.ReportOf("bedrock.mjs");
        var counted = report.GetProperty(scenario);
        var call = clients.Simulator.Logged(counted.GetProperty("requestId").GetString()!); // An id is a text.

        Assert.Equal(report.GetProperty("unary").GetProperty("usage").GetProperty("inputTokens").GetInt32(), counted.GetProperty("inputTokens").GetInt32());
        Assert.Equal((counted.GetProperty("inputTokens").GetInt32(), 0, "completed"), (call.InputTokens, call.OutputTokens, call.Outcome));
    }

    [Fact]
    public async Task CountTokens_Profile_SdkKnowsTheException() =>
        Assert.Equal("ValidationException", (await clients.ReportOf("bedrock.mjs")).GetProperty("countProfile").GetProperty("name").GetString());

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

    [Fact]
    public async Task Converse_ToolResultsSentBack_AnswerQuotesThem()
    {
        var conversation = (await clients.ReportOf("bedrock.mjs")).GetProperty("conversation");

        Assert.Equal(("tool_use", "find count"), (conversation.GetProperty("stopReason").GetString(), string.Join(' ', conversation.GetProperty("calls").EnumerateArray().Select(c => c.GetProperty("name").GetString()))));
        Assert.StartsWith("According to the tools: find says 42; count says 42.", conversation.GetProperty("answer").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConverseStream_ParallelCalls_BlocksOfTheirOwnInPieces()
    {
        var blocks = (await clients.ReportOf("bedrock.mjs")).GetProperty("streamedTools").EnumerateArray().ToList();

        Assert.Equal("1 find 2 count", string.Join(' ', blocks.Select(b => $"{b.GetProperty("index").GetInt32()} {b.GetProperty("name").GetString()}")));
        Assert.All(blocks, b => Assert.True(b.GetProperty("pieces").GetInt32() > 1));
        Assert.All(blocks, b => Assert.Equal(JsonValueKind.Number, JsonDocument.Parse(b.GetProperty("input").GetString()!).RootElement.GetProperty("limit").ValueKind)); // It is a text.
    }

    [Fact]
    public async Task Converse_Thinking_StreamedAsWhole()
    {
        var thoughts = (await clients.ReportOf("bedrock.mjs")).GetProperty("thoughts");

        Assert.NotEmpty(thoughts.GetProperty("text").GetString()!); // It is a text.
        Assert.Equal((thoughts.GetProperty("whole").GetProperty("text").GetString(), thoughts.GetProperty("whole").GetProperty("signature").GetString()), (thoughts.GetProperty("text").GetString(), thoughts.GetProperty("signature").GetString()));
    }

    [Fact]
    public async Task Converse_Nova2Reasons_RedactedAndCounted()
    {
        var nova = (await clients.ReportOf("bedrock.mjs")).GetProperty("nova");

        Assert.Equal("""{"text":"[REDACTED]"}""", nova.GetProperty("reasoning").GetRawText());
        Assert.NotEmpty(nova.GetProperty("text").GetString()!); // It is a text.
        Assert.True(nova.GetProperty("outputTokens").GetInt32() > 256);
    }

    [Fact]
    public async Task Converse_Image_IsTaken() => Assert.True((await clients.ReportOf("bedrock.mjs")).GetProperty("image").GetInt32() > 258);

    [Fact]
    public async Task InvokeModel_Embeddings_TitanAndCohere()
    {
        var report = await clients.ReportOf("bedrock.mjs");

        Assert.Equal("""{"size":256,"inputTextTokenCount":2}""", report.GetProperty("titan").GetRawText());
        Assert.Equal("[1024,1024]", report.GetProperty("cohere").GetRawText());
    }

    [Fact]
    public async Task Converse_UnknownStop_SdkPassesItOn() => Assert.Equal("fell_asleep", (await clients.ReportOf("bedrock.mjs")).GetProperty("unknownStop").GetString());

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
