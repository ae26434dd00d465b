using System.Buffers;
using System.Text;
using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.OpenAI;

namespace Routing.Edge.Tests.OpenAI;

public sealed class ChatAnswerTests
{
    private static readonly ChatEvent[] Mixed =
    [
        ChatEvent.Reasoning("I th"u8.ToArray()), ChatEvent.Reasoning("ink"u8.ToArray()), ChatEvent.Signature("si"u8.ToArray()), ChatEvent.Signature("g"u8.ToArray()),
        ChatEvent.Redacted("opaque"u8.ToArray()),
        ChatEvent.Text("He said "u8.ToArray()), ChatEvent.Text("\"hi\""u8.ToArray()),
        ChatEvent.ToolCall(0, "c1", "look_up"), ChatEvent.ToolCall(1, "c2", "now"),
        ChatEvent.Arguments(0, "{\"a\":"u8.ToArray()), ChatEvent.Signature("late"u8.ToArray()), ChatEvent.Arguments(0, "1}"u8.ToArray()),
        ChatEvent.Used(new TokenUsage { InputTotal = 10, CacheRead = 4, CacheWrite = 3, OutputTotal = 6, Reasoning = 2, Source = UsageSource.Reported }),
        ChatEvent.Stopped(StopReason.ToolCall, "tool_use"),
    ];

    [Fact]
    public async Task Whole_EveryKindOfContent_IsOneMessage()
    {
        var text = await WrittenAnswer.OfChatAsync(stream: false, Mixed);

        Assert.Equal("""
            {"id":"chatcmpl-0","object":"chat.completion","created":0,"model":"","choices":[{"index":0,"message":{"role":"assistant","content":"He said \"hi\"","refusal":null,
            "reasoning_content":"I think","thinking_blocks":[{"type":"thinking","thinking":"I think","signature":"sig"},{"type":"redacted_thinking","data":"opaque"},
            {"type":"thinking","thinking":"","signature":"late","tool_calls_before":2}],
            "tool_calls":[{"id":"c1","type":"function","function":{"name":"look_up","arguments":"{\"a\":1}"}},{"id":"c2","type":"function","function":{"name":"now","arguments":"{}"}}]},
            "logprobs":null,"finish_reason":"tool_calls","native_finish_reason":"tool_use"}],
            "usage":{"prompt_tokens":10,"completion_tokens":6,"total_tokens":16,"prompt_tokens_details":{"cached_tokens":4,"cache_write_tokens":3},"completion_tokens_details":{"reasoning_tokens":2}}}
            """.ReplaceLineEndings(""), text);
    }

    [Fact]
    public async Task Whole_OnlyToolCalls_HasNoContent()
    {
        using var json = JsonDocument.Parse(await WrittenAnswer.OfChatAsync(stream: false, ChatEvent.ToolCall(0, "c", "f"), ChatEvent.Stopped(StopReason.ToolCall, "x")));
        var message = json.RootElement.GetProperty("choices")[0].GetProperty("message");
        Assert.Equal(JsonValueKind.Null, message.GetProperty("content").ValueKind);
        Assert.False(message.TryGetProperty("reasoning_content", out _));
        Assert.False(message.TryGetProperty("thinking_blocks", out _));
    }

    [Fact]
    public async Task Stream_EveryKindOfContent_IsDeltasInOrder()
    {
        var deltas = Deltas(await WrittenAnswer.OfChatAsync(stream: true, Mixed));

        Assert.Equal([
            """{"role":"assistant","content":null}""",
            """{"reasoning_content":"I th"}""",
            """{"reasoning_content":"ink"}""",
            """{"thinking_blocks":[{"type":"thinking","thinking":"I think","signature":"sig"}]}""",
            """{"thinking_blocks":[{"type":"redacted_thinking","data":"opaque"}]}""",
            """{"content":"He said "}""",
            """{"content":"\"hi\""}""",
            """{"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"look_up","arguments":""}}]}""",
            """{"tool_calls":[{"index":1,"id":"c2","type":"function","function":{"name":"now","arguments":""}}]}""",
            """{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\":"}}]}""",
            """{"thinking_blocks":[{"type":"thinking","thinking":"","signature":"late","tool_calls_before":2}]}""",
            """{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]}""",
            """{"tool_calls":[{"index":1,"function":{"arguments":"{}"}}]}""",
            "{}",
        ], deltas);
    }

    [Fact]
    public async Task Stream_Ends_WithReasonUsageAndDone()
    {
        var events = (await WrittenAnswer.OfChatAsync(stream: true, Mixed)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.EndsWith("""{"index":0,"delta":{},"logprobs":null,"finish_reason":"tool_calls","native_finish_reason":"tool_use"}]}""", events[^3], StringComparison.Ordinal);
        Assert.Contains("\"choices\":[],\"usage\":{\"prompt_tokens\":10,", events[^2], StringComparison.Ordinal);
        Assert.Equal("data: [DONE]", events[^1]);
    }

    [Fact]
    public async Task Stream_Text_BeginsWithTheRoleAndAnEmptyText() => Assert.Equal(
        ["""{"role":"assistant","content":""}""", """{"content":"a"}""", "{}"],
        Deltas(await WrittenAnswer.OfChatAsync(stream: true, ChatEvent.Text("a"u8.ToArray()), ChatEvent.Stopped(StopReason.End, "end_turn"))));

    [Fact]
    public async Task Both_WhateverCameInASignature_CanBeHandedBack()
    {
        using var json = JsonDocument.Parse(await WrittenAnswer.OfChatAsync(stream: false, Mixed));
        var message = json.RootElement.GetProperty("choices")[0].GetProperty("message").GetRawText();
        var next = $$"""{"model":"m","messages":[{{message}},{"role":"tool","tool_call_id":"c1","content":"1"},{"role":"tool","tool_call_id":"c2","content":"2"}]}""";

        Assert.True(ChatCompletionReader.TryRead(Encoding.UTF8.GetBytes(next), out var call, out var failure), failure?.Message);
        Assert.Equal<ContentPart>([
            new ReasoningPart("I think", "sig"), new RedactedReasoningPart("opaque"), new TextPart("He said \"hi\""),
            new ToolCallPart("c1", "look_up", "{\"a\":1}"), new ToolCallPart("c2", "now", "{}"), new ReasoningPart("", "late")], call.Request.Messages[0].Parts);
    }

    [Fact]
    public void Chunks_OfTextAndArguments_AllocateNothing()
    {
        var place = new ArrayBufferWriter<byte>(1 << 20);
        using var chunks = new ChatChunks(place, "0", 0, "m");
        ChatEvent[] events = [ChatEvent.Text("some text"u8.ToArray()), ChatEvent.Arguments(12, "{\"a\":1}"u8.ToArray())];
        Write(10);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Write(1000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Write(int times)
        {
            for (var i = 0; i < times; i++)
            {
                foreach (var e in events) chunks.Write(e);
            }
        }
    }

    private static List<string> Deltas(string stream) =>
        [.. stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Where(e => e != "data: [DONE]")
            .Select(e => JsonDocument.Parse(e["data: ".Length..]).RootElement.GetProperty("choices"))
            .Where(c => c.GetArrayLength() > 0)
            .Select(c => c[0].GetProperty("delta").GetRawText())];
}
