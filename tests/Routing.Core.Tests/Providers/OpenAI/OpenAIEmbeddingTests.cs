using System.Buffers;
using System.Text;
using Routing.Core.Llm;
using Routing.Core.Providers;

namespace Routing.Core.Tests.Providers.OpenAI;

public sealed class OpenAIEmbeddingTests
{
    private const string Answer = """{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.1]}],"model":"m","usage":{"prompt_tokens":7,"total_tokens":7}}""";

    private static readonly ModelTarget Model = new("my embeddings", "", "", "", 0) { Family = ModelFamily.Embedding };

    [Theory]
    [InlineData(ProviderKind.OpenAICompatible, "", "/v1/embeddings")]
    [InlineData(ProviderKind.AzureOpenAI, "", "/openai/v1/embeddings")]
    [InlineData(ProviderKind.AzureOpenAI, "2024-10-21", "/openai/deployments/my%20embeddings/embeddings?api-version=2024-10-21")]
    public void Target_Embeddings_HasItsPath(ProviderKind kind, string version, string path) =>
        Assert.Equal(path, ProviderAdapters.Of(kind).Target(Model with { ApiVersion = version }, CallerApi.Embeddings, stream: false).PathAndQuery);

    [Theory]
    [InlineData(CallerApi.Embeddings, ModelFamily.Embedding, true)]
    [InlineData(CallerApi.Embeddings, ModelFamily.Chat, false)]
    [InlineData(CallerApi.ChatCompletions, ModelFamily.Embedding, false)]
    public void Support_OfAModel_IsOneOfTheTwo(CallerApi api, ModelFamily family, bool supported) => Assert.Equal(
        supported, ProviderAdapters.Of(ProviderKind.OpenAICompatible).Support(api, Model with { Family = family }) != WireSupport.None);

    [Fact]
    public void WriteRequest_OfOurOwn_IsTheirShape()
    {
        var call = new ChatCall(() => throw new InvalidOperationException("A call for embeddings has no messages."))
        {
            Feature = "f", Stream = false, Api = CallerApi.Embeddings, Embedding = new EmbeddingRequest(["a", "b"], 64),
        };
        var body = new ArrayBufferWriter<byte>();
        ProviderAdapters.Of(ProviderKind.OpenAICompatible).WriteRequest(call, Model, 0, body);
        Assert.Equal("""{"model":"my embeddings","input":["a","b"],"dimensions":64}""", Encoding.UTF8.GetString(body.WrittenSpan));
    }

    [Fact]
    public void Read_SplitAnywhere_ForwardsTheBytesAndReadsTheUsage()
    {
        var bytes = Encoding.UTF8.GetBytes(Answer);
        for (var split = 0; split <= bytes.Length; split++)
        {
            var events = Read(bytes.AsMemory(0, split), bytes.AsMemory(split));
            Assert.Equal(Answer, Encoding.UTF8.GetString(events[0].Utf8.Span));
            Assert.True(events[0].HasContent);
            Assert.Equal((7L, 0L), (events[1].Usage.InputTotal, events[1].Usage.OutputTotal));
        }
    }

    [Theory]
    [InlineData("", FailureKind.Unknown)]
    [InlineData("<html>", FailureKind.Unknown)]
    [InlineData("[]", FailureKind.Unknown)]
    [InlineData("""{"data":[]}""", FailureKind.StreamInterrupted)]
    [InlineData("""{"data":"x","usage":{}}""", FailureKind.StreamInterrupted)]
    [InlineData("""{"error":{"message":"x","code":"rate_limit_exceeded"}}""", FailureKind.RateLimited)]
    public void Read_NoVectors_IsAFailure(string body, FailureKind kind) => Assert.Equal(kind, Read(Encoding.UTF8.GetBytes(body)).Single().Failure!.Kind);

    private static List<ChatEvent> Read(params ReadOnlyMemory<byte>[] pieces)
    {
        var call = new ChatCall(() => throw new InvalidOperationException("A call for embeddings has no messages.")) { Feature = "f", Stream = false, Api = CallerApi.Embeddings };
        var reader = ProviderAdapters.Of(ProviderKind.OpenAICompatible).CreateReader(call, Model, 0, stream: false);
        var events = new List<ChatEvent>();
        foreach (var piece in pieces) reader.Read(piece, events);
        reader.Complete(events);
        return events;
    }
}
