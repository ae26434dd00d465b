using System.Text;
using Routing.Core.Llm;
using Routing.Core.Providers;
using Routing.Core.Providers.Bedrock;
using Routing.Core.Providers.Vertex;
using static Routing.Core.Tests.Providers.EventStreamBytes;

namespace Routing.Core.Tests.Providers;

/// <summary>An escape for half a surrogate pair is good JSON syntax and no character: it must be a failure, not an exception.</summary>
public sealed class HalfCharacterTests
{
    private const string Half = "\\ud83d";

    [Theory]
    [InlineData("contentBlockDelta", """{"delta":{"text":"a\ud83d"}}""")]
    [InlineData("messageStop", """{"stopReason":"\ud83d"}""")]
    [InlineData("metadata", """{"usage":{},"serviceTier":{"type":"\ud83d"}}""")]
    public void Read_BedrockEvent_IsInterrupted(string type, string payload)
    {
        var answer = ReadAnswer.InPieces(new ConverseEventReader(Calls.Streamed(), Calls.AnyModel), [Event(type, payload)]);
        Assert.Equal(FailureKind.StreamInterrupted, answer.Failure!.Kind);
    }

    [Theory]
    [InlineData("""{"output":{"message":{"content":[{"text":"good"},{"text":"\ud83d"}]}},"stopReason":"end_turn"}""")]
    [InlineData("""{"output":{"message":{"content":[{"text":"good"}]}},"stopReason":"\ud83d"}""")]
    public void Read_BedrockAnswer_FailsWithoutText(string body)
    {
        var answer = ReadAnswer.SplitEverywhere(() => new ConverseAnswerReader(Calls.Streamed()), body);
        Assert.Equal((FailureKind.Unknown, ""), (answer.Failure!.Kind, answer.Text));
    }

    [Theory]
    [InlineData("""{"candidates":[{"content":{"parts":[{"text":"\ud83d"}]},"finishReason":"STOP"}]}""")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"\ud83d"}]}""")]
    [InlineData("""{"usageMetadata":{"trafficType":"\ud83d"},"candidates":[{"finishReason":"STOP"}]}""")]
    public void Read_VertexResponse_IsInterrupted(string json)
    {
        Assert.Equal(FailureKind.StreamInterrupted, ReadAnswer.InPieces(new GeminiStreamReader(), [Encoding.UTF8.GetBytes($"data: {json}\n\n")]).Failure!.Kind);
        Assert.Equal(FailureKind.StreamInterrupted, ReadAnswer.InPieces(new GeminiUnaryReader(), [Encoding.UTF8.GetBytes(json)]).Failure!.Kind);
    }

    [Theory]
    [InlineData(ProviderKind.Bedrock, "{\"message\":\"" + Half + "\"}")]
    [InlineData(ProviderKind.Vertex, "{\"error\":{\"code\":500,\"status\":\"" + Half + "\"}}")]
    [InlineData(ProviderKind.AzureOpenAI, "{\"error\":{\"code\":\"" + Half + "\"}}")]
    [InlineData(ProviderKind.OpenAICompatible, "{\"error\":{\"message\":\"" + Half + "\"}}")]
    public void ReadFailure_Body_GoesByStatus(ProviderKind kind, string body) =>
        Assert.Equal(FailureKind.UpstreamInternal, ProviderAdapters.Of(kind).ReadFailure(500, new ListedHeaders(), Encoding.UTF8.GetBytes(body)).Kind);

    [Theory]
    [InlineData("""{"choices":[{"delta":{"content":"\ud83d"}}]}""")]
    [InlineData("""{"choices":[{"finish_reason":"\ud83d"}]}""")]
    [InlineData("""{"error":{"code":"\ud83d"}}""")]
    [InlineData("""{"id":"\ud83d"}""")]
    public void Read_OpenAIChunk_DoesNotThrow(string json)
    {
        var bytes = Encoding.UTF8.GetBytes($"data: {json}\n\n");
        foreach (var call in (ChatCall[])[Calls.Own(stream: true), Calls.Streamed()])
        {
            var reader = ProviderAdapters.Of(ProviderKind.OpenAICompatible).CreateReader(call, Calls.AnyModel, round: 0, stream: true);
            Assert.NotNull(ReadAnswer.InPieces(reader, [bytes]).Failure);
            var unary = ProviderAdapters.Of(ProviderKind.OpenAICompatible).CreateReader(call, Calls.AnyModel, round: 0, stream: false);
            Assert.NotNull(ReadAnswer.InPieces(unary, [Encoding.UTF8.GetBytes(json)]));
        }
    }

    [Fact]
    public void Read_TextThatIsNotUtf8_IsAFailure()
    {
        byte[] text = [(byte)'a', 0xC3, 0x28, 0xFF];
        var frame = Message([.. Header(":message-type", "event"), .. Header(":event-type", "contentBlockDelta")], [.. "{\"delta\":{\"text\":\""u8, .. text, .. "\"}}"u8]);
        Assert.Equal((FailureKind.StreamInterrupted, ""), Outcome(ReadAnswer.InPieces(new ConverseEventReader(Calls.Streamed(), Calls.AnyModel), [frame])));

        byte[] chunk = [.. "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\""u8, .. text, .. "\"}]}}]}\n\n"u8];
        Assert.Equal((FailureKind.StreamInterrupted, ""), Outcome(ReadAnswer.InPieces(new GeminiStreamReader(), [chunk])));
    }

    private static (FailureKind?, string) Outcome(ReadAnswer answer) => (answer.Failure?.Kind, answer.Text);

    private static byte[] Header(string name, string value) =>
        [(byte)name.Length, .. Encoding.ASCII.GetBytes(name), 7, 0, (byte)value.Length, .. Encoding.ASCII.GetBytes(value)];
}
