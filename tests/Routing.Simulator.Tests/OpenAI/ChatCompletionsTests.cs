using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Routing.Simulator.Tests.OpenAI;

public sealed class ChatCompletionsTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private const string Body = """{"model":"gpt-4.1","messages":[{"role":"user","content":"Hello there"}],"max_tokens":4}""";
    private const string Streamed = """{"model":"gpt-4.1","messages":[{"role":"user","content":"Hello there"}],"max_tokens":4,"stream":true,"stream_options":{"include_usage":true}}""";

    [Fact]
    public async Task OpenAI_MaxTokens_LiteralUsage()
    {
        using var request = SimulatorFixture.OpenAI(Body);
        using var response = await simulator.Http.SendAsync(request);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal("length", answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal("""{"prompt_tokens":5,"completion_tokens":4,"total_tokens":9,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}""",
            answer.GetProperty("usage").GetRawText());
        Assert.StartsWith("req_", response.Headers.GetValues("x-request-id").Single(), StringComparison.Ordinal);
        Assert.Equal("1999995", response.Headers.GetValues("x-ratelimit-remaining-tokens").Single());
    }

    [Fact]
    public async Task OpenAI_Streamed_RoleContentFinishUsageDone()
    {
        using var request = SimulatorFixture.OpenAI(Streamed);
        using var response = await simulator.Http.SendAsync(request);
        var lines = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        var chunks = lines[..^1].Select(l => JsonDocument.Parse(l["data: ".Length..]).RootElement).ToList();

        Assert.Equal("data: [DONE]", lines[^1]);
        Assert.Equal(7, chunks.Count);
        Assert.Equal("assistant", chunks[0].GetProperty("choices")[0].GetProperty("delta").GetProperty("role").GetString());
        Assert.Equal("length", chunks[5].GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(0, chunks[6].GetProperty("choices").GetArrayLength());
        Assert.Equal(9, chunks[6].GetProperty("usage").GetProperty("total_tokens").GetInt32());
    }

    [Theory]
    [InlineData("minimal", 4)]
    [InlineData("low", 16)]
    [InlineData("medium", 64)]
    public async Task Azure_ReasoningEffort_CountedInTheOutputAndNotShown(string effort, int tokens)
    {
        using var request = SimulatorFixture.Azure("o4-mini", $$"""{"messages":[{"role":"user","content":"Hello there"}],"max_completion_tokens":{{tokens + 4}},"reasoning_effort":"{{effort}}"}""");
        using var response = await simulator.Http.SendAsync(request);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        var usage = answer.GetProperty("usage");

        Assert.Equal((tokens, tokens + 4), (usage.GetProperty("completion_tokens_details").GetProperty("reasoning_tokens").GetInt32(), usage.GetProperty("completion_tokens").GetInt32()));
        Assert.False(answer.GetProperty("choices")[0].GetProperty("message").TryGetProperty("reasoning_content", out _));
    }

    [Fact]
    public async Task OpenAI_StreamedWithoutUsage_NoneIsSentNorLogged()
    {
        using var request = SimulatorFixture.OpenAI(Streamed.Replace("true}", "false}", StringComparison.Ordinal));
        using var response = await simulator.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var id = JsonDocument.Parse(text.Split("\n\n")[0]["data: ".Length..]).RootElement.GetProperty("id").GetString()!;

        Assert.DoesNotContain("\"usage\"", text, StringComparison.Ordinal);
        Assert.Null(simulator.Logged(id).OutputTokens);
    }

    [Fact]
    public async Task Azure_Streamed_FirstChunkHasPromptFilterResultsOnly()
    {
        using var request = SimulatorFixture.Azure("gpt-4.1", Streamed);
        using var response = await simulator.Http.SendAsync(request);
        var first = JsonDocument.Parse((await response.Content.ReadAsStringAsync()).Split("\n\n")[0]["data: ".Length..]).RootElement;

        Assert.Equal(("", "", 0), (first.GetProperty("id").GetString(), first.GetProperty("model").GetString(), first.GetProperty("choices").GetArrayLength()));
        Assert.Equal(0, first.GetProperty("prompt_filter_results")[0].GetProperty("prompt_index").GetInt32());
        Assert.Equal("eastus2", response.Headers.GetValues("x-ms-region").Single());
        Assert.Single(response.Headers.GetValues("apim-request-id"));
    }

    [Fact]
    public async Task Azure_Unary_AnswersWithDatedModel()
    {
        using var request = SimulatorFixture.Azure("gpt-4.1-mini", Body);
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal("gpt-4.1-mini-2025-04-14", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("model").GetString());
    }

    [Theory]
    [InlineData("/openai/deployments/d/chat/completions?api-version=2024-10-21", "entra-token", HttpStatusCode.OK)]
    [InlineData("/openai/deployments/d/chat/completions", "entra-token", HttpStatusCode.NotFound)]
    [InlineData("/openai/deployments/d/chat/completions?api-version=2024-10-21", SimulatorFixture.AzureKey, HttpStatusCode.Unauthorized)]
    [InlineData("/openai/v1/chat/completions", SimulatorFixture.AzureKey, HttpStatusCode.OK)]
    [InlineData("/openai/v1/chat/completions", "entra-token", HttpStatusCode.OK)]
    [InlineData("/openai/v1/chat/completions", "nobody", HttpStatusCode.Unauthorized)]
    [InlineData("/v1/chat/completions", "entra-token", HttpStatusCode.Unauthorized)]
    public async Task Bearer_ByPath_OpensItsOwnCloudOnly(string path, string token, HttpStatusCode expected)
    {
        using var request = SimulatorFixture.Bearer(path, Body, token);
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("""{"model":"m","messages":[]}""")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"n":129}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"max_tokens":0}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"max_tokens":1,"max_completion_tokens":1}""")]
    public async Task OpenAI_BadBody_InvalidRequest(string body)
    {
        using var request = SimulatorFixture.OpenAI(body);
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("invalid_request_error", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("type").GetString());
    }

    [Fact]
    public async Task OpenAI_JsonFormat_AnswersAnObject()
    {
        using var request = SimulatorFixture.OpenAI("""{"model":"m","messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_object"}}""");
        using var response = await simulator.Http.SendAsync(request);
        var text = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!; // Answers have content.

        Assert.NotEmpty(JsonDocument.Parse(text).RootElement.GetProperty("answer").GetString()!);
    }

    [Fact]
    public async Task Models_WrongKey_Refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }
}
