using System.Text;
using Routing.Core.Llm;
using Routing.Core.Providers;

namespace Routing.Core.Tests.Providers.OpenAI;

public sealed class ResponsesForwarderTests
{
    private static readonly IProviderAdapter Adapter = ProviderAdapters.Of(ProviderKind.OpenAICompatible);

    private static readonly TokenUsage Used = new()
    {
        InputTotal = 120, CacheRead = 100, CacheWrite = 5, OutputTotal = 30, Reasoning = 20, Source = UsageSource.Reported, CapacityClass = "priority",
    };

    private const string Created = """{"type":"response.created","sequence_number":0,"response":{"id":"resp_1","status":"in_progress","output":[],"usage":null,"error":null}}""";
    private const string Added = """{"type":"response.output_item.added","sequence_number":1,"output_index":0,"item":{"type":"message","id":"msg_1","content":[]}}""";
    private const string Text = """{"type":"response.output_text.delta","sequence_number":2,"item_id":"msg_1","delta":"Grüße \"response.completed\" \"error\" 😀"}""";
    private const string Total = """ "usage":{"input_tokens":120,"input_tokens_details":{"cached_tokens":100,"cache_write_tokens":5},"output_tokens":30,"output_tokens_details":{"reasoning_tokens":20},"total_tokens":150}""";
    private const string Completed = """{"type":"response.completed","sequence_number":9,"response":{"id":"resp_1","status":"completed","service_tier":"priority","incomplete_details":null,"error":null,"output":[{"type":"message","content":[{"type":"output_text","text":"Grüße"}]}],""" + Total + "}}";

    [Fact]
    public void Read_TerminalEvent_IsItselfAndBehindTheStop()
    {
        var events = new List<ChatEvent>();
        Reader(stream: true).Read(Encoding.UTF8.GetBytes(Event(Created) + Event(Text) + Event(Completed)), events);
        Assert.Equal([ChatEventKind.Raw, ChatEventKind.Usage, ChatEventKind.Stopped, ChatEventKind.Raw], events.Select(e => e.Kind));
        Assert.Equal((Event(Created) + Event(Text), Event(Completed)), (Encoding.UTF8.GetString(events[0].Utf8.Span), Encoding.UTF8.GetString(events[3].Utf8.Span)));
    }

    [Fact]
    public void Read_WholeStream_ForwardsItsBytesHoweverTheyAreSplit()
    {
        var stream = Event(Created) + Event(Added) + Event(Text) + Event(Completed);
        var answer = Read(stream);
        Assert.Equal(stream, answer.Raw);
        Assert.Equal((Used, StopReason.End, "completed", null, "resp_1", true),
            (answer.Usage, answer.Stop, answer.RawStop, answer.Failure, answer.ResponseId, answer.HasContent));
    }

    [Fact]
    public void Read_BeforeTheFirstDelta_HasNoContent()
    {
        var events = new List<ChatEvent>();
        Reader(stream: true).Read(Encoding.UTF8.GetBytes(Event(Created) + Event(Added)), events);
        Assert.DoesNotContain(events, e => e.HasContent);
    }

    [Theory]
    [InlineData(""" "status":"completed","output":[{"type":"reasoning"},{"type":"function_call","name":"f"}]""", StopReason.ToolCall, "completed")]
    [InlineData(""" "status":"incomplete","incomplete_details":{"reason":"max_output_tokens"}""", StopReason.Length, "max_output_tokens")]
    [InlineData(""" "status":"incomplete","incomplete_details":{"reason":"content_filter"}""", StopReason.SafetyFiltered, "content_filter")]
    [InlineData(""" "status":"incomplete","incomplete_details":{"reason":"brand_new"}""", StopReason.Other, "brand_new")]
    [InlineData("\"status\":\"cancelled\"", StopReason.Other, "cancelled")]
    public void Read_TerminalState_IsTheStopReason(string members, StopReason stop, string raw)
    {
        var type = members.Contains("incomplete", StringComparison.Ordinal) ? "response.incomplete" : "response.completed";
        var streamed = Read(Event(Text) + Event($$$"""{"type":"{{{type}}}","response":{"id":"resp_1",{{{members}}}}}"""));
        var whole = ReadAnswer.SplitEverywhere(() => Reader(stream: false), $$"""{"id":"resp_1",{{members}}}""");
        Assert.Equal((stop, raw), (streamed.Stop, streamed.RawStop));
        Assert.Equal((stop, raw), (whole.Stop, whole.RawStop));
    }

    [Theory]
    [InlineData("""{"type":"response.failed","response":{"id":"resp_1","status":"failed","error":{"code":"server_error","message":"prompt text"}}}""", FailureKind.UpstreamInternal, "server_error")]
    [InlineData("""{"type":"response.failed","response":{"id":"resp_1","status":"failed","error":{"code":"rate_limit_exceeded","message":"prompt text"}}}""", FailureKind.RateLimited, "rate_limit_exceeded")]
    [InlineData("""{"type":"response.failed","response":{"id":"resp_1","status":"failed","error":{"code":"bio_policy","message":"prompt text"}}}""", FailureKind.ContentBlocked, "bio_policy")]
    [InlineData("""{"type":"response.failed","response":{"id":"resp_1","status":"failed","error":{"code":"invalid_base64_image","message":"prompt text"}}}""", FailureKind.InvalidRequest, "invalid_base64_image")]
    [InlineData("""{"type":"response.failed","response":{"id":"resp_1","status":"failed","error":{"code":"vector_store_timeout","message":"prompt text"}}}""", FailureKind.UpstreamTimeout, "vector_store_timeout")]
    [InlineData("""{"type":"error","sequence_number":3,"code":"server_error","message":"prompt text","param":null}""", FailureKind.UpstreamInternal, "server_error")]
    [InlineData("""{"type":"error","sequence_number":3,"error":{"type":"server_error","code":null,"message":"prompt text"}}""", FailureKind.UpstreamInternal, "server_error")]
    [InlineData("""{"type":"error","sequence_number":3,"code":"brand_new","message":"prompt text"}""", FailureKind.StreamInterrupted, "brand_new")]
    public void Read_Failure_IsNoEventOfTheCallers(string failed, FailureKind kind, string code)
    {
        foreach (var before in (string[])[Event(Created), Event(Created) + Event(Text)])
        {
            var answer = Read(before + Event(failed));
            Assert.Equal((kind, code, 200), (answer.Failure!.Kind, answer.Failure.RawCode, answer.Failure.HttpStatus));
            Assert.Equal(before, answer.Raw);
            Assert.DoesNotContain("prompt text", answer.Failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("<html>proxy</html>", "The provider answered 200 with something that is not an event stream.")]
    [InlineData("", "The provider answered 200 with an empty stream.")]
    [InlineData("data: {\"type\":\n\n", "The provider sent a stream event that is not JSON.")]
    public void Read_NoStream_IsNoSuccess(string body, string sentence) => Assert.Equal(sentence, Read(body).Failure!.Message);

    [Fact]
    public void Read_CutBeforeTheTerminalEvent_IsInterrupted() => Assert.Equal(FailureKind.StreamInterrupted, Read(Event(Created) + Event(Text)).Failure!.Kind);

    [Fact]
    public void Read_WholeResponse_IsForwardedAsItCame()
    {
        const string body = """{"id":"resp_1","status":"completed","service_tier":"priority","error":null,"output":[{"type":"message"}],""" + Total + "}";
        var answer = ReadAnswer.SplitEverywhere(() => Reader(stream: false), body);
        Assert.Equal((body, Used, StopReason.End, "resp_1", true), (answer.Raw, answer.Usage, answer.Stop, answer.ResponseId, answer.HasContent));
    }

    [Theory]
    [InlineData("<html>proxy</html>", FailureKind.Unknown)]
    [InlineData("{}", FailureKind.StreamInterrupted)]
    [InlineData("""{"id":"resp_1","status":"failed","error":{"code":"server_error","message":"x"}}""", FailureKind.UpstreamInternal)]
    [InlineData("""{"error":{"message":"x","type":"server_error"}}""", FailureKind.UpstreamInternal)]
    public void Read_SomethingElseWith200_IsAFailure(string body, FailureKind kind)
    {
        var answer = ReadAnswer.SplitEverywhere(() => Reader(stream: false), body);
        Assert.Equal((kind, ""), (answer.Failure!.Kind, answer.Raw));
    }

    [Theory]
    [InlineData("""{"model":"f","input":"Hi"}""", """{"store":false,"model":"gpt-5","input":"Hi"}""")]
    [InlineData("""{ "input" : [ { "role" : "user" } ], "store" : null, "model":"f", "stream":true }""", """{ "input" : [ { "role" : "user" } ], "store" : false, "model":"gpt-5", "stream":true }""")]
    [InlineData("""{"model":"f","store":false}""", """{"model":"gpt-5","store":false}""")]
    public void WriteRequest_CallersBytes_NameTheModelAndStoreNothing(string json, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var at = bytes.AsSpan().IndexOf("\"f\""u8);
        var store = bytes.AsSpan().IndexOf("null"u8) is >= 0 and var nothing ? nothing..(nothing + 4)
            : bytes.AsSpan().IndexOf("false"u8) is >= 0 and var no ? no..(no + 5) : (Range?)null;
        var call = new ChatCall(() => throw new InvalidOperationException("The same wire needs no canonical request."))
        {
            Feature = "f", Stream = false, Api = CallerApi.Responses, Original = new OriginalBody(bytes, at..(at + 3), null, 1) { Store = store },
        };
        Assert.Equal(expected, Calls.Written(Adapter, Calls.AnyModel with { Model = "gpt-5" }, call));
    }

    [Fact]
    public void WriteRequest_ReasoningAnEdgeSealed_IsLeftOutAndOpenAIsOwnIsNot()
    {
        var bytes = Encoding.UTF8.GetBytes("""{"model":"f","store":false,"input":[{"type":"reasoning","summary":[],"encrypted_content":"route.signed:c2ln"}, {"type":"reasoning","encrypted_content":"gAAAAB"},{"role":"user","content":"route."}],"x":1}""");
        var call = new ChatCall(() => throw new InvalidOperationException("The same wire needs no canonical request."))
        {
            Feature = "f", Stream = false, Api = CallerApi.Responses, Needs = Capabilities.ReasoningHistory, Original = new OriginalBody(bytes, 9..12, null, 1),
        };
        Assert.Equal("""{"store":false,"model":"m","input":[{"type":"reasoning","encrypted_content":"gAAAAB"},{"role":"user","content":"route."}],"x":1}""",
            Calls.Written(Adapter, Calls.AnyModel, call));
    }

    private static ReadAnswer Read(string stream) => ReadAnswer.SplitEverywhere(() => Reader(stream: true), stream);

    private static ChatAnswerReader Reader(bool stream) => Adapter.CreateReader(Calls.Own(stream, CallerApi.Responses), Calls.AnyModel, round: 0, stream);

    private static string Event(string data) => $"event: {data[9..data.IndexOf('"', 9)]}\ndata: {data}\n\n";
}
