using Routing.Core.Llm;
using Routing.Core.Providers.Vertex;

namespace Routing.Core.Tests.Providers.Vertex;

public sealed class GeminiReaderTests
{
    private const string Hello = """{"candidates":[{"content":{"role":"model","parts":[{"text":"Hello"}]},"index":0}],"usageMetadata":{"promptTokenCount":8,"totalTokenCount":8,"trafficType":"ON_DEMAND"},"modelVersion":"gemini-2.5-flash","responseId":"r-1"}""";
    private const string Escaped = """{"candidates":[{"content":{"role":"model","parts":[{"text":" \"wörld\"\n"},{"text":"\ud83d\ude00"}]}}]}""";
    private const string Last = """{"candidates":[{"content":{"role":"model","parts":[{"text":"."}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":8,"candidatesTokenCount":4,"thoughtsTokenCount":6,"toolUsePromptTokenCount":2,"cachedContentTokenCount":5,"totalTokenCount":20,"trafficType":"PROVISIONED_THROUGHPUT"},"responseId":"r-1"}""";

    [Theory]
    [InlineData("\n\n", "")]
    [InlineData("\r\n\r\n", "")]
    [InlineData("\r\r", "")]
    [InlineData("\n\n", "\uFEFF")]
    public void Read_WholeStream_SplitAnywhere_GivesTextUsageAndStop(string end, string before)
    {
        var answer = Stream($"{before}data: {Hello}{end}: keep-alive{end}data:{Escaped}{end}data: {Last}{end}");
        Assert.Null(answer.Failure);
        Assert.Equal("Hello \"wörld\"\n😀.", answer.Text);
        Assert.Equal((StopReason.End, "STOP", "r-1"), (answer.Stop, answer.RawStop, answer.ResponseId));

        // Google counts thinking beside the answer and prompts of tools beside the prompt; ours are inside.
        Assert.Equal(
            new TokenUsage { InputTotal = 10, CacheRead = 5, OutputTotal = 10, Reasoning = 6, Source = UsageSource.Reported, CapacityClass = "PROVISIONED_THROUGHPUT" },
            answer.Usage);
    }

    [Fact]
    public void Read_LastEventWithoutEmptyLine_IsTaken() => Assert.Equal(("Hello.", StopReason.End), Text(Stream($"data: {Hello}\n\ndata: {Last}")));

    [Fact]
    public void Read_Unary_SplitAnywhere_GivesTheSame()
    {
        var answer = Unary(Last);
        Assert.Equal((".", StopReason.End), Text(answer));
        Assert.Equal((10, 10), (answer.Usage!.Value.InputTotal, answer.Usage.Value.OutputTotal));
    }

    [Theory]
    [InlineData("STOP", StopReason.End)]
    [InlineData("MAX_TOKENS", StopReason.Length)]
    [InlineData("SAFETY", StopReason.SafetyFiltered)]
    [InlineData("BLOCKLIST", StopReason.SafetyFiltered)]
    [InlineData("PROHIBITED_CONTENT", StopReason.SafetyFiltered)]
    [InlineData("SPII", StopReason.SafetyFiltered)]
    [InlineData("MODEL_ARMOR", StopReason.SafetyFiltered)]
    [InlineData("IMAGE_SAFETY", StopReason.SafetyFiltered)]
    [InlineData("IMAGE_PROHIBITED_CONTENT", StopReason.SafetyFiltered)]
    [InlineData("RECITATION", StopReason.Recitation)]
    [InlineData("IMAGE_RECITATION", StopReason.Recitation)]
    [InlineData("MALFORMED_FUNCTION_CALL", StopReason.MalformedOutput)]
    [InlineData("UNEXPECTED_TOOL_CALL", StopReason.MalformedOutput)]
    [InlineData("TOO_MANY_TOOL_CALLS", StopReason.MalformedOutput)]
    [InlineData("OTHER", StopReason.Other)]
    [InlineData("LANGUAGE", StopReason.Other)]
    [InlineData("FINISH_REASON_UNSPECIFIED", StopReason.Other)]
    [InlineData("NO_IMAGE", StopReason.Other)]
    [InlineData("IMAGE_OTHER", StopReason.Other)]
    [InlineData("A_NEW_REASON", StopReason.Other)]
    public void Read_FinishReason_KeepsTheProvidersWord(string raw, StopReason expected)
    {
        var json = $$$"""{"candidates":[{"finishReason":"{{{raw}}}","content":{"parts":[{"text":"x"}]}}]}""";
        foreach (var answer in new[] { Stream($"data: {json}\n\n"), Unary(json) })
        {
            Assert.Null(answer.Failure);
            Assert.Null(answer.Usage);
            Assert.Equal((expected, raw), (answer.Stop, answer.RawStop));
        }
    }

    [Fact]
    public void Read_FunctionCallThenStop_IsAToolCall() => Assert.Equal(StopReason.ToolCall, Stream(
        "data: {\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"text\",\"args\":{\"text\":\"no\"}}}]}}]}\n\ndata: {\"candidates\":[{\"finishReason\":\"STOP\"}]}\n\n").Stop);

    [Theory]
    [InlineData("""{"text":"hm","thought":true}""")]
    [InlineData("""{"thought":true,"text":"hm","thoughtSignature":"c2ln"}""")]
    [InlineData("""{"executableCode":{"code":"text","text":"no"}}""")]
    [InlineData("""{"text":7}""")]
    [InlineData("7")]
    public void Read_PartThatIsNoAnswerText_IsLeftOut(string part) => Assert.Equal(("Hello", StopReason.End),
        Text(Stream($$$"""data: {"candidates":[{"content":{"parts":[{{{part}}},{"text":"Hello"}]},"finishReason":"STOP"},{"content":{"parts":[{"text":"second candidate"}]}}]}""" + "\n\n")));

    // Of a text like the one before only the text is read: whatever else is in a response must still be seen.
    [Fact]
    public void Read_TextsOfOneShape_HideNothingElse() => Assert.Equal(
        [
            "text a", "text b", "used 3+1 cached 0 thinking 0 ON_DEMAND", "text c\n\"", "text d", "text é", "thought t", "signature gemini:c2ln", "text e",
            "text f", "call 0 gcall_r_0 w", """arguments 0 {"x":1}""", "text g", "used 3+9 cached 0 thinking 0 ON_DEMAND", "stopped ToolCall STOP",
        ],
        GeminiEvents.Stream(
            Framed("""[{"text":"a"}]}}]""", ""","usageMetadata":{"trafficType":"ON_DEMAND"},"responseId":"r" """),
            Framed("""[{"text":"b"}]}}]""", ""","usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":1}"""),
            Framed("""[{"text":"c\n\""}]}}]"""), Framed("""[{"text":"d"}]}}]"""), Framed("""[{"text":"é"}]}}]"""), Framed("""[{"text":"t","thought":true}]}}]"""),
            Framed("""[{"text":"e","thoughtSignature":"c2ln"}]}}]"""), Framed("""[{"text":"f"},{"functionCall":{"name":"w","args":{"x":1}}}]}}]"""),
            Framed("""[{"text":"g"}]},"finishReason":"STOP"}]""", ""","usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":9}""")));

    [Fact]
    public void Read_EndLikeTheOneBefore_TellsItsCountsOnceAndAnotherAgain()
    {
        const string Text = """[{"text":"a"}]}}]""", One = ""","usageMetadata":{"candidatesTokenCount":1}""", Two = ""","usageMetadata":{"candidatesTokenCount":2}""";
        const string UsedOne = "used 0+1 cached 0 thinking 0 ", UsedTwo = "used 0+2 cached 0 thinking 0 ";
        Assert.Equal(
            ["text a", UsedOne, "text a", UsedOne, "text a", "text a", UsedTwo, "thought t", UsedTwo, "text a", UsedOne, "stopped End STOP"],
            GeminiEvents.Stream(
                Framed(Text, One), Framed(Text, One), Framed(Text, One), Framed(Text, Two), Framed("""[{"text":"t","thought":true}]}}]""", Two), Framed(Text, One),
                """{"candidates":[{"finishReason":"STOP"}]}"""));
    }

    [Theory]
    [InlineData("[{\"text\":\"b\tb\"}]}}]", "")]
    [InlineData("""[{"text":"b"}]}}]""", ",")]
    [InlineData("""[{"text":"b"}]}}]""", ""","usageMetadata":{""")]
    [InlineData("""[{"text":"b"}]}}]""", "]")]
    [InlineData("""[{"text":"b"}]}}]""", ""","error":{"message":"x"}""")]
    public void Read_BadResponseOfTheSameShape_IsInterrupted(string parts, string rest) =>
        Assert.Equal(["text a", "failed StreamInterrupted"], GeminiEvents.Stream(Framed("""[{"text":"a"}]}}]"""), Framed(parts, rest)));

    private static string Framed(string parts, string rest = "") => $$$"""{"candidates":[{"content":{"role":"model","parts":{{{parts}}}{{{rest}}}}""";

    [Theory]
    [InlineData("SAFETY")]
    [InlineData("JAILBREAK")]
    [InlineData("A_NEW_REASON")]
    public void Read_PromptBlocked_IsContentBlocked(string reason)
    {
        var json = $$$"""{"promptFeedback":{"blockReason":"{{{reason}}}","safetyRatings":[]},"usageMetadata":{"promptTokenCount":8}}""";
        foreach (var answer in new[] { Stream($"data: {json}\n\n"), Unary(json) })
        {
            Assert.Equal((FailureKind.ContentBlocked, reason), (answer.Failure!.Kind, answer.Failure.RawCode));
            Assert.Equal(8, answer.Usage!.Value.InputTotal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("data: " + Hello + "\n\n")]
    public void Read_CutAroundTheFirstContent_IsInterrupted(string stream)
    {
        var answer = Stream(stream);
        Assert.Equal((FailureKind.StreamInterrupted, stream.Length == 0 ? "" : "Hello"), (answer.Failure!.Kind, answer.Text));
    }

    [Theory]
    [InlineData("""{"error":{"code":503,"message":"secret","status":"UNAVAILABLE"}}""", FailureKind.CapacityExhausted)]
    [InlineData("""{"error":{"code":429,"message":"Resource exhausted, please try again later.","status":"RESOURCE_EXHAUSTED"}}""", FailureKind.CapacityExhausted)]
    [InlineData("""{"error":{"message":"secret"}}""", FailureKind.StreamInterrupted)]
    public void Read_ErrorAfter200_IsClassified(string json, FailureKind kind)
    {
        var answer = Stream($"data: {Hello}\n\ndata: {json}\n\n");
        Assert.Equal(("Hello", kind, 200), (answer.Text, answer.Failure!.Kind, answer.Failure.HttpStatus));
        Assert.DoesNotContain("secret", answer.Failure.Message, StringComparison.Ordinal);
        foreach (var whole in new[] { Stream(json), Stream($"[{json}]"), Unary(json), Unary($"[{json}]") }) Assert.Equal(kind, whole.Failure!.Kind);
    }

    [Theory]
    [InlineData("<html>\n\n<body>proxy</body></html>")]
    [InlineData("not json")]
    public void Read_SomethingElseWith200_SaysSo(string body)
    {
        Assert.Contains("not an event stream", Stream(body).Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(FailureKind.Unknown, Unary(body).Failure!.Kind);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[1]")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"text":"Hel""")]
    public void Read_EventThatIsNoResponse_IsInterrupted(string data) => Assert.Equal(FailureKind.StreamInterrupted, Stream($"data: {data}\n\n").Failure!.Kind);

    [Theory]
    [InlineData("""{"candidates":7,"usageMetadata":[],"promptFeedback":null}""")]
    [InlineData("""{"candidates":[null,{"content":{"parts":{}}}],"usageMetadata":{"promptTokenCount":-1,"candidatesTokenCount":1e99,"thoughtsTokenCount":"x","trafficType":7}}""")]
    public void Read_FieldsOfAnotherShape_NeitherCrashNorCount(string json)
    {
        var answer = Stream($"data: {json}\n\ndata: {{\"candidates\":[{{\"finishReason\":\"STOP\"}}]}}\n\n");
        Assert.Null(answer.Failure);
        Assert.Equal(0, answer.Usage?.Total ?? 0);
    }

    private static (string, StopReason) Text(ReadAnswer answer) => (answer.Text, answer.Stop);

    private static ReadAnswer Stream(string text) => ReadAnswer.SplitEverywhere(() => new GeminiStreamReader(), text);

    private static ReadAnswer Unary(string text) => ReadAnswer.SplitEverywhere(() => new GeminiUnaryReader(), text);
}
