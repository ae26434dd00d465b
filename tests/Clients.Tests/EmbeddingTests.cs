using System.ClientModel;
using OpenAI;
using OpenAI.Embeddings;

namespace Clients.Tests;

[Collection(OneEdge.Name)]
public sealed class EmbeddingTests(EdgeAndClouds edge)
{
    public static TheoryData<string> Features() => new(Provider.Embedders.Select(p => p.Feature));

    [Theory]
    [MemberData(nameof(Features))]
    public async Task Embed_Batch_VectorsInOrderAndCounted(string feature)
    {
        var client = new EmbeddingClient(feature, new ApiKeyCredential(EdgeAndClouds.CallerKey), new OpenAIClientOptions { Endpoint = new Uri(edge.Edge, "/v1") });
        var seq = edge.Clouds.Log.LastSeq;
        var options = new EmbeddingGenerationOptions { Dimensions = Provider.Of(feature).Dimensions };

        var batch = (await client.GenerateEmbeddingsAsync(["the cat sat", "quarterly revenue of the group"], options)).Value;
        var single = (await client.GenerateEmbeddingAsync("quarterly revenue of the group", options)).Value;

        Assert.Equal([0, 1], batch.Select(v => v.Index));
        Assert.All(batch, v => Assert.Equal(Provider.Of(feature).Dimensions, v.ToFloats().Length));
        Assert.Equal(single.ToFloats().ToArray(), batch[1].ToFloats().ToArray());
        Assert.NotEqual(batch[0].ToFloats().ToArray(), batch[1].ToFloats().ToArray());
        var calls = edge.CallsAfter(seq);
        Assert.All(calls, c => Assert.Equal(Provider.Of(feature).Key, $"{c.Wire}/{c.Region}/{c.Model}"));
        Assert.Equal(calls.SkipLast(1).Sum(c => c.InputTokens), batch.Usage.InputTokenCount);
        Assert.Equal(batch.Usage.InputTokenCount, batch.Usage.TotalTokenCount);
    }
}
