namespace EndToEnd.Tests;

[Collection(CallingCollection.Name)]
public sealed class OpenAIClientTests(RunningProduct product)
{
    private const string Question = "Summarise: we ship on Friday, Zürich joins at three.";

    [Theory]
    [InlineData("huddle-notes", "vertex", "vertex-us-east5-flash")]
    [InlineData("thread-summary", "bedrock", "bedrock-us-east-1-sonnet")]
    [InlineData("search-answer", "azure", "azure-eastus2-gpt-4.1")]
    public async Task Chat_EachCloud_StreamAndWholeAnswerAgree(string feature, string wire, string endpoint)
    {
        var client = new FeatureClient(product, feature);
        var before = await product.Clouds.LastAsync();

        var whole = await client.AskAsync(Question);
        var streamed = await client.StreamAsync(Question);

        Assert.NotEmpty(whole.Text);
        Assert.Equal(whole.Text, streamed.Text);
        Assert.Equal(endpoint, whole.Endpoint);
        var calls = await product.Clouds.CallsAfterAsync(before);
        Assert.Equal([(wire, false), (wire, true)], calls.Select(c => (c.Wire, c.Streamed)));
        Assert.Equal((calls[0].InputTokens, calls[0].OutputTokens), (whole.InputTokens, whole.OutputTokens));
        Assert.Equal((calls[1].InputTokens, calls[1].OutputTokens), (streamed.InputTokens, streamed.OutputTokens));
    }
}
