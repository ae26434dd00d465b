using System.Text;
using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Tests.OpenAI;

namespace Routing.Edge.Tests.Responses;

public sealed class ResponsesAnswerTests
{
    private static readonly TokenUsage Used = new() { InputTotal = 330, CacheRead = 300, CacheWrite = 20, OutputTotal = 40, Reasoning = 15, Source = UsageSource.Reported };

    private static readonly ChatEvent[] Everything =
    [
        ChatEvent.Reasoning(Utf8("let me")), ChatEvent.Signature(Utf8("c2ln")), ChatEvent.Redacted(Utf8("ZA==")),
        ChatEvent.Text(Utf8("Grüße ")), ChatEvent.Text(Utf8("\"all\"")),
        ChatEvent.ToolCall(0, "c1", "weather"), ChatEvent.Arguments(0, Utf8("{\"a\":")), ChatEvent.Arguments(0, Utf8("1}")), ChatEvent.ToolCall(1, "c2", "now"),
        ChatEvent.Used(Used), ChatEvent.Stopped(StopReason.ToolCall, "tool_use"),
    ];

    private const string Output = """[{"id":"rs_0_0","type":"reasoning","summary":[{"type":"summary_text","text":"let me"}],"encrypted_content":"route.signed:c2ln"},{"id":"rs_0_1","type":"reasoning","summary":[],"encrypted_content":"route.redacted:ZA=="},{"id":"msg_0_2","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","annotations":[],"logprobs":[],"text":"Grüße \"all\""}]},{"id":"fc_0_3","type":"function_call","call_id":"c1","name":"weather","status":"completed","arguments":"{\"a\":1}"},{"id":"fc_0_4","type":"function_call","call_id":"c2","name":"now","status":"completed","arguments":"{}"}]""";
    private const string Usage = """{"input_tokens":330,"input_tokens_details":{"cached_tokens":300,"cache_write_tokens":20},"output_tokens":40,"output_tokens_details":{"reasoning_tokens":15},"total_tokens":370}""";

    [Fact]
    public async Task Whole_EveryPart_IsAnItem() => Assert.Equal(
        $$$"""{"id":"resp_0","object":"response","created_at":0,"status":"completed","background":false,"error":null,"incomplete_details":null,"model":"","previous_response_id":null,"store":false,"output":{{{Output}}},"instructions":"be kind","max_output_tokens":null,"metadata":{"a":"b"},"parallel_tool_calls":true,"prompt_cache_key":null,"reasoning":{"effort":null,"summary":null},"safety_identifier":null,"temperature":0.5,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":null,"truncation":"disabled","user":null,"usage":{{{Usage}}},"native_finish_reason":"tool_use"}""",
        await WrittenAnswer.OfResponsesAsync(stream: false, ",\"instructions\":\"be kind\",\n \"metadata\":{\"a\":\n\"b\"},\"temperature\":0.5", Everything));

    [Fact]
    public async Task Stream_EveryPart_IsAddedFilledAndDone()
    {
        var events = Events(await WrittenAnswer.OfResponsesAsync(stream: true, ",\"metadata\":{\n\"a\":\"b\"}", Everything));
        Assert.Equal(
            """
            created in_progress []
            in_progress in_progress []
            output_item.added 0 {"id":"rs_0_0","type":"reasoning","summary":[]}
            reasoning_summary_part.added 0 rs_0_0 {"type":"summary_text","text":""}
            reasoning_summary_text.delta 0 rs_0_0 let me
            reasoning_summary_text.done 0 rs_0_0 let me
            reasoning_summary_part.done 0 rs_0_0 {"type":"summary_text","text":"let me"}
            output_item.done 0 {"id":"rs_0_0","type":"reasoning","summary":[{"type":"summary_text","text":"let me"}],"encrypted_content":"route.signed:c2ln"}
            output_item.added 1 {"id":"rs_0_1","type":"reasoning","summary":[]}
            output_item.done 1 {"id":"rs_0_1","type":"reasoning","summary":[],"encrypted_content":"route.redacted:ZA=="}
            output_item.added 2 {"id":"msg_0_2","type":"message","role":"assistant","status":"in_progress","content":[]}
            content_part.added 2 msg_0_2 {"type":"output_text","annotations":[],"logprobs":[],"text":""}
            output_text.delta 2 msg_0_2 Grüße 
            output_text.delta 2 msg_0_2 "all"
            output_text.done 2 msg_0_2 Grüße "all"
            content_part.done 2 msg_0_2 {"type":"output_text","annotations":[],"logprobs":[],"text":"Grüße \"all\""}
            output_item.done 2 {"id":"msg_0_2","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","annotations":[],"logprobs":[],"text":"Grüße \"all\""}]}
            output_item.added 3 {"id":"fc_0_3","type":"function_call","call_id":"c1","name":"weather","status":"in_progress","arguments":""}
            function_call_arguments.delta 3 fc_0_3 {"a":
            function_call_arguments.delta 3 fc_0_3 1}
            function_call_arguments.done 3 fc_0_3 {"a":1}
            output_item.done 3 {"id":"fc_0_3","type":"function_call","call_id":"c1","name":"weather","status":"completed","arguments":"{\"a\":1}"}
            output_item.added 4 {"id":"fc_0_4","type":"function_call","call_id":"c2","name":"now","status":"in_progress","arguments":""}
            function_call_arguments.done 4 fc_0_4 {}
            output_item.done 4 {"id":"fc_0_4","type":"function_call","call_id":"c2","name":"now","status":"completed","arguments":"{}"}

            """ + $"completed completed {Output} {Usage}", string.Join('\n', events));
    }

    [Fact]
    public async Task Stream_CallsWhoseArgumentsComeInTurns_AreOpenTogether()
    {
        var events = Events(await WrittenAnswer.OfResponsesAsync(stream: true, "",
            ChatEvent.ToolCall(0, "c1", "a"), ChatEvent.ToolCall(1, "c2", "b"), ChatEvent.Arguments(1, Utf8("{\"y\":")), ChatEvent.Arguments(0, Utf8("{\"x\":\"}\"")),
            ChatEvent.Arguments(1, Utf8("2}")), ChatEvent.Arguments(0, Utf8("}")), ChatEvent.Stopped(StopReason.ToolCall, null)));
        Assert.Equal(
            """
            function_call_arguments.delta 1 fc_0_1 {"y":
            function_call_arguments.delta 0 fc_0_0 {"x":"}"
            function_call_arguments.delta 1 fc_0_1 2}
            function_call_arguments.delta 0 fc_0_0 }
            function_call_arguments.done 0 fc_0_0 {"x":"}"}
            function_call_arguments.done 1 fc_0_1 {"y":2}
            """, string.Join('\n', events.Where(e => e.StartsWith("function_call", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData(StopReason.End, "stop", "completed", null)]
    [InlineData(StopReason.StopSequence, "x", "completed", null)]
    [InlineData(StopReason.Length, "length", "incomplete", "max_output_tokens")]
    [InlineData(StopReason.ContextExhausted, "x", "incomplete", "max_output_tokens")]
    [InlineData(StopReason.SafetyFiltered, "SAFETY", "incomplete", "content_filter")]
    [InlineData(StopReason.Other, "BRAND_NEW", "incomplete", "BRAND_NEW")]
    [InlineData(StopReason.MalformedOutput, "MALFORMED_FUNCTION_CALL", "incomplete", "MALFORMED_FUNCTION_CALL")]
    public async Task Answer_StopReason_IsStatusAndReason(StopReason stop, string raw, string status, string? reason)
    {
        ChatEvent[] events = [ChatEvent.Text(Utf8("a")), ChatEvent.Stopped(stop, raw)];
        using var whole = JsonDocument.Parse(await WrittenAnswer.OfResponsesAsync(stream: false, "", events));
        var last = (await WrittenAnswer.OfResponsesAsync(stream: true, "", events)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[^1].Split('\n');
        using var streamed = JsonDocument.Parse(last[1]["data: ".Length..]);

        Assert.Equal($"event: response.{status}", last[0]);
        foreach (var response in new[] { whole.RootElement, streamed.RootElement.GetProperty("response") })
        {
            var details = response.GetProperty("incomplete_details");
            Assert.Equal((status, reason), (Text(response, "status"), details.ValueKind == JsonValueKind.Null ? null : Text(details, "reason")));
            Assert.Equal(status, Text(response.GetProperty("output")[0], "status"));
            Assert.Equal(raw, Text(response, "native_finish_reason"));
        }
    }

    [Fact]
    public async Task Stream_SameWire_TerminalEventIsHeldToTheEnd()
    {
        var answer = await WrittenAnswer.OfResponsesAsync(stream: true, "",
            ChatEvent.Raw(Utf8("event: a\n\n"), hasContent: true), ChatEvent.Used(Used), ChatEvent.Stopped(StopReason.End, "completed"),
            ChatEvent.Raw(Utf8("event: response.completed\n\n"), hasContent: false));
        Assert.Equal("event: a\n\nevent: response.completed\n\n", answer);
    }

    [Fact]
    public async Task Stream_SameWireBreaks_ErrorEventThenCut()
    {
        var answer = await WrittenAnswer.OfBrokenResponseAsync(Failure.Of(FailureKind.StreamInterrupted, "It broke."), ChatEvent.Raw(Utf8("event: a\n\n"), hasContent: true));
        Assert.Equal(
            "event: a\n\nevent: error\ndata: {\"type\":\"error\",\"sequence_number\":0,\"code\":\"stream_interrupted\",\"message\":\"It broke.\",\"param\":null,\"kind\":\"stream_interrupted\"}\n\n", answer);
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static IEnumerable<string> Events(string stream)
    {
        var sequence = 0;
        foreach (var text in stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = text.Split('\n');
            Assert.Equal(2, lines.Length); // No value of the caller's may end an event.
            using var json = JsonDocument.Parse(lines[1]["data: ".Length..]);
            var root = json.RootElement;
            Assert.Equal("event: " + Text(root, "type"), lines[0]); // Clients go by either.
            Assert.Equal(sequence++, root.GetProperty("sequence_number").GetInt32());
            yield return Text(root, "type")["response.".Length..] + " " + Describe(root);
        }
    }

    private static string Describe(JsonElement e)
    {
        if (e.TryGetProperty("response", out var response))
        {
            var usage = response.GetProperty("usage");
            return $"{Text(response, "status")} {response.GetProperty("output")}{(usage.ValueKind == JsonValueKind.Null ? "" : $" {usage}")}";
        }

        var id = e.TryGetProperty("item_id", out var item) ? $" {item}" : "";
        var what = new[] { "item", "part", "delta", "text", "arguments" }.First(n => e.TryGetProperty(n, out _));
        return $"{e.GetProperty("output_index")}{id} {e.GetProperty(what)}";
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!; // The answer has it.
}
