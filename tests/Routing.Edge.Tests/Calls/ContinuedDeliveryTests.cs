using System.Text;
using System.Text.Json.Nodes;
using Routing.Core.Usage;

namespace Routing.Edge.Tests.Calls;

/// <summary>Features whose streamed answers another candidate goes on from when they break, in every dialect, from socket to socket.</summary>
// Members of an answer are there, or the test fails where it reads them: that is what the "!" mean here.
public sealed class ContinuedDeliveryTests
{
    private const string Refused = """{"error":{"message":"This model does not support assistant message prefill.","type":"invalid_request_error","code":null}}""";

    /// <summary>The API's path, a call to a feature, and the model of its first candidate, which for two of them speaks the caller's own wire.</summary>
    public static TheoryData<string, string, string> Dialects => new()
    {
        { "/v1/chat/completions", "model-a", """{"model":"chat","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hi"}]}""" },
        { "/v1/messages", "claude-x", """{"model":"translated","max_tokens":99,"stream":true,"messages":[{"role":"user","content":"hi"}]}""" },
        { "/v1/responses", "gpt-x", """{"model":"chat-only","stream":true,"input":"hi"}""" },
    };

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Stream_BreaksAmidItsText_CallerGetsOneCoherentAnswer(string path, string model, string body)
    {
        await using var edge = await StartAsync();
        edge.Provider.OnStream(model, Half(model));
        edge.Provider.OnStream("model-b", ScriptedProvider.Role, ScriptedProvider.Delta(" of \\uD83D\\uDE00"), ScriptedProvider.Delta(" it"), ScriptedProvider.Stop, ScriptedProvider.Usage, "[DONE]");

        using var response = await edge.PostAsync(path, body);

        var stream = await response.Content.ReadAsStringAsync();
        Assert.Equal("half of 😀 it", Text(path, stream));
        Assert.Contains("\n\n: x-route-continued: second\n\n", stream, StringComparison.Ordinal);
        Assert.Equal(2, stream.Split(Terminal(path)).Length);
        Assert.Equal(("1", false), (response.Headers.GetValues("x-route-attempts").Single(), response.Headers.Contains("x-route-warnings")));
        AssertCoherent(path, model, Events(stream));

        var row = Assert.Single(await edge.LedgerAsync(1));
        Assert.Equal([(AttemptCause.Primary, AttemptOutcome.Interrupted), (AttemptCause.Continuation, AttemptOutcome.Answered)], row.Attempts.Select(a => (a.Cause, a.Outcome)));
        Assert.Equal((RequestOutcome.Answered, "second"), (row.Outcome, row.ServedBy));
        Assert.Equal((row.Attempts.Sum(a => a.Usage.InputTotal), row.Attempts.Sum(a => a.Usage.OutputTotal)), Usage(path, Events(stream)));
        Assert.EndsWith("""{"role":"user","content":"hi"},{"role":"assistant","content":"half"}]}""", edge.Provider.Bodies.Last(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Stream_BreaksAndTheOtherRefusesTheTurn_IsTheFirstFailureAndACut(string path, string model, string body)
    {
        await using var edge = await StartAsync();
        edge.Provider.OnStream(model, Half(model));
        edge.Provider.OnStatus("model-b", 400, Refused);

        using var response = await edge.PostAsync(path, body, HttpCompletionOption.ResponseHeadersRead);

        var stream = await CutAsync(response);
        Assert.Equal("half", Text(path, stream));
        Assert.Contains("stream_interrupted", stream, StringComparison.Ordinal);
        Assert.DoesNotContain("prefill", stream, StringComparison.Ordinal);
        Assert.DoesNotContain("x-route-continued", stream, StringComparison.Ordinal);
        Assert.DoesNotContain(Terminal(path), stream, StringComparison.Ordinal);
        var row = Assert.Single(await edge.LedgerAsync(1));
        Assert.Equal((RequestOutcome.Interrupted, 2), (row.Outcome, row.Attempts.Length));
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Stream_WithTools_IsNotContinuedAndSaysSo(string path, string model, string body)
    {
        await using var edge = await StartAsync();
        edge.Provider.OnStream(model, Half(model));
        var tools = path switch
        {
            "/v1/chat/completions" => """[{"type":"function","function":{"name":"find"}}]""",
            "/v1/messages" => """[{"name":"find","input_schema":{"type":"object"}}]""",
            _ => """[{"type":"function","name":"find"}]""",
        };

        using var response = await edge.PostAsync(path, $"{body[..^1]},\"tools\":{tools}}}", HttpCompletionOption.ResponseHeadersRead);

        Assert.Contains("half", await CutAsync(response), StringComparison.Ordinal);
        Assert.Equal("this answer cannot be continued if it breaks", response.Headers.GetValues("x-route-warnings").Single());
        Assert.Single(edge.Provider.Bodies);
    }

    // A model may have no other API.
    [Fact]
    public async Task Stream_OfAModelWithTheResponsesApi_GoesThroughAsItsOwnBytesAndSaysSo()
    {
        await using var edge = await StartAsync();
        edge.Provider.OnStream("gpt-x", """{"type":"response.output_text.delta","sequence_number":1,"item_id":"i","output_index":0,"content_index":0,"delta":"half"}""");

        using var response = await edge.PostAsync("/v1/responses", """{"model":"forwarded","stream":true,"input":"hi"}""", HttpCompletionOption.ResponseHeadersRead);

        Assert.Contains("half", await CutAsync(response), StringComparison.Ordinal);
        Assert.Equal("this answer cannot be continued if it breaks", response.Headers.GetValues("x-route-warnings").Single());
        Assert.Equal("/v1/responses", Assert.Single(edge.Provider.Paths));
    }

    [Fact]
    public async Task Stream_WithBothNamesOfTheUser_TellsWhichIsSent()
    {
        await using var edge = await StartAsync();
        edge.Provider.OnStream("model-a", ScriptedProvider.Role, ScriptedProvider.Delta("yes"), ScriptedProvider.Stop, "[DONE]");

        using var response = await edge.ChatAsync(EdgeFixture.Body(stream: true, ",\"user\":\"u1\",\"safety_identifier\":\"s1\""));

        Assert.Equal("of user and safety_identifier only the latter sent on", response.Headers.GetValues("x-route-warnings").Single());
        Assert.Contains("\"user\":\"s1\"", Assert.Single(edge.Provider.Bodies), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unary_OfSuchAFeature_IsAsEver()
    {
        await using var edge = await StartAsync();
        edge.Provider.OnStatus("model-a", 200, ScriptedProvider.Whole);

        using var response = await edge.ChatAsync(EdgeFixture.Body(stream: false));

        Assert.Equal(ScriptedProvider.Whole, await response.Content.ReadAsStringAsync());
        Assert.False(response.Headers.Contains("x-route-warnings"));
    }

    [Theory]
    [InlineData("", "continued", true)]
    [InlineData(",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"find\"}}]", "immediate", null)]
    public async Task Explain_TellsWhetherThisCallWouldBeContinuedAndByWhom(string more, string delivery, bool? secondGoesOn)
    {
        await using var edge = await StartAsync();

        using var response = await edge.PostAsync("/v1/routing/explain", EdgeFixture.Body(stream: true, more));

        var told = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal(delivery, (string?)told["delivery"]);
        Assert.Equal([secondGoesOn is null ? null : false, secondGoesOn], told["candidates"]!.AsArray().Select(c => (bool?)c!["can_continue"]));
    }

    private static Task<EdgeFixture> StartAsync() => EdgeFixture.StartAsync(yaml: y => y
        .Replace("firstTokenMs: 10000", "firstTokenMs: 10000\n    delivery: continued", StringComparison.Ordinal)
        .Replace("model: model-b }", "model: model-b, quirks: { preset: vllm } }", StringComparison.Ordinal)
        .Replace("[ { modelEndpoint: third } ]", "[ { modelEndpoint: third }, { modelEndpoint: second, tier: 2, role: backup } ]", StringComparison.Ordinal)
        .Replace("[ { modelEndpoint: fourth } ]", "[ { modelEndpoint: fourth }, { modelEndpoint: second, tier: 2, role: backup } ]", StringComparison.Ordinal)
        .Replace("\nfeatures:\n", "\n  - { id: fifth, account: p, model: gpt-x }\nfeatures:\n  - { name: chat-only, delivery: continued, candidates: [ { modelEndpoint: fifth }, { modelEndpoint: second, tier: 2, role: backup } ] }\n", StringComparison.Ordinal)
        .Replace("features: [ chat,", "features: [ chat, chat-only,", StringComparison.Ordinal));

    private static string[] Half(string model) => model == "claude-x"
        ?
        [
            """{"type":"message_start","message":{"id":"msg_1","usage":{"input_tokens":5,"output_tokens":1}}}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"half"}}""",
        ]
        : [ScriptedProvider.Role, ScriptedProvider.Delta("half")];

    private static async Task<string> CutAsync(HttpResponseMessage response)
    {
        var text = new StringBuilder();
        await Assert.ThrowsAsync<HttpIOException>(async () =>
        {
            var answer = await response.Content.ReadAsStreamAsync();
            var buffer = new byte[4096];
            for (int read; (read = await answer.ReadAsync(buffer)) > 0;) text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        });
        return text.ToString();
    }

    private static List<JsonNode> Events(string stream) =>
        [.. stream.Split('\n').Where(l => l.StartsWith("data: {", StringComparison.Ordinal)).Select(l => JsonNode.Parse(l[6..])!)];

    private static string Text(string path, string stream) => string.Concat(Events(stream).Select(e => path switch
    {
        "/v1/chat/completions" => e["choices"] is JsonArray { Count: > 0 } choices ? (string?)choices[0]!["delta"]!["content"] : null,
        "/v1/messages" => (string?)e["delta"]?["text"],
        _ => (string?)e["type"] == "response.output_text.delta" ? (string?)e["delta"] : null,
    }));

    private static (long, long) Usage(string path, List<JsonNode> events) => path switch
    {
        "/v1/chat/completions" => ((long)events[^1]["usage"]!["prompt_tokens"]!, (long)events[^1]["usage"]!["completion_tokens"]!),
        "/v1/messages" => ((long)events[^2]["usage"]!["input_tokens"]!, (long)events[^2]["usage"]!["output_tokens"]!),
        _ => ((long)events[^1]["response"]!["usage"]!["input_tokens"]!, (long)events[^1]["response"]!["usage"]!["output_tokens"]!),
    };

    /// <summary>One id, one model, each step once: nothing but the comment tells that there were two.</summary>
    private static void AssertCoherent(string path, string model, List<JsonNode> events)
    {
        var types = string.Join(' ', events.Select(e => (string?)e["type"]));
        switch (path)
        {
            case "/v1/chat/completions":
                Assert.Equal(model, Assert.Single(events.Select(e => (string?)e["model"]).Distinct(StringComparer.Ordinal)));
                Assert.Single(events.Select(e => (string?)e["id"]).Distinct(StringComparer.Ordinal));
                Assert.Single(events.Select(e => (long)e["created"]!).Distinct());
                Assert.Single(events, e => e["choices"]!.AsArray() is [{ } choice] && choice["delta"]!["role"] is not null);
                Assert.Equal("stop", Assert.Single(events.Select(e => e["choices"]!.AsArray() is [{ } choice] ? (string?)choice["finish_reason"] : null).OfType<string>()));
                Assert.Single(events, e => e["usage"] is not null);
                break;
            case "/v1/messages":
                Assert.Equal("message_start content_block_start content_block_delta content_block_delta content_block_delta content_block_stop message_delta message_stop", types);
                Assert.All(events.Where(e => e["index"] is not null), e => Assert.Equal(0, (int)e["index"]!));
                Assert.Equal((model, "end_turn"), ((string?)events[0]["message"]!["model"], (string?)events[^2]["delta"]!["stop_reason"]));
                break;
            default:
                Assert.Equal("response.created response.in_progress response.output_item.added response.content_part.added response.output_text.delta response.output_text.delta response.output_text.delta "
                    + "response.output_text.done response.content_part.done response.output_item.done response.completed", types);
                Assert.Equal(Enumerable.Range(0, events.Count), events.Select(e => (int)e["sequence_number"]!));
                Assert.Single(events.Select(e => (string?)e["item_id"]).OfType<string>().Distinct(StringComparer.Ordinal));
                Assert.All(events.Where(e => e["output_index"] is not null), e => Assert.Equal(0, (int)e["output_index"]!));
                Assert.Equal("half of 😀 it", (string?)events[^1]["response"]!["output"]![0]!["content"]![0]!["text"]);
                Assert.Equal(model, (string?)events[^1]["response"]!["model"]);
                break;
        }
    }

    private static string Terminal(string path) => path switch
    {
        "/v1/chat/completions" => "data: [DONE]\n",
        "/v1/messages" => "event: message_stop\n",
        _ => "event: response.completed\n",
    };
}
