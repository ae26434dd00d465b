using System.Text.Json;

namespace Routing.Simulator.Tests.Honesty;

public sealed class OpenAIClientTests(NodeClients clients) : IClassFixture<NodeClients>
{
    [Theory]
    [InlineData("unary", "openai", "default")]
    [InlineData("stream", "openai", "default")]
    [InlineData("azureUnary", "azure", "eastus2")]
    [InlineData("azureStream", "azure", "eastus2")]
    [InlineData("azureV1", "azure", "eastus2")]
    public async Task ChatCompletions_OpenAIClient_UsageAsInLog(string scenario, string wire, string region)
    {
        var answer = (await clients.ReportOf("openai.mjs")).GetProperty(scenario);
        var usage = answer.GetProperty("usage");
        var call = clients.Simulator.Logged(answer.GetProperty("id").GetString()!);

        Assert.Equal("stop", answer.GetProperty("finishReason").GetString());
        Assert.Equal((wire, region, "gpt-4.1", "completed"), (call.Wire, call.Region, call.Model, call.Outcome));
        Assert.Equal(call.InputTokens, usage.GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(call.OutputTokens, usage.GetProperty("completion_tokens").GetInt32());
        Assert.Equal(call.InputTokens + call.OutputTokens, usage.GetProperty("total_tokens").GetInt32());
    }

    [Theory]
    [InlineData("unary", "stream")]
    [InlineData("azureUnary", "azureStream")]
    public async Task ChatCompletions_Streamed_ConcatenationIsUnaryText(string unary, string stream)
    {
        var report = await clients.ReportOf("openai.mjs");

        Assert.NotEmpty(report.GetProperty(unary).GetProperty("text").GetString()!);
        Assert.Equal(report.GetProperty(unary).GetProperty("text").GetString(), report.GetProperty(stream).GetProperty("text").GetString());
    }

    [Fact]
    public async Task ChatCompletions_AzureStream_BeginsWithPromptFilterResults()
    {
        var report = await clients.ReportOf("openai.mjs");

        Assert.True(report.GetProperty("azureStream").GetProperty("filteredPrompt").GetBoolean());
        Assert.False(report.GetProperty("stream").GetProperty("filteredPrompt").GetBoolean());
    }

    [Fact]
    public async Task ChatCompletions_MaxTokens_StopsThere()
    {
        var stream = (await clients.ReportOf("openai.mjs")).GetProperty("maxTokens");

        Assert.Equal("length", stream.GetProperty("finishReason").GetString());
        Assert.Equal(5, stream.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task ChatCompletions_RequiredTool_CallsItWholeAndStreamed()
    {
        var report = await clients.ReportOf("openai.mjs");

        foreach (var calls in (JsonElement[])[report.GetProperty("tool").GetProperty("toolCalls"), report.GetProperty("streamedTool")])
            Assert.Equal("""{"query":"café"}""", calls[0].GetProperty("function").GetProperty("arguments").GetString());
    }

    [Fact]
    public async Task Models_OpenAIClient_Lists() =>
        Assert.Equal("""["gpt-4.1","gpt-4.1-mini"]""", (await clients.ReportOf("openai.mjs")).GetProperty("models").GetRawText());

    [Theory]
    [InlineData("wrongKey", 401, "invalid_api_key")]
    [InlineData("throttled", 429, "rate_limit_exceeded")]
    [InlineData("azureWrongKey", 401, "401")]
    [InlineData("azureFiltered", 400, "content_filter")]
    public async Task ChatCompletions_Refused_SdkReportsIt(string scenario, int status, string code)
    {
        var failure = (await clients.ReportOf("openai.mjs")).GetProperty(scenario);

        Assert.Equal(status, failure.GetProperty("status").GetInt32());
        Assert.Equal(code, failure.GetProperty("code").GetString());
    }

    [Fact]
    public async Task ChatCompletions_ErrorInBand_SdkThrowsIt() =>
        Assert.Equal("server_error", (await clients.ReportOf("openai.mjs")).GetProperty("inBand").GetProperty("type").GetString());

    [Theory]
    [InlineData("conversation")]
    [InlineData("azureConversation")]
    public async Task ChatCompletions_ParallelToolsStreamedAndAnswered_AnswerQuotesTheResults(string scenario)
    {
        var conversation = (await clients.ReportOf("openai.mjs")).GetProperty(scenario);

        Assert.Equal("find count", string.Join(' ', conversation.GetProperty("calls").EnumerateArray().Select(c => c.GetProperty("name").GetString())));
        Assert.True(conversation.GetProperty("pieces").GetInt32() > 4);
        Assert.Equal("I will look that up.", conversation.GetProperty("text").GetString());
        Assert.StartsWith("According to the tools: find says 42; count says 42.", conversation.GetProperty("answer").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("embeddings")]
    [InlineData("azureEmbeddings")]
    public async Task Embeddings_PackedByDefault_SameAsFloats(string scenario)
    {
        var answer = (await clients.ReportOf("openai.mjs")).GetProperty(scenario);
        var (packed, plain) = (Vectors(answer.GetProperty("packed")), Vectors(answer.GetProperty("plain")));

        Assert.Equal((2, 8), (packed.Count, packed[0].Length));
        Assert.Equal(plain, packed);
        Assert.Equal("""{"prompt_tokens":3,"total_tokens":3}""", answer.GetProperty("usage").GetRawText());
    }

    [Theory]
    [InlineData("responses", "openai")]
    [InlineData("azureResponses", "azure")]
    public async Task Responses_StreamedToolsReasoningAndSchema_ClientPutsThemTogether(string scenario, string wire)
    {
        var report = (await clients.ReportOf("openai.mjs")).GetProperty(scenario);

        Assert.Equal("""["find","count"]""", report.GetProperty("calls").GetRawText());
        Assert.Equal("I will look that up.", report.GetProperty("text").GetString());
        Assert.Equal(("response.created", "response.completed"), (report.GetProperty("events")[0].GetString(), report.GetProperty("events").EnumerateArray().Last().GetString()));
        Assert.StartsWith("According to the tools: find says 42; count says 42.", report.GetProperty("answer").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Number, report.GetProperty("json").GetProperty("total").ValueKind);
        var call = clients.Simulator.Logged(report.GetProperty("id").GetString()!); // An id is a text.
        Assert.Equal((wire, call.OutputTokens), (call.Wire, report.GetProperty("usage").GetProperty("output_tokens").GetInt32()));
    }

    [Fact]
    public async Task Responses_InBandError_SdkHandsItOn() =>
        Assert.Equal("server_error", (await clients.ReportOf("openai.mjs")).GetProperty("responsesInBand").GetProperty("code").GetString());

    [Fact]
    public async Task ChatCompletions_SeveralChoices_EachWithProbabilities()
    {
        var choices = (await clients.ReportOf("openai.mjs")).GetProperty("choices").EnumerateArray().ToList();

        Assert.Equal("0 1", string.Join(' ', choices.Select(c => c.GetProperty("index").GetInt32())));
        Assert.All(choices, c => Assert.True(c.GetProperty("tokens").GetInt32() > 0));
    }

    private static List<float[]> Vectors(JsonElement lists) => [.. lists.EnumerateArray().Select(l => l.EnumerateArray().Select(n => n.GetSingle()).ToArray())];
}
