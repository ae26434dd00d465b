using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Routing.Core.Llm;
using Routing.Core.Usage;

namespace Routing.Edge.Tests.Responses;

/// <summary>A Responses call answered on another wire, from socket to socket.</summary>
public sealed class ResponsesTests
{
    private const string Path = "/v1/responses";

    private static readonly string[] Text =
    [
        """{"type":"message_start","message":{"id":"msg_1","usage":{"input_tokens":5,"output_tokens":1}}}""",
        """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Let me see."}}""",
    ];

    private static readonly string[] End =
    [
        """{"type":"content_block_stop","index":0}""", """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":9}}""", """{"type":"message_stop"}""",
    ];

    [Fact]
    public async Task Unary_ToolLoop_HandsReasoningBackAsItCame()
    {
        await using var edge = await EdgeFixture.StartAsync();
        edge.Provider.OnStatus("claude-x", 200, """
            {"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[{"type":"thinking","thinking":"hm","signature":"c2ln"},
             {"type":"tool_use","id":"toolu_1","name":"look_up","input":{"a":1}}],"stop_reason":"tool_use","usage":{"input_tokens":5,"output_tokens":3}}
            """);
        const string Tools = ""","tools":[{"type":"function","name":"look_up","parameters":{"type":"object"},"strict":true}]""";
        using var first = await edge.PostAsync(Path, """{"model":"translated","input":"hi","temperature":1.5""" + Tools + "}");

        Assert.Equal(["temperature lowered to 1"], first.Headers.GetValues("x-route-warnings"), StringComparer.Ordinal);
        using var answer = JsonDocument.Parse(await first.Content.ReadAsStringAsync());
        Assert.Equal(("completed", false), (answer.RootElement.GetProperty("status").GetString(), answer.RootElement.GetProperty("store").GetBoolean()));
        var items = answer.RootElement.GetProperty("output").EnumerateArray().Select(i => i.GetRawText()).ToList();
        Assert.Equal(2, items.Count);
        Assert.Equal(StopReason.ToolCall, (await edge.LedgerAsync(1)).Single().Attempts[0].Stop);

        using var second = await edge.PostAsync(Path, $$"""
            {"model":"translated","input":[{"role":"user","content":"hi"},{{string.Join(',', items)}},{"type":"function_call_output","call_id":"toolu_1","output":"42"}]{{Tools}}}
            """);

        Assert.Equal(200, (int)second.StatusCode);
        using var sent = JsonDocument.Parse(edge.Provider.Bodies.Last());
        Assert.Equal("""[{"role":"user","content":[{"type":"text","text":"hi"}]},{"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"c2ln"},{"type":"tool_use","id":"toolu_1","name":"look_up","input":{"a":1}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"text","text":"42"}]}]}]""",
            sent.RootElement.GetProperty("messages").GetRawText());
    }

    [Fact]
    public async Task Stream_Answered_EndsWithTheWholeResponse()
    {
        await using var edge = await EdgeFixture.StartAsync();
        Script(edge, [.. Text, .. End]);
        using var response = await edge.PostAsync(Path, """{"model":"translated","stream":true,"input":"hi"}""");

        var text = await response.Content.ReadAsStringAsync();
        Assert.StartsWith("event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"resp_", text, StringComparison.Ordinal);
        Assert.Contains("\"delta\":\"Let me see.\"}\n\nevent: response.output_text.done\n", text, StringComparison.Ordinal);
        Assert.Contains("event: response.completed\n", text, StringComparison.Ordinal);
        Assert.Contains("\"input_tokens\":5,\"input_tokens_details\":{\"cached_tokens\":0,\"cache_write_tokens\":0},\"output_tokens\":9", text, StringComparison.Ordinal);
        Assert.Equal(RequestOutcome.Answered, (await edge.LedgerAsync(1)).Single().Outcome);
    }

    [Fact]
    public async Task Stream_FailsAfterContent_ResponseFailedThenCut()
    {
        await using var edge = await EdgeFixture.StartAsync();
        Script(edge, Text);
        using var response = await edge.Client.SendAsync(new HttpRequestMessage(HttpMethod.Post, Path)
        {
            Content = new StringContent("""{"model":"translated","stream":true,"input":"hi"}""", Encoding.UTF8, "application/json"),
        }, HttpCompletionOption.ResponseHeadersRead);

        var text = new StringBuilder();
        await Assert.ThrowsAsync<HttpIOException>(async () =>
        {
            var stream = await response.Content.ReadAsStreamAsync();
            var buffer = new byte[4096];
            for (int read; (read = await stream.ReadAsync(buffer)) > 0;) text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        });
        var last = text.ToString().Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[^1].Split('\n');
        Assert.Equal("event: response.failed", last[0]);
        using var json = JsonDocument.Parse(last[1]["data: ".Length..]);
        var failed = json.RootElement.GetProperty("response");
        Assert.Equal(("failed", "stream_interrupted"), (failed.GetProperty("status").GetString(), failed.GetProperty("error").GetProperty("kind").GetString()));
        Assert.Equal("incomplete", failed.GetProperty("output")[0].GetProperty("status").GetString());
        Assert.Equal(RequestOutcome.Interrupted, (await edge.LedgerAsync(1)).Single().Outcome);
    }

    [Fact]
    public async Task Stream_SameWire_GoesThroughUnstoredAndEndsAfterTheLedger()
    {
        const string Delta = "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":1,\"item_id\":\"m\",\"output_index\":0,\"content_index\":0,\"delta\":\"x\"}\n\n";
        const string Completed = "event: response.completed\ndata: {\"type\":\"response.completed\",\"sequence_number\":2,\"response\":{\"id\":\"resp_1\",\"status\":\"completed\",\"store\":false,\"output\":[],\"usage\":{\"input_tokens\":7,\"output_tokens\":2,\"total_tokens\":9}}}\n\n";
        await using var edge = await EdgeFixture.StartAsync();
        edge.Provider.On("gpt-x", context =>
        {
            context.Response.ContentType = "text/event-stream";
            return context.Response.WriteAsync(Delta + Completed);
        });
        using var response = await edge.PostAsync(Path, """{"model":"forwarded","stream":true,"input":"hi","truncation":"auto"}""");

        Assert.Equal(Delta + Completed, await response.Content.ReadAsStringAsync());
        Assert.Equal("/v1/responses", edge.Provider.Paths.Single());
        using var sent = JsonDocument.Parse(edge.Provider.Bodies.Single());
        Assert.Equal(("gpt-x", false, "auto"), (sent.RootElement.GetProperty("model").GetString(), sent.RootElement.GetProperty("store").GetBoolean(), sent.RootElement.GetProperty("truncation").GetString()));
        Assert.Equal(7, (await edge.LedgerAsync(1)).Single().Attempts[0].Usage.InputTotal);
    }

    [Theory]
    [InlineData("""{"model":"translated","input":"hi","store":true}""", "store")]
    [InlineData("""{"model":"translated","input":"hi","previous_response_id":"resp_1"}""", "previous_response_id")]
    [InlineData("""{"model":"translated","input":"hi","tools":[{"type":"web_search"}]}""", "tools[0].type")]
    [InlineData("""{"model":"translated","input":"hi","text":{"verbosity":"low"}}""", "text.verbosity")]
    public async Task Post_WhatNobodyCanDo_IsRefusedByItsName(string body, string param)
    {
        await using var edge = await EdgeFixture.StartAsync();
        using var response = await edge.PostAsync(Path, body);
        await AssertUnsupportedAsync(response, param);
        Assert.Empty(edge.Provider.Bodies);
    }

    [Theory]
    [InlineData("GET", "/v1/responses/resp_1")]
    [InlineData("DELETE", "/v1/responses/resp_1")]
    [InlineData("POST", "/v1/responses/resp_1/cancel")]
    [InlineData("GET", "/v1/responses/resp_1/input_items")]
    public async Task Stored_AskedFor_IsRefused(string method, string path)
    {
        await using var edge = await EdgeFixture.StartAsync();
        using var response = await edge.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        await AssertUnsupportedAsync(response, "response_id");
    }

    [Fact]
    public async Task Path_Unknown_IsNoPath()
    {
        await using var edge = await EdgeFixture.StartAsync();
        using var response = await edge.PostAsync("/v1/responses/compact", "{}");
        Assert.Equal(404, (int)response.StatusCode);
        Assert.Contains("POST /v1/responses,", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task AssertUnsupportedAsync(HttpResponseMessage response, string param)
    {
        Assert.Equal(400, (int)response.StatusCode);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var error = json.RootElement.GetProperty("error");
        Assert.Equal(("unsupported_capability", param, "capability_unsupported"),
            (error.GetProperty("code").GetString(), error.GetProperty("param").GetString(), error.GetProperty("kind").GetString()));
    }

    private static void Script(EdgeFixture edge, string[] events) => edge.Provider.On("claude-x", async context =>
    {
        context.Response.ContentType = "text/event-stream";
        foreach (var e in events)
        {
            using var json = JsonDocument.Parse(e);
            await context.Response.WriteAsync($"event: {json.RootElement.GetProperty("type").GetString()}\ndata: {e}\n\n");
            await context.Response.Body.FlushAsync();
        }
    });
}
