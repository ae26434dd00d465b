using System.Text;
using Routing.Core.Llm;
using Routing.Core.Providers;

namespace Routing.Core.Tests.Providers.OpenAI;

public sealed class OpenAIStreamReaderTests
{
    private const string Filter = """{"choices":[],"created":0,"id":"","model":"","prompt_filter_results":[{"prompt_index":0,"content_filter_results":{}}]}""";
    private const string Role = """{"id":"c1","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}""";
    private const string Hello = """{"id":"c1","choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":null}],"usage":null}""";
    private const string Tricky = """{"id":"c1","choices":[{"index":0,"delta":{"content":"\"finish_reason\":\"stop\" \"usage\":{} \"error\":{} 😀"},"finish_reason":null}],"usage":null}""";
    private const string Stop = """{"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}""";
    private const string Used = """{"id":"c1","choices":[],"service_tier":"priority","usage":{"prompt_tokens":120,"completion_tokens":30,"total_tokens":150,"prompt_tokens_details":{"cached_tokens":100,"cache_write_tokens":5},"completion_tokens_details":{"reasoning_tokens":20,"rejected_prediction_tokens":0}}}""";
    private const string Done = "[DONE]";

    [Theory]
    [InlineData("\n\n", "")]
    [InlineData("\r\n\r\n", "")]
    [InlineData("\r\r", "")]
    [InlineData("\n\n", "\uFEFF")]
    public void Read_WholeStream_SplitAnywhere_ForwardsItsBytes(string end, string before)
    {
        var forwarded = before + string.Concat(new[] { Role, Hello, Tricky, Stop }.Select(e => $"data: {e}{end}"));
        var answer = Read($"{forwarded}data: {Used}{end}data: {Done}{end}");
        Assert.Null(answer.Failure);
        Assert.Equal(forwarded, answer.Raw);
        Assert.True(answer.HasContent);
        Assert.Equal((StopReason.End, "stop", "c1"), (answer.Stop, answer.RawStop, answer.ResponseId));
        Assert.Equal(
            new TokenUsage { InputTotal = 120, CacheRead = 100, CacheWrite = 5, OutputTotal = 30, Reasoning = 20, Source = UsageSource.Reported, CapacityClass = "priority" },
            answer.Usage);
    }

    [Theory]
    [InlineData("\n\n")]
    [InlineData("\r\n\r\n")]
    [InlineData("\n\n\n")]
    [InlineData("\r\r\n\n")]
    public void Read_ManyEventsInPiecesOfAnySize_ForwardsItsBytes(string end)
    {
        var forwarded = string.Concat(new[] { Role, Hello, Tricky }.Concat(Enumerable.Repeat(Hello, 40)).Append(Stop).Select(e => $"data: {e}{end}"));
        var bytes = Encoding.UTF8.GetBytes($"{forwarded}data: {Used}{end}data: {Done}{end}");
        for (var size = 1; size < 2_000; size += size < 400 ? 1 : 37)
        {
            var (reader, raw, events) = (Reader(false), new StringBuilder(), new List<ChatEvent>());
            for (var at = 0; at < bytes.Length; at += size)
            {
                events.Clear();
                reader.Read(bytes.AsSpan(at, Math.Min(size, bytes.Length - at)).ToArray(), events);
                foreach (var e in events.Where(e => e.Kind == ChatEventKind.Raw)) raw.Append(Encoding.UTF8.GetString(e.Utf8.Span));
            }

            Assert.Equal(forwarded.TrimEnd(), raw.ToString().TrimEnd()); // A stray line end behind the last one belongs to the usage event that is left out.
        }
    }

    // Behind chunks of one shape, one that holds more than text, in the place of the text or around it.
    [Theory]
    [InlineData("""{"id":"c1","choices":[{"index":0,"delta":{"content":"\\\""},"finish_reason":"length"}],"usage":null}""", StopReason.Length)]
    [InlineData("""{"id":"c1","choices":[{"index":0,"delta":{"content":"","x":""},"finish_reason":"length"}],"usage":null}""", StopReason.Length)]
    [InlineData("""{"id":"c1","choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null},{"index":1,"delta":{"content":"b"},"finish_reason":"length"}],"usage":null}""", StopReason.Length)]
    [InlineData("""{"id":"c1","choices":[{"index":0,"delta":{"content":"\"},\"finish_reason\":\"length\""},"finish_reason":null}],"usage":null}""", StopReason.None)]
    public void Read_ChunkUnlikeThoseBefore_IsLookedAt(string chunk, StopReason expected)
    {
        var events = Events([Role, .. Enumerable.Repeat(Hello, 5), chunk, Hello]);
        var read = new List<ChatEvent>();
        Reader(false).Read(Encoding.UTF8.GetBytes(events), read);
        Assert.Equal(events, string.Concat(read.Where(e => e.Kind == ChatEventKind.Raw).Select(e => Encoding.UTF8.GetString(e.Utf8.Span))));
        Assert.Equal(expected, read.Find(e => e.Kind == ChatEventKind.Stopped).Stop);
    }

    [Fact]
    public void Read_ErrorBehindManyChunksInOneRead_ForwardsThoseBeforeIt()
    {
        var before = Events([Role, .. Enumerable.Repeat(Hello, 30)]);
        var events = new List<ChatEvent>();
        Reader(false).Read(Encoding.UTF8.GetBytes(before + Events(/*lang=json,strict*/ "{\"error\":{\"message\":\"overloaded\",\"code\":\"server_error\"}}", Hello)), events);
        Assert.Equal(before, string.Concat(events.Where(e => e.Kind == ChatEventKind.Raw).Select(e => Encoding.UTF8.GetString(e.Utf8.Span))));
        Assert.Equal(ChatEventKind.Failed, events[^1].Kind);
    }

    [Fact]
    public void Read_CallerAskedForUsage_GetsTheUsageChunk() =>
        Assert.EndsWith($"data: {Used}\n\n", Read(Events(Hello, Stop, Used, Done), includeUsage: true).Raw, StringComparison.Ordinal);

    [Fact]
    public void Read_AzuresFirstChunkWithoutChoices_IsNoContent()
    {
        var reader = Reader(false);
        var events = new List<ChatEvent>();
        reader.Read(Encoding.UTF8.GetBytes(Events(Filter, Role)), events);
        Assert.DoesNotContain(events, e => e.HasContent);
        reader.Read(Encoding.UTF8.GetBytes(Events(Hello)), events);
        Assert.Contains(events, e => e.HasContent);
    }

    [Theory]
    [InlineData("""{"content":"x"}""", true)]
    [InlineData("""{"refusal":"no"}""", true)]
    [InlineData("""{"reasoning_content":"hm"}""", true)]
    [InlineData("""{"reasoning":"hm"}""", true)]
    [InlineData("""{"tool_calls":[{"index":0,"id":"t","function":{"name":"f","arguments":""}}]}""", true)]
    [InlineData("""{"role":"assistant","content":null}""", false)]
    [InlineData("""{"role":"assistant","content":""}""", false)]
    [InlineData("""{"novel":"x"}""", false)]
    [InlineData("null", false)]
    public void Read_Delta_IsContentOrNot(string delta, bool expected)
    {
        var events = new List<ChatEvent>();
        Reader(false).Read(Encoding.UTF8.GetBytes(Events($$$"""{"choices":[{"index":0,"delta":{{{delta}}}}]}""")), events);
        Assert.Equal(expected, events.Exists(e => e.HasContent));
    }

    [Theory]
    [InlineData("stop", StopReason.End)]
    [InlineData("length", StopReason.Length)]
    [InlineData("tool_calls", StopReason.ToolCall)]
    [InlineData("function_call", StopReason.ToolCall)]
    [InlineData("content_filter", StopReason.SafetyFiltered)]
    [InlineData("a_new_reason", StopReason.Other)]
    public void Read_FinishReason_KeepsTheProvidersWord(string raw, StopReason expected)
    {
        var answer = Read(Events(Hello, Stop.Replace("\"stop\"", $"\"{raw}\"", StringComparison.Ordinal), Done));
        Assert.Equal((expected, raw), (answer.Stop, answer.RawStop));
        Assert.Null(answer.Usage);
    }

    [Fact]
    public void Read_FinishWithoutDone_IsWhole() => Assert.Null(Read(Events(Hello, Stop)).Failure);

    [Fact]
    public void Read_DoneWithoutFinish_IsWhole() => Assert.Null(Read(Events(Hello, Done)).Failure);

    [Fact]
    public void Read_LastEventWithoutEmptyLine_IsTaken() => Assert.Null(Read($"data: {Hello}\n\ndata: {Stop}").Failure);

    [Fact]
    public void Read_EventsAfterDone_AreDropped() => Assert.Equal(Events(Hello, Stop), Read(Events(Hello, Stop, Done, Hello, Done)).Raw);

    [Theory]
    [InlineData("")]
    [InlineData(": keep-alive\n\n: keep-alive\n\n")]
    [InlineData("data: " + Role + "\n\n")]
    [InlineData("data: [DONE]\n\n")]
    public void Read_CutBeforeContent_IsInterruptedWithoutContent(string stream)
    {
        var answer = Read(stream);
        Assert.Equal((FailureKind.StreamInterrupted, false), (answer.Failure!.Kind, answer.HasContent));
    }

    [Theory]
    [InlineData("""{"id":"c1","choices":[{"index":0,"delta":{"content": """)]
    [InlineData("""{"id":"c1","choices":[{"index":0,"delta":{"content":"dam""")]
    [InlineData("<html>")]
    public void Read_EventBrokenOffBetweenOthers_IsInterruptedAndNotForwarded(string broken)
    {
        var bytes = Encoding.UTF8.GetBytes(Events(Hello, Hello, broken, Hello, Stop, Done));
        for (var size = 1; size <= bytes.Length; size += size < 20 ? 1 : 50)
        {
            var (reader, raw, failure, events) = (Reader(false), new StringBuilder(), (Failure?)null, new List<ChatEvent>());
            for (var at = 0; at < bytes.Length; at += size)
            {
                events.Clear();
                reader.Read(bytes.AsSpan(at, Math.Min(size, bytes.Length - at)).ToArray(), events);
                foreach (var e in events.Where(e => e.Kind == ChatEventKind.Raw)) raw.Append(Encoding.UTF8.GetString(e.Utf8.Span));
                failure ??= events.Find(e => e.Kind == ChatEventKind.Failed).Failure;
            }

            Assert.Equal((FailureKind.StreamInterrupted, Events(Hello, Hello)), (failure?.Kind, raw.ToString()));
        }
    }

    [Fact]
    public void Read_CutAfterContent_IsInterrupted()
    {
        var answer = Read(Events(Role, Hello));
        Assert.Equal((FailureKind.StreamInterrupted, true, Events(Role, Hello)), (answer.Failure!.Kind, answer.HasContent, answer.Raw));
    }

    [Theory]
    [InlineData("""{"error":{"message":"secret","type":"server_error","code":null}}""", FailureKind.UpstreamInternal)]
    [InlineData("""{"error":{"message":"secret","type":"service_unavailable_error","code":"server_is_overloaded"}}""", FailureKind.CapacityExhausted)]
    [InlineData("""{"error":{"message":"secret","type":"tokens","code":"rate_limit_exceeded"}}""", FailureKind.RateLimited)]
    [InlineData("""{"error":{"message":"secret","code":502}}""", FailureKind.UpstreamInternal)]
    [InlineData("""{"error":{"message":"secret","type":"novel_error"}}""", FailureKind.StreamInterrupted)]
    [InlineData("""{"error":"secret"}""", FailureKind.StreamInterrupted)]
    public void Read_ErrorAfter200_IsClassifiedAndNotForwarded(string json, FailureKind kind)
    {
        foreach (var before in new[] { Role, Hello })
        {
            var answer = Read(Events(before, json));
            Assert.Equal((kind, 200, Events(before)), (answer.Failure!.Kind, answer.Failure.HttpStatus, answer.Raw));
            Assert.DoesNotContain("secret", answer.Failure.Message, StringComparison.Ordinal);
        }

        Assert.Equal(kind, Read($"event: error\ndata: {json}\n\n").Failure!.Kind);
        Assert.Equal(kind, Read(json).Failure!.Kind);
    }

    [Theory]
    [InlineData("<html>\n\n<body>proxy</body></html>")]
    [InlineData("not a stream")]
    public void Read_SomethingElseWith200_SaysSo(string body)
    {
        var answer = Read(body);
        Assert.Equal((FailureKind.StreamInterrupted, ""), (answer.Failure!.Kind, answer.Raw));
        Assert.Contains("not an event stream", answer.Failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[1]")]
    [InlineData("{\"choices\":[{\"delta\":{\"content\":\"x")]
    public void Read_FirstEventThatIsNoChunk_IsInterrupted(string data) => Assert.Equal(FailureKind.StreamInterrupted, Read(Events(data)).Failure!.Kind);

    [Theory]
    [InlineData("""{"choices":7,"usage":7,"id":7}""")]
    [InlineData("""{"choices":[null,7,{"delta":7,"finish_reason":7}],"usage":{"prompt_tokens":-5,"completion_tokens":1e99,"prompt_tokens_details":{"cached_tokens":"many"}}}""")]
    public void Read_FieldsOfAnotherShape_NeitherCrashNorCount(string json)
    {
        var answer = Read(Events(json, Hello, Stop));
        Assert.Null(answer.Failure);
        Assert.Equal(0, answer.Usage?.Total ?? 0);
    }

    [Fact]
    public void Read_EventWithoutEnd_IsGivenUpAtItsLimit()
    {
        var endless = new byte[64 * 1024];
        Array.Fill(endless, (byte)'a');
        var reader = Reader(false);
        var events = new List<ChatEvent>();
        for (var i = 0; i < 80 && events.Count == 0; i++) reader.Read(endless, events);
        Assert.Equal(FailureKind.StreamInterrupted, Assert.Single(events).Failure!.Kind);
    }

    private static string Events(params string[] data) => string.Concat(data.Select(d => $"data: {d}\n\n"));

    private static ChatAnswerReader Reader(bool includeUsage) => ProviderAdapters.Of(ProviderKind.OpenAICompatible).CreateReader(Calls.Own(stream: true, includeUsage: includeUsage), Calls.AnyModel, round: 0, stream: true);

    private static ReadAnswer Read(string stream, bool includeUsage = false) => ReadAnswer.SplitEverywhere(() => Reader(includeUsage), stream);
}
