using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Routing.Simulator.Faults;
using Routing.Simulator.Tests.Chat;

namespace Routing.Simulator.Tests.Anthropic;

// Members of an answer are there, or the test fails where it reads them: that is what the "!" mean here.
public sealed class MessagesTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private const string Body = """{"model":"claude-sonnet-4-5","max_tokens":4,"messages":[{"role":"user","content":"Hello there"}]}""";
    private const string Thinking = """{"model":"m","max_tokens":3000,"thinking":{"type":"enabled","budget_tokens":1024},"messages":[{"role":"user","content":"Hello there"}]}""";

    [Fact]
    public async Task Messages_MaxTokens_LiteralShape()
    {
        using var request = SimulatorFixture.Anthropic(Body);
        using var response = await simulator.Http.SendAsync(request);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal("message assistant claude-sonnet-4-5 max_tokens", string.Join(' ', ((string[])["type", "role", "model", "stop_reason"]).Select(n => answer.GetProperty(n).GetString())));
        Assert.Equal("""{"input_tokens":5,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},"output_tokens":4,"service_tier":"standard"}""", answer.GetProperty("usage").GetRawText());
        Assert.Equal("text", answer.GetProperty("content")[0].GetProperty("type").GetString());
        Assert.Equal("req_" + answer.GetProperty("id").GetString()!["msg_".Length..], response.Headers.GetValues("request-id").Single()); // An id is a text.
        Assert.Equal("1999995", response.Headers.GetValues("anthropic-ratelimit-input-tokens-remaining").Single());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", response.Headers.GetValues("anthropic-ratelimit-tokens-reset").Single());
        Assert.Equal(("anthropic", 5, 4), (simulator.Logged(answer.GetProperty("id").GetString()!).Wire, simulator.Logged(answer.GetProperty("id").GetString()!).InputTokens, simulator.Logged(answer.GetProperty("id").GetString()!).OutputTokens)); // As above.
    }

    [Fact]
    public async Task Messages_Streamed_EventsInOrderWithPingAndLateUsage()
    {
        var events = await StreamAsync(SimulatorFixture.Anthropic(Body.Replace("\"max_tokens\"", "\"stream\":true,\"max_tokens\"", StringComparison.Ordinal)));

        Assert.Equal("message_start content_block_start ping content_block_delta content_block_delta content_block_delta content_block_delta content_block_stop message_delta message_stop", string.Join(' ', events.Select(e => e.Name)));
        Assert.All(events, e => Assert.Equal(e.Name, (string?)JsonNode.Parse(e.Data)!["type"]));
        Assert.Equal("5 1", $"{JsonNode.Parse(events[0].Data)!["message"]!["usage"]!["input_tokens"]} {JsonNode.Parse(events[0].Data)!["message"]!["usage"]!["output_tokens"]}");
        Assert.Equal("""{"stop_reason":"max_tokens","stop_sequence":null}""", JsonNode.Parse(events[^2].Data)!["delta"]!.ToJsonString());
        Assert.Equal(4, (int)JsonNode.Parse(events[^2].Data)!["usage"]!["output_tokens"]!);
    }

    [Fact]
    public async Task Messages_Thinking_BlockBeforeTextEndsWithItsSignature()
    {
        var whole = (await AnswerAsync(SimulatorFixture.Anthropic(Thinking)))["content"]!.AsArray();
        var events = await StreamAsync(SimulatorFixture.Anthropic(Thinking.Replace("\"max_tokens\"", "\"stream\":true,\"max_tokens\"", StringComparison.Ordinal)));
        var deltas = events.Where(e => e.Name == "content_block_delta").Select(e => JsonNode.Parse(e.Data)!["delta"]!).ToList();

        Assert.Equal("thinking text", string.Join(' ', whole.Select(b => (string?)b!["type"])));
        Assert.Equal((string?)whole[0]!["thinking"], string.Concat(deltas.Select(d => (string?)d["thinking"])));
        Assert.Equal((string?)whole[0]!["signature"], string.Concat(deltas.Select(d => (string?)d["signature"])));
        Assert.Equal(32, (int)JsonNode.Parse(events[^2].Data)!["usage"]!["output_tokens_details"]!["thinking_tokens"]!);
    }

    [Fact]
    public async Task Messages_ThinkingOmitted_SignatureAlone()
    {
        var block = (await AnswerAsync(SimulatorFixture.Anthropic(Thinking.Replace("1024", "1024,\"display\":\"omitted\"", StringComparison.Ordinal))))["content"]![0]!;

        Assert.Equal(("thinking", ""), ((string?)block["type"], (string?)block["thinking"]));
        Assert.NotEmpty((string)block["signature"]!);
    }

    [Fact]
    public async Task Messages_SealedThinkingAsked_RedactedBlock()
    {
        var content = (await AnswerAsync(SimulatorFixture.Anthropic(Thinking.Replace("Hello there", "ANTHROPIC_MAGIC_STRING_TRIGGER_REDACTED_THINKING_46C9", StringComparison.Ordinal))))["content"]!.AsArray();

        Assert.Equal("redacted_thinking text", string.Join(' ', content.Select(b => (string?)b!["type"])));
        Assert.NotEmpty((string)content[0]!["data"]!);
    }

    [Theory]
    [InlineData("kept", HttpStatusCode.OK)]
    [InlineData("edited", HttpStatusCode.BadRequest)]
    [InlineData("dropped", HttpStatusCode.BadRequest)]
    public async Task Messages_ThinkingWithToolResult_MustComeBackAsItWas(string how, HttpStatusCode expected)
    {
        const string Tools = """[{"name":"find","input_schema":{"type":"object"}}]""";
        var first = JsonNode.Parse(Thinking)!.AsObject();
        first["tools"] = JsonNode.Parse(Tools);
        var content = (await AnswerAsync(SimulatorFixture.Anthropic(first.ToJsonString())))["content"]!.DeepClone().AsArray();
        var id = (string)content.Single(b => (string?)b!["type"] == "tool_use")!["id"]!;
        if (how == "edited") content[0]!["thinking"] = "I thought otherwise.";
        if (how == "dropped") content.RemoveAt(0);
        first["messages"]!.AsArray().Add(new JsonObject { ["role"] = "assistant", ["content"] = content });
        first["messages"]!.AsArray().Add(new JsonObject { ["role"] = "user", ["content"] = new JsonArray(new JsonObject { ["type"] = "tool_result", ["tool_use_id"] = id, ["content"] = "42" }) });
        using var request = SimulatorFixture.Anthropic(first.ToJsonString());
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Messages_CacheControl_MarkedPartIsWrittenOrRead()
    {
        const string Marked = """{"model":"MODEL","max_tokens":4,"system":[{"type":"text","text":"one two three four","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":"Hello"}]}""";
        var written = (await AnswerAsync(SimulatorFixture.Anthropic(Marked.Replace("MODEL", "m", StringComparison.Ordinal))))["usage"]!;
        var read = (await AnswerAsync(SimulatorFixture.Anthropic(Marked.Replace("MODEL", "cached", StringComparison.Ordinal))))["usage"]!;

        Assert.Equal("4 4 0", $"{written["input_tokens"]} {written["cache_creation_input_tokens"]} {written["cache_read_input_tokens"]}");
        Assert.Equal("4 2 2", $"{read["input_tokens"]} {read["cache_creation_input_tokens"]} {read["cache_read_input_tokens"]}");
    }

    [Fact]
    public async Task CountTokens_SameRequest_AsManyAsTheAnswerSays()
    {
        var counted = await AnswerAsync(SimulatorFixture.Anthropic(Body, "/v1/messages/count_tokens"));

        Assert.Equal("""{"input_tokens":5}""", counted.ToJsonString());
    }

    [Theory]
    [InlineData("""{"max_tokens":4,"messages":[{"role":"user","content":"x"}]}""", "model")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}]}""", "max_tokens")]
    [InlineData("""{"model":"m","max_tokens":4,"messages":[]}""", "at least one message")]
    [InlineData("""{"model":"m","max_tokens":4,"messages":[{"role":"system","content":"x"}]}""", "Unexpected role")]
    [InlineData("""{"model":"m","max_tokens":4,"thinking":{"type":"enabled","budget_tokens":10},"messages":[{"role":"user","content":"x"}]}""", "budget_tokens")]
    [InlineData("""{"model":"m","max_tokens":1024,"thinking":{"type":"enabled","budget_tokens":1024},"messages":[{"role":"user","content":"x"}]}""", "must be greater")]
    [InlineData("""{"model":"m","max_tokens":2048,"temperature":0.5,"thinking":{"type":"enabled","budget_tokens":1024},"messages":[{"role":"user","content":"x"}]}""", "temperature")]
    [InlineData("""{"model":"m","max_tokens":4,"tool_choice":{"type":"any"},"messages":[{"role":"user","content":"x"}]}""", "tool_choice")]
    [InlineData("not json", "JSON")]
    public async Task Messages_BadBody_InvalidRequestWithRequestId(string body, string words)
    {
        using var request = SimulatorFixture.Anthropic(body);
        using var response = await simulator.Http.SendAsync(request);
        var refusal = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal((HttpStatusCode.BadRequest, "error", "invalid_request_error"), (response.StatusCode, refusal.GetProperty("type").GetString(), refusal.GetProperty("error").GetProperty("type").GetString()));
        Assert.Contains(words, refusal.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(response.Headers.GetValues("request-id").Single(), refusal.GetProperty("request_id").GetString());
    }

    [Theory]
    [InlineData(null, 400)]
    [InlineData("2020-01-01", 400)]
    [InlineData("2023-06-01", 200)]
    [InlineData("2026-10-21", 200)]
    public async Task Messages_VersionHeader_MustBeKnown(string? version, int status)
    {
        using var request = SimulatorFixture.Anthropic(Body, version: version);
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("2023-06-01", 200)]
    [InlineData("2026-10-21", 400)]
    public async Task Messages_Temperature_IsTakenByTheOlderVersionOnly(string version, int status)
    {
        using var request = SimulatorFixture.Anthropic(Body.Replace("\"max_tokens\"", "\"temperature\":1,\"max_tokens\"", StringComparison.Ordinal), version: version);
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("anthropic-token", HttpStatusCode.OK)]
    [InlineData("nobody", HttpStatusCode.Unauthorized)]
    public async Task Messages_Bearer_OpensWhenKnown(string token, HttpStatusCode status)
    {
        using var request = SimulatorFixture.Bearer("/v1/messages", Body, token);
        request.Headers.Add("anthropic-version", "2023-06-01");
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData("novel_condition", 402, "billing_error", null)]
    [InlineData("enforced_spend_limit_reached", 429, "rate_limit_error", "enforced_spend_limit_reached")]
    [InlineData("own_limit", 400, "invalid_request_error", null)]
    public async Task SpendLimit_ByWord_OneOfThreeAndNeverWithAHint(string word, int status, string type, string? code)
    {
        simulator.Host.Faults.Set($"anthropic/*/spent-{status}", new FaultRule { Kind = FaultKind.SpendLimit, Word = word, RetryAfterMs = 1500 });
        using var request = SimulatorFixture.Anthropic(Body.Replace("claude-sonnet-4-5", $"spent-{status}", StringComparison.Ordinal));
        using var response = await simulator.Http.SendAsync(request);
        var error = (await response.Content.ReadFromJsonAsync<JsonNode>())!["error"]!;

        Assert.Equal((status, type, code, null), ((int)response.StatusCode, (string?)error["type"], (string?)error["details"]?["error_code"], response.Headers.RetryAfter?.ToString()));
    }

    private async Task<JsonNode> AnswerAsync(HttpRequestMessage message)
    {
        using var request = message;
        using var response = await simulator.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!; // An answer is an object.
    }

    private async Task<List<(string? Name, string Data)>> StreamAsync(HttpRequestMessage message)
    {
        using var request = message;
        using var response = await simulator.Http.SendAsync(request);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return StreamReading.Events(await response.Content.ReadAsByteArrayAsync());
    }
}
