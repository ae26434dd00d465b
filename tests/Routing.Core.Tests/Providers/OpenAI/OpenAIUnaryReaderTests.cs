using Routing.Core.Llm;
using Routing.Core.Providers;

namespace Routing.Core.Tests.Providers.OpenAI;

public sealed class OpenAIUnaryReaderTests
{
    private const string Whole = """{"id":"c1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Grüße","refusal":null},"finish_reason":"length"}],"usage":{"prompt_tokens":11,"completion_tokens":3,"total_tokens":14},"service_tier":"default"}""";

    [Fact]
    public void Read_WholeAnswer_IsForwardedAsItCame()
    {
        var answer = Read(Whole);
        Assert.Null(answer.Failure);
        Assert.Equal((Whole, true, StopReason.Length, "c1"), (answer.Raw, answer.HasContent, answer.Stop, answer.ResponseId));
        Assert.Equal(new TokenUsage { InputTotal = 11, OutputTotal = 3, Source = UsageSource.Reported, CapacityClass = "default" }, answer.Usage);
    }

    [Theory]
    [InlineData("<html>proxy</html>", FailureKind.Unknown)]
    [InlineData("", FailureKind.Unknown)]
    [InlineData("[]", FailureKind.Unknown)]
    [InlineData("{\"choices\":[{\"message\":{\"content\":\"cut", FailureKind.Unknown)]
    [InlineData("{}", FailureKind.StreamInterrupted)]
    [InlineData("""{"choices":[]}""", FailureKind.StreamInterrupted)]
    [InlineData("""{"error":{"message":"x","type":"server_error"}}""", FailureKind.UpstreamInternal)]
    public void Read_SomethingElseWith200_IsAFailureAndNotForwarded(string body, FailureKind kind)
    {
        var answer = Read(body);
        Assert.Equal((kind, ""), (answer.Failure!.Kind, answer.Raw));
    }

    private static ReadAnswer Read(string body) => ReadAnswer.SplitEverywhere(
        () => ProviderAdapters.Of(ProviderKind.OpenAICompatible).CreateReader(Calls.Own(stream: false), Calls.AnyModel, round: 0, stream: false), body);
}
