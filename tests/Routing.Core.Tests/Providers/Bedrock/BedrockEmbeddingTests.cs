using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Routing.Core.Llm;
using Routing.Core.Providers;

namespace Routing.Core.Tests.Providers.Bedrock;

public sealed class BedrockEmbeddingTests
{
    private static readonly ModelTarget Titan = new("amazon.titan-embed-text-v2:0", "us-east-1", "", "", 4096) { Family = ModelFamily.TitanEmbedding };
    private static readonly ModelTarget Cohere = Titan with { Model = "cohere.embed-v4:0", Family = ModelFamily.CohereEmbedding };

    [Fact]
    public void WriteRequest_Titan_IsOneTextARound()
    {
        var call = Call(["One", "Two \"ü\""], 256);
        Assert.Equal(2, Adapter.Rounds(call, Titan));
        Assert.Equal("""{"inputText":"One","dimensions":256}""", Written(call, Titan, 0));
        Assert.Equal("""{"inputText":"Two \"ü\"","dimensions":256}""", Written(call, Titan, 1));
        Assert.Equal("""{"inputText":"One"}""", Written(Call(["One"], null), Titan, 0));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(96, 1)]
    [InlineData(97, 2)]
    [InlineData(193, 3)]
    public void Rounds_Cohere_Are96TextsEach(int texts, int rounds) => Assert.Equal(rounds, Adapter.Rounds(Call(Texts(texts), null), Cohere));

    [Fact]
    public void WriteRequest_Cohere_IsTheRoundsTexts()
    {
        var call = Call(Texts(97), 512);
        Assert.Equal("""{"texts":["t96"],"input_type":"search_document","embedding_types":["float"],"output_dimension":512}""", Written(call, Cohere, 1));
        Assert.StartsWith("""{"texts":["t0","t1",""", Written(call, Cohere, 0), StringComparison.Ordinal);
        Assert.EndsWith(""","t95"],"input_type":"search_document","embedding_types":["float"],"output_dimension":512}""", Written(call, Cohere, 0), StringComparison.Ordinal);
    }

    [Fact]
    public void Target_IsInvoke() => Assert.Equal(
        new WireTarget("/model/amazon.titan-embed-text-v2%3A0/invoke", "application/json"), Adapter.Target(Titan, CallerApi.Embeddings, stream: false));

    [Theory]
    [InlineData("amazon.titan-embed-text-v2:0", ModelFamily.TitanEmbedding, true)]
    [InlineData("amazon.titan-embed-text-v1", ModelFamily.TitanEmbedding, false)]
    [InlineData("cohere.embed-v4:0", ModelFamily.CohereEmbedding, true)]
    [InlineData("cohere.embed-multilingual-v3", ModelFamily.CohereEmbedding, false)]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abc", ModelFamily.CohereEmbedding, false)]
    public void Support_Dimensions_OnlyOfModelsKnownToTakeThem(string model, ModelFamily family, bool expected)
    {
        var support = Adapter.Support(CallerApi.Embeddings, Titan with { Model = model, Family = family });
        Assert.Equal((true, expected), (support.Carries.HasFlag(Capabilities.Embeddings), support.Carries.HasFlag(Capabilities.Dimensions)));
        Assert.Equal(family == ModelFamily.CohereEmbedding, support.Approximations.Any(a => a.Need == Capabilities.Embeddings));
    }

    [Fact]
    public void Read_Titan_GivesTheRoundsVectorAndUsage() => Assert.Equal(
        ["vector 1: 0.5 -1 2000", "usage 7", "stopped End"],
        Read(Call(["a", "b"], null), Titan, 1, """{"embedding":[0.5,-1,2e3],"embeddingsByType":{"float":[0.5,-1,2e3]},"inputTextTokenCount":7}"""));

    [Theory]
    [InlineData("""{"id":"x","texts":["t96","t97"],"embeddings":[[1,2],[3,4]],"response_type":"embeddings_floats"}""")]
    [InlineData("""{"response_type":"embeddings_by_type","embeddings":{"int8":[[9,9],[9,9]],"float":[[1,2],[3,4]]},"id":"x"}""")]
    public void Read_Cohere_GivesVectorsOfTheRoundAndUsageOfTheHeader(string body) => Assert.Equal(
        ["vector 96: 1 2", "vector 97: 3 4", "usage 11", "stopped End"],
        Read(Call(Texts(98), null), Cohere, 1, body, ("X-Amzn-Bedrock-Input-Token-Count", "11")));

    [Theory]
    [InlineData("many")]
    [InlineData("-3")]
    [InlineData(null)]
    public void Read_WithoutAUsableHeader_HasNoUsage(string? tokens) => Assert.Equal(
        ["vector 0: 1", "stopped End"],
        Read(Call(["a"], null), Cohere, 0, """{"embeddings":{"float":[[1]]}}""", tokens is null ? [] : [("x-amzn-bedrock-input-token-count", tokens)]));

    [Theory]
    [InlineData("""{"embeddings":{"float":[[1,2]]}}""", "vector 0: 1 2|failed StreamInterrupted")]
    [InlineData("""{"embeddings":{"int8":[[1],[2]]}}""", "failed StreamInterrupted")]
    [InlineData("""{"message":"x"}""", "failed StreamInterrupted")]
    [InlineData("""{"embeddings":[[1,"2"],[3]]}""", "failed Unknown")]
    [InlineData("""{"embeddings":[[1],[3]]""", "failed Unknown")]
    [InlineData("<html>busy</html>", "failed Unknown")]
    [InlineData("[]", "failed Unknown")]
    public void Read_SomethingElseWith200_IsAFailure(string body, string expected) => Assert.Equal(expected.Split('|'), Read(Call(["a", "b"], null), Cohere, 0, body));

    private static IProviderAdapter Adapter => ProviderAdapters.Of(ProviderKind.Bedrock);

    private static string[] Texts(int count) => [.. Enumerable.Range(0, count).Select(i => $"t{i}")];

    private static ChatCall Call(string[] texts, int? dimensions) => new(() => throw new InvalidOperationException("An embedding has no chat request."))
    {
        Feature = "f", Stream = false, Api = CallerApi.Embeddings, Embedding = new EmbeddingRequest([.. texts], dimensions),
    };

    private static string Written(ChatCall call, ModelTarget model, int round)
    {
        var body = new ArrayBufferWriter<byte>();
        Adapter.WriteRequest(call, model, round, body);
        return Encoding.UTF8.GetString(body.WrittenSpan);
    }

    private static string[] Read(ChatCall call, ModelTarget model, int round, string body, params (string Name, string Value)[] headers)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var whole = Pieces([bytes]);
        Assert.Equal(whole, Pieces(bytes.Select(b => new[] { b })));
        return whole;

        string[] Pieces(IEnumerable<byte[]> pieces)
        {
            var reader = Adapter.CreateReader(call, model, round, stream: false);
            var events = new List<ChatEvent>();
            reader.ReadHeaders(new ListedHeaders(headers));
            foreach (var piece in pieces) reader.Read(piece, events);
            reader.Complete(events);
            return [.. events.Select(Line)];
        }
    }

    private static string Line(ChatEvent e) => e.Kind switch
    {
        ChatEventKind.Embedding => FormattableString.Invariant($"vector {e.Index}: {string.Join(' ', MemoryMarshal.Cast<byte, float>(e.Utf8.Span).ToArray())}"),
        ChatEventKind.Usage => $"usage {e.Usage.InputTotal}",
        ChatEventKind.Stopped => $"stopped {e.Stop}",
        _ => $"failed {e.Failure!.Kind}", // Nothing else comes.
    };
}
