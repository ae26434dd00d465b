using System.Text;
using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.OpenAI;

namespace Routing.Edge.Tests.OpenAI;

public sealed class EmbeddingsTests
{
    private const string Answer = """{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,-1]}],"model":"text-embedding-x","usage":{"prompt_tokens":7,"total_tokens":7}}""";

    public static TheoryData<string, string?, string> Refused => new()
    {
        { """{"input":"x"}""", "model", "missing_required_parameter" },
        { """{"model":"m"}""", "input", "missing_required_parameter" },
        { """{"model":"m","input":null}""", "input", "invalid_type" },
        { """{"model":"m","input":""}""", "input", "invalid_value" },
        { """{"model":"m","input":[]}""", "input", "empty_array" },
        { """{"model":"m","input":["a",""]}""", "input[1]", "invalid_value" },
        { """{"model":"m","input":["a",1]}""", "input[1]", "invalid_type" },
        { """{"model":"m","input":[[]]}""", "input[0]", "empty_array" },
        { """{"model":"m","input":[["a"]]}""", "input[0]", "invalid_type" },
        { """{"model":"m","input":[-1]}""", "input[0]", "integer_below_min_value" },
        { """{"model":"m","input":[{}]}""", "input[0]", "invalid_type" },
        { """{"model":"m","input":"a","dimensions":0}""", "dimensions", "integer_below_min_value" },
        { """{"model":"m","input":"a","encoding_format":"hex"}""", "encoding_format", "invalid_value" },
        { """{"model":"m","input":"a","input":"b"}""", "input", "duplicate_parameter" },
        { $$"""{"model":"m","input":[{{string.Join(',', Enumerable.Repeat("\"a\"", 2049))}}]}""", "input", "array_above_max_length" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void TryRead_BadInput_NamesFieldAndCode(string json, string? param, string code)
    {
        Assert.False(EmbeddingReader.TryRead(Encoding.UTF8.GetBytes(json), out _, out var failure));
        Assert.Equal((FailureKind.InvalidRequest, param, code), (failure.Kind, failure.Param, failure.RawCode));
    }

    [Theory]
    [InlineData("""{"model":"m","input":"a"}""", Capabilities.None, "")]
    [InlineData("""{"model":"m","input":["a","b"],"dimensions":256}""", Capabilities.Dimensions, "dimensions")]
    [InlineData("""{"model":"m","input":[1,2]}""", Capabilities.SameWireFields, "input")]
    [InlineData("""{"model":"m","input":[[1,2],[3]]}""", Capabilities.SameWireFields, "input")]
    [InlineData("""{"model":"m","input":"a","user":"u"}""", Capabilities.EndUser, "user")]
    [InlineData("""{"model":"m","input":"a","task":"query"}""", Capabilities.SameWireFields, "task")]
    public void TryRead_Call_NeedsAndNamesItsField(string json, Capabilities needs, string field)
    {
        Assert.True(EmbeddingReader.TryRead(Encoding.UTF8.GetBytes(json), out var call, out _));
        Assert.Equal((CallerApi.Embeddings, Capabilities.Embeddings | needs), (call.Api, call.Needs));
        Assert.Equal(field, call.Fields!(call.Original!).Values.LastOrDefault().Name ?? "");
    }

    [Fact]
    public void Embedding_Lazy_HoldsTextsAndLength()
    {
        Assert.True(EmbeddingReader.TryRead("""{"model":"m","input":["a","\u00e9"],"dimensions":3,"encoding_format":"base64"}"""u8.ToArray(), out var call, out _));
        Assert.Equal<string>(["a", "é"], call.Embedding!.Inputs, StringComparer.Ordinal);
        Assert.Equal((3, true), (call.Embedding.Dimensions, call.Embedding.AsBase64));
    }

    [Theory]
    [InlineData("float", "[0.5,-1,1E-10]", "[3,4]")]
    [InlineData("base64", "\"AAAAPwAAgL//5tsu\"", "\"AABAQAAAgEA=\"")]
    public async Task Answer_Vectors_InTheFormatAskedFor(string format, string first, string second)
    {
        var text = await WrittenAnswer.OfEmbeddingsAsync($$"""{"model":"m","input":["a","b"],"encoding_format":"{{format}}"}""",
            ChatEvent.Vector(0, Floats(0.5f, -1, 1e-10f)), ChatEvent.Vector(1, Floats(3, 4)), ChatEvent.Used(new TokenUsage { InputTotal = 5, Source = UsageSource.Reported }));

        Assert.Equal($$$"""{"object":"list","data":[{"object":"embedding","index":0,"embedding":{{{first}}}},{"object":"embedding","index":1,"embedding":{{{second}}}}],"model":"","usage":{"prompt_tokens":5,"total_tokens":5}}""", text);
    }

    [Fact]
    public async Task Post_SameWire_ForwardsBytesBothWaysAndBooksTheTokens()
    {
        await using var edge = await EdgeFixture.StartAsync();
        edge.Provider.OnStatus("text-embedding-x", 200, Answer);
        using var response = await edge.PostAsync("/v1/embeddings", """{"input":["a"],"model":"embed","encoding_format":"float"}""");

        Assert.Equal(Answer, await response.Content.ReadAsStringAsync());
        Assert.Equal("""{"input":["a"],"model":"text-embedding-x","encoding_format":"float"}""", edge.Provider.Bodies.Single());
        Assert.Equal("/v1/embeddings", edge.Provider.Paths.Single());
        var row = Assert.Single(await edge.LedgerAsync(1));
        Assert.Equal(("embed", 7L, UsageSource.Reported), (row.Feature, row.Attempts[0].Usage.InputTotal, row.Attempts[0].Usage.Source));
    }

    [Theory]
    [InlineData("""{"object":"list","data":[]}""")]
    [InlineData("<html></html>")]
    [InlineData("""{"error":{"message":"x","type":"server_error"}}""")]
    public async Task Post_ProviderAnswers200WithoutVectors_IsAnError(string answer)
    {
        await using var edge = await EdgeFixture.StartAsync();
        edge.Provider.OnStatus("text-embedding-x", 200, answer);
        using var response = await edge.PostAsync("/v1/embeddings", """{"model":"embed","input":"a"}""");
        Assert.Equal(502, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("/v1/embeddings", """{"model":"chat","input":"a"}""")]
    [InlineData("/v1/chat/completions", """{"model":"embed","messages":[{"role":"user","content":"x"}]}""")]
    public async Task Post_FeatureOfTheOtherKind_IsRefusedBeforeAnybodyIsAsked(string path, string json)
    {
        await using var edge = await EdgeFixture.StartAsync();
        using var response = await edge.PostAsync(path, json);

        Assert.Equal(400, (int)response.StatusCode);
        using var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("unsupported_capability", error.RootElement.GetProperty("error").GetProperty("code").GetString());
        Assert.Contains("does not serve calls of this kind", error.RootElement.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(edge.Provider.Bodies);
    }

    private static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];
}
