using System.Text;
using Routing.Core.Llm;
using Routing.Core.Providers.Vertex;

namespace Routing.Core.Tests.Providers.Vertex;

public sealed class GeminiToolAnswerTests
{
    private const string Thinking = """{"candidates":[{"content":{"role":"model","parts":[{"text":"Let me \u00e9 see","thought":true}]}}],"usageMetadata":{"trafficType":"ON_DEMAND_PRIORITY"},"responseId":"aB-1_2"}""";

    private const string TwoCalls = """
        {"candidates":[{"content":{"role":"model","parts":[{"text":"I look."},{"functionCall":{"name":"weather","args":{"city":"Z\u00fcrich","days":[1,2]}},"thoughtSignature":"AbC+/w=="},{"functionCall":{"name":"weather","args":{}}}]}}],"responseId":"aB-1_2"}
        """;

    private const string End = """{"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":10,"toolUsePromptTokenCount":2,"cachedContentTokenCount":4,"candidatesTokenCount":5,"thoughtsTokenCount":7,"totalTokenCount":24}}""";

    [Fact]
    public void Read_ThinkingTextAndParallelCalls_AreEventsInOrder() => Assert.Equal(
        [
            "thought Let me é see",
            "text I look.",
            "call 0 gcall_aB12_0_AbC-_w weather",
            """arguments 0 {"city":"Z\u00fcrich","days":[1,2]}""",
            "call 1 gcall_aB12_1 weather",
            "arguments 1 {}",
            "used 12+12 cached 4 thinking 7 ON_DEMAND_PRIORITY",
            "stopped ToolCall STOP",
        ],
        GeminiEvents.Stream(Thinking, TwoCalls, End));

    [Fact]
    public void Read_WholeAnswer_HasTheSameEvents() => Assert.Equal(
        [
            "thought hm", "text Hi", "call 0 gcall_r1_0 now", "arguments 0 {}", "used 3+2 cached 0 thinking 0 PROVISIONED_THROUGHPUT", "stopped ToolCall STOP",
        ],
        GeminiEvents.Whole("""
            {
              "candidates": [ { "content": { "role": "model", "parts": [
                { "thought": true, "text": "hm" }, { "text": "Hi" }, { "functionCall": { "name": "now" } } ] },
                "finishReason": "STOP" } ],
              "usageMetadata": { "promptTokenCount": 3, "candidatesTokenCount": 2, "trafficType": "PROVISIONED_THROUGHPUT" },
              "responseId": "r1"
            }
            """));

    [Fact]
    public void Read_CallsOfSeveralResponses_CountOnUnderOneName() => Assert.Equal(
        ["call 0 gcall_first_0 a", "arguments 0 {}", "call 1 gcall_first_1 b", """arguments 1 {"x":null}""", "stopped ToolCall STOP"],
        GeminiEvents.Stream(
            """{"candidates":[{"content":{"parts":[{"functionCall":{"name":"a","args":null}}]}}],"responseId":"first"}""",
            """{"candidates":[{"content":{"parts":[{"functionCall":{"args":{"x":null},"name":"b"}}]},"finishReason":"STOP"}],"responseId":"second"}"""));

    [Fact]
    public void Read_AnswerWithoutAnId_NamesCallsByItsBytes()
    {
        static string Id(string args) => GeminiEvents.Stream(Call(args))[0];
        Assert.Equal(Id("{}"), Id("{}"));
        Assert.NotEqual(Id("{}"), Id("""{"a":1}"""), StringComparer.Ordinal);
        Assert.Matches("^call 0 gcall_[0-9a-f]{16}_0 t$", Id("{}"));

        static string Call(string args) => $$$"""{"candidates":[{"content":{"parts":[{"functionCall":{"name":"t","args":{{{args}}}}}]},"finishReason":"STOP"}]}""";
    }

    [Theory]
    [InlineData("""{"text":"hm","thought":true,"thoughtSignature":"c2ln"}""", """{"text":"Hi"}""")]
    [InlineData("""{"text":"hm","thought":true}""", """{"text":"Hi","thoughtSignature":"c2ln"}""")]
    [InlineData("""{"thought":true,"text":"hm"}""", """{"thoughtSignature":"c2ln","text":""},{"text":"Hi"}""")]
    public void Read_SignatureOfShownThinking_FollowsIt(string thought, string text) => Assert.Equal(
        ["thought hm", "signature gemini:c2ln", "text Hi", "stopped End STOP"],
        GeminiEvents.Stream($$$"""{"candidates":[{"content":{"parts":[{{{thought}}},{{{text}}}]},"finishReason":"STOP"}]}"""));

    [Fact]
    public void Read_SignatureOfHiddenThinking_IsLeftOut() => Assert.Equal(
        ["text Hi", "stopped End STOP"],
        GeminiEvents.Stream("""{"candidates":[{"content":{"parts":[{"text":"Hi"},{"text":"","thoughtSignature":"c2ln"}]},"finishReason":"STOP"}]}"""));

    [Theory]
    [InlineData("""{"functionCall":7}""")]
    [InlineData("""{"functionCall":{"args":{}}}""")]
    [InlineData("""{"functionCall":{"name":"t","args":"{}"}}""")]
    [InlineData("""{"text":"before"},{"functionCall":{"name":"\ud83d","args":{}}}""")]
    public void Read_CallThatCannotBeRead_IsInterruptedAndNothingOfItsResponseIsTold(string parts) => Assert.Equal(
        ["failed StreamInterrupted"],
        GeminiEvents.Stream($$$"""{"candidates":[{"content":{"parts":[{{{parts}}}]},"finishReason":"STOP"}]}"""));

    [Theory]
    [InlineData("MALFORMED_FUNCTION_CALL", StopReason.MalformedOutput)]
    [InlineData("MAX_TOKENS", StopReason.Length)]
    public void Read_AnotherStopAfterACall_StaysItself(string raw, StopReason stop) => Assert.Equal($"stopped {stop} {raw}", GeminiEvents.Stream(
        $$$$"""{"candidates":[{"content":{"parts":[{"functionCall":{"name":"t","args":{}}}]},"finishReason":"{{{{raw}}}}"}]}""")[^1]);

    [Fact]
    public void Read_UsageOfSeveralResponses_TheLastIsWhole()
    {
        var used = GeminiEvents.Stream(
            """{"candidates":[{"content":{"parts":[{"text":"a"}]}}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":1,"thoughtsTokenCount":3}}""",
            """{"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":2,"trafficType":"ON_DEMAND_FLEX"}}""");
        Assert.Equal(["text a", "used 9+4 cached 0 thinking 3 ", "used 9+2 cached 0 thinking 0 ON_DEMAND_FLEX", "stopped End STOP"], used);
    }

    [Theory]
    [InlineData("gcall_aB12_0_AbC-_w", "AbC+/w==", "gcall_aB12_0")]
    [InlineData("gcall_aB12_0", null, "gcall_aB12_0")]
    [InlineData("gcall_aB12_0_???", null, "gcall_aB12_0")]
    [InlineData("call_a_b_c2ln", null, "call_a_b_c2ln")]
    [InlineData("toolu_01", null, "toolu_01")]
    [InlineData("gcall_", null, "gcall_")]
    [InlineData("", null, "")]
    public void Signature_OfAnId_ComesBackAsItWas(string id, string? signature, string without) =>
        Assert.Equal((signature, without), (GeminiCallIds.Signature(id), GeminiCallIds.Short(id)));

    [Fact]
    public void Of_EverySignature_ComesBack()
    {
        var random = new Random(1);
        for (var length = 1; length < 200; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            var signature = Convert.ToBase64String(bytes);
            var id = GeminiCallIds.Of("a", 3, Encoding.ASCII.GetBytes(signature));
            Assert.Matches("^[A-Za-z0-9_-]+$", id);
            Assert.Equal(signature, GeminiCallIds.Signature(id));
        }
    }

    [Fact]
    public void Short_LongestId_FitsTheNarrowestProvider() =>
        Assert.True(GeminiCallIds.Of(GeminiCallIds.Answer(new string('a', 99), default), 999, default).Length <= 40);
}
