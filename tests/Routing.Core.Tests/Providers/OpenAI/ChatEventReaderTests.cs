using System.Text;
using Routing.Core.Llm;
using Routing.Core.Providers;
using TestKit;

namespace Routing.Core.Tests.Providers.OpenAI;

public sealed class ChatEventReaderTests
{
    private static readonly IProviderAdapter Adapter = ProviderAdapters.Of(ProviderKind.OpenAICompatible);

    private static readonly TokenUsage Used = new()
    {
        InputTotal = 120, CacheRead = 100, OutputTotal = 30, Reasoning = 20, Source = UsageSource.Reported, CapacityClass = "default",
    };

    private const string Role = """{"id":"c1","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}""";
    private const string Stop = """{"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}],"usage":null}""";
    private const string Usage = """{"id":"c1","choices":[],"service_tier":"default","usage":{"prompt_tokens":120,"completion_tokens":30,"prompt_tokens_details":{"cached_tokens":100},"completion_tokens_details":{"reasoning_tokens":20}}}""";

    [Fact]
    public void Read_WholeStream_GivesEveryPartHoweverItIsSplit()
    {
        var answer = Read(Events(Role, Delta("""{"reasoning_content":"Let me"}"""), Delta("""{"reasoning_content":" \u00fc"}"""), Delta("""{"content":"Grüße "}"""),
            Delta("""{"content":"\"finish_reason\":\"stop\" \"error\" 😀"}"""),
            Delta("""{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"weather","arguments":""}}]}"""),
            Delta("""{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\":"}}]}"""),
            Delta("""{"tool_calls":[{"index":1,"id":"call_2","type":"function","function":{"name":"now","arguments":""}}]}"""),
            Delta("""{"tool_calls":[{"index":0,"function":{"arguments":" \"Oslo\"}"}}]}"""), Stop, Usage, "[DONE]"));
        Assert.Equal("Grüße \"finish_reason\":\"stop\" \"error\" 😀", answer.Text);
        Assert.Equal(
            """
            thinking:Let me ü
            call 0 call_1 weather:{"city": "Oslo"}
            call 1 call_2 now:{}
            """, answer.Parts);
        Assert.Equal((Used, StopReason.ToolCall, "tool_calls", null, "c1", ""), (answer.Usage, answer.Stop, answer.RawStop, answer.Failure, answer.ResponseId, answer.Raw));
    }

    [Theory]
    [InlineData("""{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}},{"index":0,"id":"b","function":{"name":"g","arguments":"{\"x\":1}"}}]}""", "call 0 a f:{}\ncall 1 b g:{\"x\":1}")] // Every call at place 0.
    [InlineData("""{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}},{"id":"b","function":{"name":"g","arguments":"{}"}}]}""", "call 0 a f:{}\ncall 1 b g:{}")] // No places at all.
    [InlineData("""{"tool_calls":[{"index":0,"id":"","function":{"name":"f","arguments":{"x":[1]}}}]}""", "call 0 call_c1_0 f:{\"x\":[1]}")] // No id, and an object for a text.
    [InlineData("""{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"Hi"}]}""", "thinking:hm")]
    [InlineData("""{"reasoning":"hm","reasoning_content":"hm","content":"Hi"}""", "thinking:hm")] // Told twice.
    public void Read_AHostsOwnShape_IsTheSameCanonically(string delta, string parts) =>
        Assert.Equal(parts.ReplaceLineEndings(), Read(Events(Role, Delta(delta), Stop, "[DONE]")).Parts.ReplaceLineEndings());

    [Fact]
    public void Read_RefusalInWords_IsTextAndFiltered()
    {
        var answer = Read(Events(Role, Delta("""{"refusal":"I will "}"""), Delta("""{"refusal":"not."}"""), Stop.Replace("tool_calls", "stop", StringComparison.Ordinal), "[DONE]"));
        Assert.Equal(("I will not.", StopReason.SafetyFiltered, "stop"), (answer.Text, answer.Stop, answer.RawStop));
    }

    [Fact]
    public void Read_CallOfAForcedToolThatStops_IsAToolCall()
    {
        var answer = Read(Events(Delta("""{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}]}"""), Stop.Replace("tool_calls", "stop", StringComparison.Ordinal), "[DONE]"));
        Assert.Equal((StopReason.ToolCall, "stop"), (answer.Stop, answer.RawStop));
    }

    [Theory]
    [InlineData("""{"prompt_tokens":37,"completion_tokens":530,"total_tokens":800,"completion_tokens_details":{"reasoning_tokens":233}}""", 763, 233)]
    [InlineData("""{"prompt_tokens":37,"completion_tokens":9,"completion_tokens_details":{"reasoning_tokens":233}}""", 242, 233)]
    [InlineData("""{"prompt_tokens":37,"completion_tokens":530,"total_tokens":567,"completion_tokens_details":{"reasoning_tokens":233}}""", 530, 233)]
    public void Read_Reasoning_IsPartOfTheOutputWhereverItsHostCountsIt(string usage, long output, long reasoning)
    {
        var used = Read(Events(Delta("""{"content":"Hi"}"""), Stop, $$"""{"id":"c1","choices":[],"usage":{{usage}}}""", "[DONE]")).Usage!.Value; // It was reported.
        Assert.Equal((37, output, reasoning), (used.InputTotal, used.OutputTotal, used.Reasoning));
    }

    [Theory]
    [InlineData("stop", StopReason.End)]
    [InlineData("length", StopReason.Length)]
    [InlineData("tool_calls", StopReason.ToolCall)]
    [InlineData("function_call", StopReason.ToolCall)]
    [InlineData("content_filter", StopReason.SafetyFiltered)]
    [InlineData("brand_new_reason", StopReason.Other)]
    public void Read_FinishReason_IsKeptBesideOurs(string raw, StopReason stop)
    {
        var events = Events(Delta("""{"content":"Hi"}"""), Stop.Replace("tool_calls", raw, StringComparison.Ordinal), "[DONE]");
        Assert.Equal((stop, raw), (Read(events).Stop, Read(events).RawStop));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Read_LargeEventInSmallReads_IsOneEvent(string lineEnd)
    {
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i} "));
        var bytes = Encoding.UTF8.GetBytes(Events(Role, Delta($$"""{"content":"{{text}}"}"""), Delta("""{"content":"end"}"""), Stop, "[DONE]").Replace("\n", lineEnd, StringComparison.Ordinal));
        foreach (var size in (int[])[1, 7, 1000])
        {
            var answer = ReadAnswer.InPieces(Adapter.CreateReader(Calls.Streamed(), Calls.AnyModel, round: 0, stream: true), [.. bytes.Chunk(size)]);
            Assert.Equal((text + "end", StopReason.ToolCall, null), (answer.Text, answer.Stop, answer.Failure));
        }
    }

    [Fact]
    public void Read_MissingDoneAfterTheStop_IsWhole() => Assert.Null(Read(Events(Delta("""{"content":"Hi"}"""), Stop)).Failure);

    [Fact]
    public void Read_DoneWithoutAStop_IsWholeOnlyWithContent()
    {
        Assert.Null(Read(Events(Delta("""{"content":"Hi"}"""), "[DONE]")).Failure);
        Assert.Equal(FailureKind.StreamInterrupted, Read(Events(Role, "[DONE]")).Failure!.Kind);
    }

    [Fact]
    public void Read_CutWithoutStop_IsInterrupted() => Assert.Equal(
        (FailureKind.StreamInterrupted, "The provider's stream ended without its terminal event."),
        (Read(Events(Delta("""{"content":"Hi"}"""))).Failure!.Kind, Read(Events(Delta("""{"content":"Hi"}"""))).Failure!.Message));

    [Theory]
    [InlineData("""{"error":{"message":"prompt text","type":"server_error","code":null}}""", FailureKind.UpstreamInternal, "server_error")]
    [InlineData("""{"error":{"message":"prompt text","code":"rate_limit_exceeded"}}""", FailureKind.RateLimited, "rate_limit_exceeded")]
    [InlineData("""{"error":{"message":"prompt text","code":503}}""", FailureKind.CapacityExhausted, "503")]
    [InlineData("""{"error":{"message":"prompt text","code":"brand_new"}}""", FailureKind.StreamInterrupted, "brand_new")]
    public void Read_ErrorAfterContent_EndsItAsItself(string error, FailureKind kind, string code)
    {
        var failure = Read(Events(Delta("""{"content":"Hi"}"""), error)).Failure!;
        Assert.Equal((kind, code, 200), (failure.Kind, failure.RawCode, failure.HttpStatus));
        Assert.DoesNotContain("prompt text", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>proxy</html>", "The provider answered 200 with something that is not an event stream.")]
    [InlineData("", "The provider answered 200 with an empty stream.")]
    [InlineData("data: {\"choices\":\n\n", "The provider sent a stream event that is not JSON.")]
    public void Read_NoStream_IsNoSuccess(string body, string sentence) => Assert.Equal(sentence, Read(body).Failure!.Message);

    [Fact]
    public void Read_WholeAnswer_GivesEveryPart()
    {
        var answer = ReadAnswer.SplitEverywhere(() => Reader(stream: false),
            """{"id":"c1","choices":[{"index":0,"message":{"role":"assistant","content":"Grüße","refusal":null,"reasoning_content":"hm","tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},{"id":"call_2","type":"function","function":{"name":"g","arguments":""}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":120,"completion_tokens":30,"prompt_tokens_details":{"cached_tokens":100},"completion_tokens_details":{"reasoning_tokens":20}},"service_tier":"default"}""");
        Assert.Equal(("Grüße", "thinking:hm\ncall 0 call_1 f:{\"a\":1}\ncall 1 call_2 g:{}"), (answer.Text, answer.Parts.ReplaceLineEndings("\n")));
        Assert.Equal((Used, StopReason.ToolCall, "tool_calls", null, "c1"), (answer.Usage, answer.Stop, answer.RawStop, answer.Failure, answer.ResponseId));
    }

    [Theory]
    [InlineData("<html>proxy</html>", FailureKind.Unknown)]
    [InlineData("[]", FailureKind.Unknown)]
    [InlineData("{}", FailureKind.StreamInterrupted)]
    [InlineData("""{"error":{"message":"x","type":"server_error"}}""", FailureKind.UpstreamInternal)]
    public void Read_SomethingElseWith200_IsAFailure(string body, FailureKind kind) =>
        Assert.Equal(kind, ReadAnswer.SplitEverywhere(() => Reader(stream: false), body).Failure!.Kind);

    [Fact]
    public void Read_TextDelta_AllocatesNothing()
    {
        var reader = Reader(stream: true);
        var events = new List<ChatEvent>(8);
        var plain = Encoding.UTF8.GetBytes(Events(Delta("""{"content":" token"}""")));
        var escaped = Encoding.UTF8.GetBytes(Events(Delta("""{"content":"a\nb"}""")));

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 100; i++) ReadOnce();
        }));

        void ReadOnce()
        {
            events.Clear();
            reader.Read(plain, events);
            events.Clear();
            reader.Read(escaped, events);
        }
    }

    private static ReadAnswer Read(string stream) => ReadAnswer.SplitEverywhere(() => Reader(stream: true), stream);

    private static ChatAnswerReader Reader(bool stream) => Adapter.CreateReader(Calls.OfMessages(stream), Calls.AnyModel, round: 0, stream);

    private static string Delta(string delta) => $$"""{"id":"c1","choices":[{"index":0,"delta":{{delta}},"finish_reason":null}],"usage":null}""";

    private static string Events(params string[] data) => string.Concat(data.Select(d => $"data: {d}\n\n"));
}
