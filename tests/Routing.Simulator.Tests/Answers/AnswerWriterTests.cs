using System.Text;
using Routing.Simulator.Answers;

namespace Routing.Simulator.Tests.Answers;

public sealed class AnswerWriterTests
{
    private static readonly ModelBehaviour Behaviour = new() { AnswerTokens = 400 };
    private static readonly ChatAsk Ask = new() { LastUserText = "What happened?", InputTokens = 7 };

    [Fact]
    public void Write_SameAsk_SameText() => Assert.Equal(Write(Ask).First.Text, Write(Ask).First.Text);

    [Theory]
    [InlineData(2, "m", "What happened?")]
    [InlineData(1, "other", "What happened?")]
    [InlineData(1, "m", "What happened then?")]
    public void Write_OnePartDiffers_TextDiffers(ulong seed, string model, string text) =>
        Assert.False(string.Equals(Write(Ask).First.Text, new AnswerWriter(seed).Write(Ask with { LastUserText = text }, model, Behaviour).First.Text, StringComparison.Ordinal));

    [Fact]
    public void Write_LongAnswer_HasTwoThreeAndFourByteCharacters()
    {
        var widths = Write(Ask).First.Text.EnumerateRunes().Select(r => r.Utf8SequenceLength).Distinct().Order();

        Assert.Equal("1 2 3 4", string.Join(' ', widths));
    }

    [Fact]
    public void Write_AnyAnswer_TokensCountedAgainAreAsMany()
    {
        for (var at = 0; at < 200; at++)
        {
            var answer = Write(Ask with { LastUserText = $"message {at}" });
            Assert.Equal(Tokenizer.Count(answer.First.Text), answer.OutputTokens);
        }
    }

    [Fact]
    public void Write_StopSequence_TextEndsBeforeIt()
    {
        var whole = Write(Ask).First.Text;
        var stopped = Write(Ask with { StopSequences = ["never there", "."] });

        Assert.Equal((StopCause.StopSequence, "."), (stopped.First.Stop, stopped.First.StopSequence));
        Assert.Equal(whole[..whole.IndexOf('.', StringComparison.Ordinal)], stopped.First.Text);
    }

    [Fact]
    public void Write_MaxTokensBeforeStop_IsLength()
    {
        var answer = Write(Ask with { MaxTokens = 2, StopSequences = ["."] });

        Assert.Equal((StopCause.Length, 2), (answer.First.Stop, answer.OutputTokens));
    }

    [Fact]
    public void Split_EmojiAndCjk_NeverCutsACharacter()
    {
        foreach (var token in Tokenizer.Split("👍👍👍👍👍👍👍👍 東京のチームは月曜日 \n\t "))
            Assert.Equal(token, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(token)));
    }

    private static Answer Write(ChatAsk ask) => new AnswerWriter(1).Write(ask, "m", Behaviour);
}
