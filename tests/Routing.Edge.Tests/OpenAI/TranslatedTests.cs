using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Routing.Core.Llm;

namespace Routing.Edge.Tests.OpenAI;

/// <summary>A chat completion answered on another wire, from socket to socket.</summary>
public sealed class TranslatedTests
{
    private const string Members = """
        "messages":[{"role":"user","content":"hi","name":"ann"}],"temperature":1.5,"metadata":{"team":"search"},
        "tools":[{"type":"function","function":{"name":"look_up","parameters":{"type":"object"}}}],"tool_choice":"required"
        """;

    [Fact]
    public async Task Unary_AnotherWire_TranslatesBothWaysAndWarns()
    {
        await using var edge = await EdgeFixture.StartAsync();
        edge.Provider.OnStatus("claude-x", 200, """
            {"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[{"type":"thinking","thinking":"hm","signature":"c2ln"},
             {"type":"tool_use","id":"toolu_1","name":"look_up","input":{"a":1}}],"stop_reason":"tool_use","usage":{"input_tokens":5,"cache_creation_input_tokens":2,"output_tokens":3}}
            """);
        using var response = await edge.ChatAsync("{\"model\":\"translated\"," + Members + "}");

        Assert.Equal(["metadata not sent", "messages.name not sent", "temperature lowered to 1"], response.Headers.GetValues("x-route-warnings"), StringComparer.Ordinal);
        using var sent = JsonDocument.Parse(edge.Provider.Bodies.Single());
        Assert.Equal(("/v1/messages", "any"), (edge.Provider.Paths.Single(), sent.RootElement.GetProperty("tool_choice").GetProperty("type").GetString()));
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("""{"role":"assistant","content":null,"refusal":null,"reasoning_content":"hm","thinking_blocks":[{"type":"thinking","thinking":"hm","signature":"c2ln"}],"tool_calls":[{"id":"toolu_1","type":"function","function":{"name":"look_up","arguments":"{\"a\":1}"}}]}""",
            answer.RootElement.GetProperty("choices")[0].GetProperty("message").GetRawText());
        Assert.Equal((7, 2), (answer.RootElement.GetProperty("usage").GetProperty("prompt_tokens").GetInt32(),
            answer.RootElement.GetProperty("usage").GetProperty("prompt_tokens_details").GetProperty("cache_write_tokens").GetInt32()));
        Assert.Equal(StopReason.ToolCall, (await edge.LedgerAsync(1)).Single().Attempts[0].Stop);
    }

    [Fact]
    public async Task Stream_AnotherWire_IsChunks()
    {
        await using var edge = await EdgeFixture.StartAsync();
        edge.Provider.On("claude-x", async context =>
        {
            context.Response.ContentType = "text/event-stream";
            foreach (var e in new[]
            {
                """{"type":"message_start","message":{"id":"msg_1","usage":{"input_tokens":5,"output_tokens":1}}}""",
                """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
                """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Let me see."}}""",
                """{"type":"content_block_stop","index":0}""",
                """{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_1","name":"look_up","input":{}}}""",
                """{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}}""",
                """{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"1}"}}""",
                """{"type":"content_block_stop","index":1}""",
                """{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":9}}""",
                """{"type":"message_stop"}""",
            })
            {
                var name = JsonDocument.Parse(e).RootElement.GetProperty("type").GetString();
                await context.Response.WriteAsync($"event: {name}\ndata: {e}\n\n");
            }
        });
        using var response = await edge.ChatAsync("{\"model\":\"translated\",\"stream\":true,\"stream_options\":{\"include_usage\":true}," + Members + "}");

        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains("""{"content":"Let me see."}""", text, StringComparison.Ordinal);
        Assert.Contains("""{"tool_calls":[{"index":0,"id":"toolu_1","type":"function","function":{"name":"look_up","arguments":""}}]}""", text, StringComparison.Ordinal);
        Assert.Contains("""{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\":"}}]}""", text, StringComparison.Ordinal);
        Assert.Contains("\"finish_reason\":\"tool_calls\",\"native_finish_reason\":\"tool_use\"", text, StringComparison.Ordinal);
        Assert.Contains("\"prompt_tokens\":5,\"completion_tokens\":9", text, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/chat/completions", """ "messages":[{"role":"user","content":"hi"}],"reasoning_effort":"low","max_completion_tokens":1000 """, "max_completion_tokens", "This model thinks with at least 1024 tokens, and the limit is 1000.")]
    [InlineData("/v1/chat/completions", """ "messages":[{"role":"user","content":"hi"}],"reasoning_effort":"low","max_tokens":1000 """, "max_tokens", "This model thinks with at least 1024 tokens, and the limit is 1000.")]
    [InlineData("/v1/responses", """ "input":"hi","reasoning":{"effort":"low"},"max_output_tokens":1000 """, "max_output_tokens", "This model thinks with at least 1024 tokens, and the limit is 1000.")]
    public async Task Refused_ByTheWireItself_NamesFeatureCandidateAndTheCallersField(string path, string members, string param, string why)
    {
        await using var edge = await EdgeFixture.StartAsync(yaml: y => y.Replace("claude-x", "claude-sonnet-4-5", StringComparison.Ordinal));

        using var response = await edge.PostAsync(path, "{\"model\":\"translated\"," + members + "}");

        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var error = body.RootElement.GetProperty("error");
        Assert.Equal((HttpStatusCode.BadRequest, param), (response.StatusCode, error.GetProperty("param").GetString()));
        Assert.Equal($"third on Anthropic cannot take this call of feature 'translated': {why}", error.GetProperty("message").GetString());
        Assert.Empty(edge.Provider.Bodies);
    }

    [Theory]
    [InlineData("/v1/chat/completions", "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]", ""","user":"u1","safety_identifier":"s1" """, "of user and safety_identifier only the latter sent on")]
    [InlineData("/v1/responses", "\"input\":\"hi\"", ""","safety_identifier":"s1","user":"u1" """, "of user and safety_identifier only the latter sent on")]
    [InlineData("/v1/chat/completions", "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]", ""","user":null,"safety_identifier":"s1" """, null)]
    public async Task Warnings_BothNamesOfTheUser_TellsWhichIsSent(string path, string said, string members, string? warning)
    {
        await using var edge = await EdgeFixture.StartAsync();
        edge.Provider.OnStatus("claude-x", 200, """{"id":"m","type":"message","role":"assistant","model":"x","content":[{"type":"text","text":"yes"}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}""");

        using var response = await edge.PostAsync(path, "{\"model\":\"translated\"," + said + members + "}");

        Assert.Equal(warning, response.Headers.TryGetValues("x-route-warnings", out var told) ? string.Join('|', told) : null);
        using var sent = JsonDocument.Parse(Assert.Single(edge.Provider.Bodies));
        Assert.Equal("s1", sent.RootElement.GetProperty("metadata").GetProperty("user_id").GetString());
    }

    // The values decide what is told, not that the fields are there.
    [Theory]
    [InlineData(""","reasoning_effort":"none" """, null)]
    [InlineData(""","reasoning_effort":"low","max_completion_tokens":4000 """, "reasoning effort sent as a thinking budget")]
    public async Task Warnings_OfAValue_OnlyWhereItHappened(string members, string? warning)
    {
        await using var edge = await EdgeFixture.StartAsync(yaml: y => y.Replace("claude-x", "claude-sonnet-4-5", StringComparison.Ordinal));
        edge.Provider.OnStatus("claude-sonnet-4-5", 200, """{"id":"m","type":"message","role":"assistant","model":"x","content":[{"type":"text","text":"yes"}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}""");

        using var response = await edge.ChatAsync("{\"model\":\"translated\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"},{\"role\":\"assistant\",\"content\":\"hm\",\"thinking_blocks\":[{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"c2lnbmVk\"}]},{\"role\":\"user\",\"content\":\"go on\"}]" + members + "}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(warning, response.Headers.TryGetValues("x-route-warnings", out var told) ? string.Join('|', told) : null);
    }
}
