using Routing.Core.Llm;
using Routing.Core.Providers;

namespace Routing.Core.Tests.Providers.Vertex;

public sealed class VertexRequestTests
{
    private static readonly ModelTarget Model = new("gemini-2.5-flash", "europe-west4", "my-project", "", 4096);
    private static readonly IProviderAdapter Adapter = ProviderAdapters.Of(ProviderKind.Vertex);

    [Fact]
    public void WriteRequest_SystemApartAndTurnsMerged_IsGenerateContent() => Assert.Equal(
        """{"systemInstruction":{"parts":[{"text":"Be brief."},{"text":"Be kind."}]},"contents":[{"role":"user","parts":[{"text":"One \"<&>\" ü"},{"text":"Two"}]},{"role":"model","parts":[{"text":"Three"}]},{"role":"user","parts":[{"text":"Four"}]}],"generationConfig":{"maxOutputTokens":50,"temperature":0.5,"topP":0.25,"stopSequences":["END","\n\n"]}}""",
        Calls.Written(Adapter, Model, Calls.Conversation));

    [Fact]
    public void WriteRequest_NoLimitFromTheCaller_SendsTheEndpointsOwn() => Assert.Equal(
        """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"generationConfig":{"maxOutputTokens":4096}}""",
        Calls.Written(Adapter, Model with { Model = "gemini-2.0-flash-001" }, new ChatRequest { Messages = [ChatMessage.Of(ChatRole.User, "Hi")] }));

    [Theory]
    [InlineData(false, "/v1/projects/my-project/locations/europe-west4/publishers/google/models/gemini-2.5-flash:generateContent", "application/json")]
    [InlineData(true, "/v1/projects/my-project/locations/europe-west4/publishers/google/models/gemini-2.5-flash:streamGenerateContent?alt=sse", "text/event-stream")]
    public void Target_Mode_HasItsPath(bool stream, string path, string accept)
    {
        var target = Adapter.Target(Model, CallerApi.ChatCompletions, stream);
        Assert.Equal((path, accept), (target.PathAndQuery, target.Accept));
    }

    [Theory]
    [InlineData("europe-west4", "https://europe-west4-aiplatform.googleapis.com/")]
    [InlineData("global", "https://aiplatform.googleapis.com/")]
    public void Default_Region_HasItsHost(string region, string address) => Assert.Equal(new Uri(address), ProviderAddresses.Default(ProviderKind.Vertex, region));
}
