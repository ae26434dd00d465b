using Routing.Core.Llm;
using Routing.Core.Providers;

namespace Routing.Core.Tests.Providers.Bedrock;

public sealed class BedrockRequestTests
{
    private static readonly ModelTarget Model = new("anthropic.claude-sonnet-4-5-20250929-v1:0", "us-east-1", "", "", 4096);
    private static readonly IProviderAdapter Adapter = ProviderAdapters.Of(ProviderKind.Bedrock);

    [Fact]
    public void WriteRequest_SystemApartAndTurnsMerged_IsConverse() => Assert.Equal(
        """{"messages":[{"role":"user","content":[{"text":"One \"<&>\" ü"},{"text":"Two"}]},{"role":"assistant","content":[{"text":"Three"}]},{"role":"user","content":[{"text":"Four"}]}],"system":[{"text":"Be brief."},{"text":"Be kind."}],"inferenceConfig":{"maxTokens":50,"temperature":0.5,"stopSequences":["END","\n\n"]}}""",
        Calls.Written(Adapter, Model, Calls.Conversation));

    [Fact]
    public void WriteRequest_NoLimitFromTheCaller_SendsTheEndpointsOwn() => Assert.Equal(
        """{"messages":[{"role":"user","content":[{"text":"Hi"}]}],"inferenceConfig":{"maxTokens":4096}}""",
        Calls.Written(Adapter, Model, new ChatRequest { Messages = [ChatMessage.Of(ChatRole.User, "Hi")] }));

    [Fact]
    public void WriteRequest_TemperatureOfOpenAIsScale_IsCutToConverses() => Assert.Contains("\"temperature\":1}",
        Calls.Written(Adapter, Model, new ChatRequest { Messages = [ChatMessage.Of(ChatRole.User, "Hi")], Temperature = 1.7 }), StringComparison.Ordinal);

    [Theory]
    [InlineData("amazon.nova-lite-v1:0", false, "/model/amazon.nova-lite-v1%3A0/converse", "application/json")]
    [InlineData("us.amazon.nova-lite-v1:0", true, "/model/us.amazon.nova-lite-v1%3A0/converse-stream", "application/vnd.amazon.eventstream")]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abc", false, "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Aprovisioned-model%2Fabc/converse", "application/json")]
    public void Target_ModelIdOrArn_IsOneEscapedSegment(string model, bool stream, string path, string accept) =>
        Assert.Equal(new WireTarget(path, accept), Adapter.Target(Model with { Model = model }, CallerApi.ChatCompletions, stream));
}
