using System.Text;
using Routing.Core.Llm;
using Routing.Core.Providers.Bedrock;
using static Routing.Core.Tests.Providers.EventStreamBytes;

namespace Routing.Core.Tests.Providers.Bedrock;

/// <summary>Tool calls, reasoning and usage in answers, streamed and whole.</summary>
public sealed class ConverseContentTests
{
    private static readonly string LongName = new('n', 70);

    private static readonly ChatRequest Request = new()
    {
        Messages = [ChatMessage.Of(ChatRole.User, "Weather?")],
        Tools = [new ToolDefinition("weather", "", null, false), new ToolDefinition(LongName, "", null, false), new ToolDefinition("files.read", "", null, false)],
    };

    private static readonly byte[] Stop = Event("messageStop", """{"stopReason":"tool_use"}""");

    [Fact]
    public void Stream_ReasoningTextAndTwoCalls_GivesAllInOrder() => Assert.Equal(
        ["reasoning Let me \"think\" …", "signature EqQBCgIYAhIM==", "text One moment.", "call 0 tooluse_1 weather", "arguments 0 {\"city\":\"Köln\"}",
            "call 1 tooluse_2 weather", "arguments 1 {}", "stopped ToolCall tool_use", "usage 50=20+25+5 9"],
        Read(
            Event("messageStart", """{"p":"abc","role":"assistant"}"""),
            Event("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"Let me "}},"p":"abcdefg"}"""),
            Event("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"\"think\" …"}},"p":"a"}"""),
            Event("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"reasoningContent":{"signature":"EqQBCgIYAhIM=="}},"p":"a"}"""),
            Event("contentBlockStop", """{"contentBlockIndex":0,"p":"abcd"}"""),
            Event("contentBlockDelta", """{"contentBlockIndex":1,"delta":{"text":"One moment."},"p":"a"}"""),
            Event("contentBlockStop", """{"contentBlockIndex":1}"""),
            Event("contentBlockStart", """{"contentBlockIndex":2,"p":"ab","start":{"toolUse":{"name":"weather","toolUseId":"tooluse_1"}}}"""),
            Event("contentBlockDelta", """{"contentBlockIndex":2,"delta":{"toolUse":{"input":""}}}"""),
            Event("contentBlockDelta", """{"contentBlockIndex":2,"delta":{"toolUse":{"input":"{\"ci"}}}"""),
            Event("contentBlockDelta", """{"delta":{"toolUse":{"input":"ty\":\"K\u00f6ln\"}"}},"contentBlockIndex":2}"""),
            Event("contentBlockStop", """{"contentBlockIndex":2}"""),
            Event("contentBlockStart", """{"start":{"toolUse":{"toolUseId":"tooluse_2","name":"weather"}},"contentBlockIndex":3}"""),
            Event("contentBlockStop", """{"contentBlockIndex":3}"""),
            Stop,
            Event("metadata", """{"usage":{"inputTokens":20,"outputTokens":9,"totalTokens":59,"cacheReadInputTokens":25,"cacheWriteInputTokens":5,"cacheDetails":[{"inputTokens":3,"ttl":"5m"},{"inputTokens":2,"ttl":"1h"}]},"metrics":{"latencyMs":7}}""")));

    [Fact]
    public void Stream_InterleavedCalls_EachGetsItsOwnArguments() => Assert.Equal(
        ["call 0 a weather", "call 1 b weather", "arguments 0 {\"x\":", "arguments 1 {}", "arguments 0 1}", "stopped ToolCall tool_use"],
        Read(
            Event("contentBlockStart", """{"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"a","name":"weather"}}}"""),
            Event("contentBlockStart", """{"contentBlockIndex":1,"start":{"toolUse":{"toolUseId":"b","name":"weather"}}}"""),
            Event("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"toolUse":{"input":"{\"x\":"}}}"""),
            Event("contentBlockDelta", """{"contentBlockIndex":1,"delta":{"toolUse":{"input":"{}"}}}"""),
            Event("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"toolUse":{"input":"1}"}}}"""),
            Event("contentBlockStop", """{"contentBlockIndex":0}"""), Event("contentBlockStop", """{"contentBlockIndex":1}"""), Stop));

    [Fact]
    public void Stream_RedactedReasoning_IsHandedOnAsItIs() => Assert.Equal(
        ["redacted EmwKAhgBEgy+/w==", "text Hi", "stopped End end_turn"],
        Read(
            Event("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"reasoningContent":{"redactedContent":"EmwKAhgBEgy+/w=="}}}"""),
            Event("contentBlockStop", """{"contentBlockIndex":0}"""),
            Event("contentBlockDelta", """{"contentBlockIndex":1,"delta":{"text":"Hi"}}"""), Event("messageStop", """{"stopReason":"end_turn"}""")));

    [Theory]
    [InlineData("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"hologram":{"text":"x"}}}""", "failed Unknown hologram")]
    [InlineData("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"reasoningContent":{"sketch":"x"}}}""", "failed Unknown sketch")]
    [InlineData("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"image":{"source":{"bytes":"AA=="}}}}""", "failed Unknown image")]
    [InlineData("contentBlockStart", """{"contentBlockIndex":0,"start":{"image":{"format":"png"}}}""", "failed Unknown image")]
    [InlineData("contentBlockStart", """{"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"t","name":"nova_grounding","type":"server_tool_use"}}}""", "failed Unknown server_tool_use")]
    [InlineData("contentBlockStart", """{"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"t"}}}""", "failed StreamInterrupted ")]
    [InlineData("contentBlockDelta", """{"contentBlockIndex":4,"delta":{"toolUse":{"input":"{}"}}}""", "failed StreamInterrupted ")]
    [InlineData("contentBlockDelta", """{"contentBlockIndex":4,"delta":{"toolUse":{"input":"\ud83d"}}}""", "failed StreamInterrupted ")]
    public void Stream_ContentOfAnotherKind_IsNoWholeAnswer(string type, string payload, string expected) => Assert.Equal([expected], Read(Event(type, payload), Stop));

    [Theory]
    [InlineData("""{"contentBlockIndex":0,"start":{}}""")]
    [InlineData("""{"contentBlockIndex":0,"start":null}""")]
    [InlineData("""{"contentBlockIndex":0,"start":{"toolUse":7}}""")]
    [InlineData("[]")]
    public void Stream_StartOfNothing_IsPassedOver(string payload) => Assert.Equal(["stopped ToolCall tool_use"], Read(Event("contentBlockStart", payload), Stop));

    [Fact]
    public void Stream_Citation_IsNoText() => Assert.Equal(["stopped ToolCall tool_use"], Read(
        Event("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"citation":{"title":"t","sourceContent":[{"text":"x"}]}}}"""), Stop));

    [Theory]
    [InlineData("""{"inputTokens":20,"outputTokens":9,"totalTokens":29}""", "usage 20=20+0+0 9")]
    [InlineData("""{"inputTokens":20,"outputTokens":9,"cacheReadInputTokens":4}""", "usage 24=20+4+0 9")]
    [InlineData("""{"inputTokens":20,"outputTokens":9,"cacheDetails":[{"inputTokens":3,"ttl":"5m"},{"inputTokens":2,"ttl":"1h"}]}""", "usage 25=20+0+5 9")]
    [InlineData("""{"inputTokens":20}""", "usage 20=20+0+0 0")]
    [InlineData("""{"outputTokens":9}""", "usage 0=0+0+0 9")]
    [InlineData("{}", null)]
    [InlineData("""{"totalTokens":29}""", null)]
    [InlineData("null", null)]
    public void Usage_PresentPartialOrAbsent_IsToldAsItIs(string usage, string? expected)
    {
        string[] all = expected is null ? [] : [expected];
        Assert.Equal(["stopped ToolCall tool_use", .. all], Read(Stop, Event("metadata", $$$"""{"usage":{{{usage}}},"metrics":{"latencyMs":7}}""")));
        Assert.Equal([.. all, "stopped End end_turn"], ReadWhole($$$"""{"usage":{{{usage}}},"output":{"message":{"content":[],"role":"assistant"}},"stopReason":"end_turn"}"""));
    }

    [Fact]
    public void Whole_ReasoningTextAndCalls_GivesAllInOrder() => Assert.Equal(
        ["reasoning hm", "signature s+g=", "redacted QQ==", "text One moment.", "call 0 tooluse_1 weather", "arguments 0 { \"city\": \"Köln\" }",
            "call 1 tooluse_2 weather", "arguments 1 {}", "usage 5=5+0+0 2", "stopped ToolCall tool_use"],
        ReadWhole("""
            {"metrics":{"latencyMs":551},"output":{"message":{"content":[{"reasoningContent":{"reasoningText":{"signature":"s+g=","text":"hm"}}},
             {"reasoningContent":{"redactedContent":"QQ=="}},{"text":"One moment."},
             {"toolUse":{"name":"weather","input":{ "city": "Köln" },"toolUseId":"tooluse_1"}},{"toolUse":{"toolUseId":"tooluse_2","name":"weather"}}],"role":"assistant"}},
             "stopReason":"tool_use","usage":{"inputTokens":5,"outputTokens":2,"totalTokens":7}}
            """));

    [Theory]
    [InlineData("""{"hologram":{"text":"x"}}""", "failed Unknown hologram")]
    [InlineData("""{"reasoningContent":{"sketch":"x"}}""", "failed Unknown sketch")]
    [InlineData("""{"toolUse":{"toolUseId":"t","name":"n","input":{},"type":"server_tool_use"}}""", "failed Unknown server_tool_use")]
    [InlineData("""{"toolUse":{"toolUseId":"t","input":{}}}""", "failed Unknown ")]
    [InlineData("""{"toolUse":{"toolUseId":"t","name":"n","input":"{}"}}""", "failed Unknown ")]
    public void Whole_ContentOfAnotherKind_IsNoAnswer(string block, string expected) => Assert.Equal(
        [expected], ReadWhole($$$"""{"output":{"message":{"content":[{{{block}}}],"role":"assistant"}},"stopReason":"end_turn"}"""));

    [Fact]
    public void Calls_OfToolsWhoseNamesWereReplaced_AreToldUnderTheCallersNames()
    {
        string[] sent = [ConverseNames.ToWire(LongName), ConverseNames.ToWire("files.read")];
        Assert.All(sent, name => Assert.Matches("^[a-zA-Z0-9_-]{1,64}$", name));
        Assert.StartsWith("files_read_", sent[1], StringComparison.Ordinal);
        string[] expected = [$"call 0 a {LongName}", "arguments 0 {}", "call 1 b files.read", "arguments 1 {}", "stopped ToolCall tool_use"];
        Assert.Equal(expected, Read(
            Event("contentBlockStart", $$$$"""{"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"a","name":"{{{{sent[0]}}}}"}}}"""), Event("contentBlockStop", """{"contentBlockIndex":0}"""),
            Event("contentBlockStart", $$$$"""{"contentBlockIndex":1,"start":{"toolUse":{"toolUseId":"b","name":"{{{{sent[1]}}}}"}}}"""), Event("contentBlockStop", """{"contentBlockIndex":1}"""), Stop));
        Assert.Equal(expected, ReadWhole($$$$"""
            {"output":{"message":{"content":[{"toolUse":{"toolUseId":"a","name":"{{{{sent[0]}}}}","input":{}}},{"toolUse":{"toolUseId":"b","name":"{{{{sent[1]}}}}","input":{}}}]}},"stopReason":"tool_use"}
            """));
    }

    private static string[] Read(params byte[][] frames) =>
        EventLog.SplitEverywhere(() => new ConverseEventReader(Calls.Of(Request, stream: true), Calls.AnyModel), frames.SelectMany(f => f).ToArray());

    private static string[] ReadWhole(string body) => EventLog.SplitEverywhere(() => new ConverseAnswerReader(Calls.Of(Request)), Encoding.UTF8.GetBytes(body));
}
