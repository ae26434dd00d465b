using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Routing.Core.Llm;
using Routing.Core.Providers;

namespace Routing.Core.Tests.Providers.Vertex;

public sealed class VertexEmbeddingTests
{
    private const string TwoVectors = """{"predictions":[{"embeddings":{"statistics":{"truncated":false,"token_count":4},"values":[0.5,-1,1e-3]}},{"embeddings":{"values":[0,0.25,2],"statistics":{"token_count":3.0}}}],"metadata":{"billableCharacterCount":9}}""";

    private static readonly IProviderAdapter Adapter = ProviderAdapters.Of(ProviderKind.Vertex);

    [Fact]
    public void Target_Embeddings_IsPredict()
    {
        var target = Adapter.Target(Model("text-embedding-005"), CallerApi.Embeddings, stream: false);
        Assert.Equal(
            ("/v1/projects/my-project/locations/europe-west4/publishers/google/models/text-embedding-005:predict", "application/json", 0),
            (target.PathAndQuery, target.Accept, target.Headers.Length));
    }

    [Fact]
    public void WriteRequest_Texts_AreInstancesThatAreNeverCut()
    {
        Assert.Equal("""{"instances":[{"content":"a \"b\""},{"content":"ü"}],"parameters":{"autoTruncate":false}}""", Written("text-embedding-005", 0, null, "a \"b\"", "ü"));
        Assert.Equal("""{"instances":[{"content":"a"}],"parameters":{"autoTruncate":false,"outputDimensionality":256}}""", Written("text-multilingual-embedding-002", 0, 256, "a"));
    }

    [Fact]
    public void Rounds_GeminiEmbedding_IsOneTextAtATime()
    {
        Assert.Equal(3, Adapter.Rounds(Call(null, "a", "b", "c"), Model("gemini-embedding-001")));
        Assert.Equal("""{"instances":[{"content":"b"}],"parameters":{"autoTruncate":false}}""", Written("gemini-embedding-001", 1, null, "a", "b", "c"));
    }

    [Theory]
    [InlineData(250, 10, 1)]
    [InlineData(251, 10, 2)]
    [InlineData(20, 1000, 1)]
    [InlineData(21, 1000, 2)]
    [InlineData(2, 30000, 2)]
    public void Rounds_Batches_StayWithinBothLimits(int texts, int length, int rounds)
    {
        var call = Call(null, [.. Enumerable.Repeat(new string('x', length), texts)]);
        Assert.Equal(rounds, Adapter.Rounds(call, Model("text-embedding-005")));
        var sent = Enumerable.Range(0, rounds).Sum(r => Written(call, "text-embedding-005", r).Split("{\"content\":").Length - 1);
        Assert.Equal(texts, sent);
    }

    [Fact]
    public void Read_Predictions_AreVectorsAndTokens()
    {
        var expected = new[] { "vector 0 0.5 -1 0.001", "vector 1 0 0.25 2", "used 7+0 cached 0 thinking 0 " };
        var bytes = Encoding.UTF8.GetBytes(TwoVectors);
        for (var at = 0; at < bytes.Length; at++) Assert.Equal(expected, GeminiEvents.Lines(Reader("text-embedding-005", 0, "a", "b"), [bytes[..at], bytes[at..]]), StringComparer.Ordinal);
    }

    [Fact]
    public void Read_LaterRound_CountsOn() => Assert.Equal(
        ["vector 2 1", "used 5+0 cached 0 thinking 0 "],
        Lines(Reader("gemini-embedding-001", 2, "a", "b", "c"), """{"predictions":[{"embeddings":{"values":[1],"statistics":{"token_count":5}}}]}"""));

    [Theory]
    [InlineData(TwoVectors, "failed StreamInterrupted")]
    [InlineData("""{"predictions":[]}""", "failed StreamInterrupted")]
    [InlineData("""{"predictions":[{"embeddings":{"values":["a"]}}]}""", "failed Unknown")]
    [InlineData("""{"predictions":[{"embeddings":{"values":[1e99]}}]}""", "failed Unknown")]
    [InlineData("""{"predictions":[{"embeddings":[]}]}""", "failed Unknown")]
    [InlineData("""{"predictions":[{"embeddings":{"values":[1""", "failed Unknown")]
    [InlineData("<html>busy</html>", "failed Unknown")]
    [InlineData("", "failed Unknown")]
    [InlineData("""[{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"Resource exhausted, please try again later."}}]""", "failed CapacityExhausted")]
    public void Read_AnythingElse_FailsWithoutVectors(string body, string line) => Assert.Equal([line], Lines(Reader("text-embedding-005", 0, "a"), body));

    [Fact]
    public void ReadFailure_TextThatIsTooLong_IsTheCallersToMend() => Assert.Equal(FailureKind.ContextTooLong, Adapter.ReadFailure(400, new ListedHeaders(), Encoding.UTF8.GetBytes(
        """{"error":{"code":400,"message":"Unable to submit request because the input token count is 3001 but the model supports up to 2048. Reduce the input token count and try again.","status":"INVALID_ARGUMENT"}}""")).Kind);

    private static List<string> Lines(ChatAnswerReader reader, string body) => GeminiEvents.Lines(reader, [Encoding.UTF8.GetBytes(body)]);

    private static ChatAnswerReader Reader(string model, int round, params ImmutableArray<string> texts) => Adapter.CreateReader(Call(null, texts), Model(model), round, stream: false);

    private static string Written(string model, int round, int? dimensions, params ImmutableArray<string> texts) => Written(Call(dimensions, texts), model, round);

    private static string Written(ChatCall call, string model, int round)
    {
        var body = new ArrayBufferWriter<byte>();
        Adapter.WriteRequest(call, Model(model), round, body);
        return Encoding.UTF8.GetString(body.WrittenSpan);
    }

    private static ChatCall Call(int? dimensions, params ImmutableArray<string> texts) =>
        new(() => new ChatRequest { Messages = [] }) { Feature = "f", Stream = false, Api = CallerApi.Embeddings, Embedding = new EmbeddingRequest(texts, dimensions) };

    private static ModelTarget Model(string name) => new(name, "europe-west4", "my-project", "", 4096) { Family = ModelFamily.Embedding };
}
