using System.Text;
using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Tests.OpenAI;

namespace Routing.Edge.Tests.Anthropic;

public sealed class MessagesAnswerTests
{
    private static readonly TokenUsage Used = new() { InputTotal = 330, CacheRead = 300, CacheWrite = 20, OutputTotal = 40, Reasoning = 15, Source = UsageSource.Reported };

    private static readonly ChatEvent[] Everything =
    [
        ChatEvent.Reasoning(Utf8("let me")), ChatEvent.Signature(Utf8("c2ln")), ChatEvent.Reasoning(Utf8("more")), ChatEvent.Redacted(Utf8("ZA==")),
        ChatEvent.Text(Utf8("Grüße ")), ChatEvent.Text(Utf8("\"all\"")),
        ChatEvent.ToolCall(0, "c1", "weather"), ChatEvent.Arguments(0, Utf8("{\"a\":")), ChatEvent.Arguments(0, Utf8("1}")), ChatEvent.ToolCall(1, "c2", "now"),
        ChatEvent.Used(Used), ChatEvent.Stopped(StopReason.ToolCall, "tool_calls"),
    ];

    [Fact]
    public async Task Whole_EveryPart_HasItsBlock() => Assert.Equal(
        """{"id":"msg_0","type":"message","role":"assistant","model":"","content":[{"type":"thinking","thinking":"let me","signature":"c2ln"},{"type":"thinking","thinking":"more","signature":""},{"type":"redacted_thinking","data":"ZA=="},{"type":"text","text":"Grüße \"all\""},{"type":"tool_use","id":"c1","name":"weather","input":{"a":1}},{"type":"tool_use","id":"c2","name":"now","input":{}}],"stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":10,"cache_creation_input_tokens":20,"cache_read_input_tokens":300,"output_tokens":40,"output_tokens_details":{"thinking_tokens":15}}}""",
        await WrittenAnswer.OfMessagesAsync(stream: false, Everything));

    [Fact]
    public async Task Stream_EveryPart_IsOneBlockAfterTheOther()
    {
        var events = Events(await WrittenAnswer.OfMessagesAsync(stream: true, Everything));
        Assert.Equal(
            """
            message_start
            0 thinking
            0 +thinking_delta let me
            0 +signature_delta c2ln
            0 stop
            1 thinking
            1 +thinking_delta more
            1 stop
            2 redacted_thinking
            2 stop
            3 text
            3 +text_delta Grüße 
            3 +text_delta "all"
            3 stop
            4 tool_use c1 weather
            4 +input_json_delta {"a":
            4 +input_json_delta 1}
            4 stop
            5 tool_use c2 now
            5 stop
            message_delta tool_use 10/40
            message_stop
            """, string.Join('\n', events));
    }

    [Fact]
    public async Task Stream_CallsWhoseArgumentsComeInTurns_AreStillWholeBlocks()
    {
        var events = Events(await WrittenAnswer.OfMessagesAsync(stream: true,
            ChatEvent.ToolCall(0, "c1", "a"), ChatEvent.ToolCall(1, "c2", "b"), ChatEvent.Arguments(1, Utf8("{\"y\":")), ChatEvent.Arguments(0, Utf8("{\"x\":\"}\"")),
            ChatEvent.Arguments(1, Utf8("2}")), ChatEvent.Arguments(0, Utf8("}")), ChatEvent.Stopped(StopReason.ToolCall, "tool_calls")));
        Assert.Equal(
            """
            message_start
            0 tool_use c1 a
            0 +input_json_delta {"x":"}"
            0 +input_json_delta }
            0 stop
            1 tool_use c2 b
            1 +input_json_delta {"y":2}
            1 stop
            message_delta tool_use 0/0
            message_stop
            """, string.Join('\n', events));
    }

    [Fact]
    public async Task Stream_TextAmidTheArgumentsOfACall_LosesNone()
    {
        var events = Events(await WrittenAnswer.OfMessagesAsync(stream: true,
            ChatEvent.ToolCall(0, "c1", "a"), ChatEvent.Arguments(0, Utf8("{\"x\":")), ChatEvent.Text(Utf8("by the ")), ChatEvent.Text(Utf8("way")), ChatEvent.Reasoning(Utf8("hm")),
            ChatEvent.Signature(Utf8("c2ln")), ChatEvent.Redacted(Utf8("ZA==")), ChatEvent.Arguments(0, Utf8("1}")), ChatEvent.Stopped(StopReason.ToolCall, "tool_calls")));
        Assert.Equal(
            """
            message_start
            0 tool_use c1 a
            0 +input_json_delta {"x":
            0 +input_json_delta 1}
            0 stop
            1 text
            1 +text_delta by the way
            1 stop
            2 thinking
            2 +thinking_delta hm
            2 +signature_delta c2ln
            2 stop
            3 redacted_thinking
            3 stop
            message_delta tool_use 0/0
            message_stop
            """, string.Join('\n', events));
    }

    [Theory]
    [InlineData(StopReason.End, "stop", "end_turn")]
    [InlineData(StopReason.Length, "length", "max_tokens")]
    [InlineData(StopReason.StopSequence, "x", "stop_sequence")]
    [InlineData(StopReason.SafetyFiltered, "SAFETY", "refusal")]
    [InlineData(StopReason.ContextExhausted, "x", "model_context_window_exceeded")]
    [InlineData(StopReason.Other, "BRAND_NEW", "BRAND_NEW")]
    [InlineData(StopReason.MalformedOutput, "MALFORMED_FUNCTION_CALL", "MALFORMED_FUNCTION_CALL")]
    public async Task Whole_StopReason_IsAnthropicsWordOrTheProvidersOwn(StopReason stop, string raw, string word)
    {
        using var json = JsonDocument.Parse(await WrittenAnswer.OfMessagesAsync(stream: false, ChatEvent.Text(Utf8("a")), ChatEvent.Stopped(stop, raw)));
        Assert.Equal(word, json.RootElement.GetProperty("stop_reason").GetString());
    }

    [Fact]
    public async Task Whole_ArgumentsCutShort_GoAlongAsText() => Assert.Contains("""
        "input":{"partial_json":"{\"a\":"}
        """.Trim(), await WrittenAnswer.OfMessagesAsync(stream: false,
        ChatEvent.ToolCall(0, "c", "t"), ChatEvent.Arguments(0, Utf8("{\"a\":")), ChatEvent.Stopped(StopReason.Length, "length")), StringComparison.Ordinal);

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static IEnumerable<string> Events(string stream)
    {
        foreach (var text in stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = text.Split('\n');
            using var json = JsonDocument.Parse(lines[1]["data: ".Length..]);
            var root = json.RootElement;
            Assert.Equal("event: " + Text(root, "type"), lines[0]); // Clients go by either.
            yield return Text(root, "type") switch
            {
                "content_block_start" => $"{root.GetProperty("index")} {Block(root.GetProperty("content_block"))}",
                "content_block_delta" => $"{root.GetProperty("index")} +{Delta(root.GetProperty("delta"))}",
                "content_block_stop" => $"{root.GetProperty("index")} stop",
                "message_delta" => $"message_delta {Text(root.GetProperty("delta"), "stop_reason")} {root.GetProperty("usage").GetProperty("input_tokens")}/{root.GetProperty("usage").GetProperty("output_tokens")}",
                var type => type,
            };
        }
    }

    private static string Block(JsonElement block) =>
        Text(block, "type") is "tool_use" ? $"tool_use {Text(block, "id")} {Text(block, "name")}" : Text(block, "type");

    private static string Delta(JsonElement delta) =>
        Text(delta, "type") + " " + delta.EnumerateObject().First(p => p.Name != "type").Value.GetString();

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!; // The answer has it.
}
