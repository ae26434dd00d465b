using System.Buffers;
using System.Text;
using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Calls;
using Routing.Edge.Json;
using Routing.Edge.OpenAI;

namespace Routing.Edge.Tests.OpenAI;

public sealed class AnswerJsonTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("")]
    [InlineData("quote \" backslash \\ newline \n tab \t zero \0 end")]
    [InlineData("é 漢 😀 \u2028 </script>")]
    public void WriteText_AnyText_IsTheInsideOfAJsonString(string text)
    {
        foreach (var repeat in new[] { 1, 400 })
        {
            var whole = string.Concat(Enumerable.Repeat(text, repeat));
            var place = new ArrayBufferWriter<byte>();
            place.Write("\""u8);
            AnswerJson.WriteText(Encoding.UTF8.GetBytes(whole), place);
            place.Write("\""u8);
            Assert.Equal(whole, JsonSerializer.Deserialize<string>(place.WrittenSpan));
        }
    }

    [Theory]
    [InlineData(StopReason.End, "stop")]
    [InlineData(StopReason.StopSequence, "stop")]
    [InlineData(StopReason.Length, "length")]
    [InlineData(StopReason.ContextExhausted, "length")]
    [InlineData(StopReason.ToolCall, "tool_calls")]
    [InlineData(StopReason.SafetyFiltered, "content_filter")]
    [InlineData(StopReason.Recitation, "content_filter")]
    [InlineData(StopReason.MalformedOutput, "length")]
    [InlineData(StopReason.Paused, "length")]
    [InlineData(StopReason.Other, "length")]
    public void Word_EveryReason_IsOneOfOpenAIs(StopReason stop, string word) => Assert.Equal(word, Encoding.UTF8.GetString(StopReasons.Word(stop)));

    [Fact]
    public void Of_BrokenConnection_NamesNoHost()
    {
        var answer = ErrorAnswer.Of(Failure.Of(FailureKind.Transport, "vllm.corp.internal does not resolve to a public address."));
        Assert.Equal((502, "transport"), (answer.Status, answer.Kind));
        Assert.DoesNotContain("vllm", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_EveryKind_IsAnErrorAndKeepsItsKind()
    {
        foreach (var kind in Enum.GetValues<FailureKind>())
        {
            var error = ErrorAnswer.Of(Failure.Of(kind, "m"));
            Assert.InRange(error.Status, 400, 504);
            Assert.Equal(kind.Name(), error.Kind);
            Assert.NotEqual(401, error.Status);
            Assert.NotEqual(403, error.Status);
        }
    }

    [Fact]
    public void Of_OurCredential_NeverShowsTheProvidersSentence() =>
        Assert.DoesNotContain("canary", ErrorAnswer.Of(Failure.Of(FailureKind.CredentialExchangeFailed, "canary account")).Message, StringComparison.Ordinal);
}
