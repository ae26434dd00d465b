using System.Net;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text.Json;
using Routing.Simulator.Embeddings;
using Routing.Simulator.Faults;

namespace Routing.Simulator.Tests.Embeddings;

public sealed class EmbeddingsTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private const string Two = """{"model":"text-embedding-3-small","input":["one two","three"],"dimensions":8}""";

    [Fact]
    public async Task OpenAI_Batch_OrderedUnitVectorsAndUsage()
    {
        var answer = await AnswerAsync(SimulatorFixture.OpenAI(Two, "/v1/embeddings"));
        var data = answer.GetProperty("data").EnumerateArray().ToList();

        Assert.Equal("0 1", string.Join(' ', data.Select(d => d.GetProperty("index").GetInt32())));
        Assert.All(data, d => AssertUnit(Floats(d.GetProperty("embedding")), 8));
        Assert.Equal("""{"prompt_tokens":3,"total_tokens":3}""", answer.GetProperty("usage").GetRawText());
        Assert.Equal(Floats(data[1].GetProperty("embedding")), EmbeddingVector.Of("three", "text-embedding-3-small", 8));
    }

    [Fact]
    public async Task OpenAI_Base64_SameVectorAsFloats()
    {
        var floats = await AnswerAsync(SimulatorFixture.OpenAI(Two, "/v1/embeddings"));
        var packed = await AnswerAsync(SimulatorFixture.OpenAI(Two.Replace("\"dimensions\"", "\"encoding_format\":\"base64\",\"dimensions\"", StringComparison.Ordinal), "/v1/embeddings"));
        var bytes = Convert.FromBase64String(packed.GetProperty("data")[0].GetProperty("embedding").GetString()!); // It is a text.

        Assert.Equal(Floats(floats.GetProperty("data")[0].GetProperty("embedding")), MemoryMarshal.Cast<byte, float>(bytes).ToArray());
    }

    [Theory]
    [InlineData("/openai/deployments/vectors/embeddings?api-version=2024-10-21", "vectors")]
    [InlineData("/openai/v1/embeddings", "text-embedding-3-small")]
    public async Task Azure_BothPaths_Answer(string path, string model)
    {
        var before = simulator.Host.Log.LastSeq;
        using var request = SimulatorFixture.Bearer(path, Two, path.Contains("v1", StringComparison.Ordinal) ? SimulatorFixture.AzureKey : "entra-token");
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(("azure", 3, 0), (simulator.Host.Log.After(before).Single(c => c.Model == model).Wire, simulator.Host.Log.After(before).Single(c => c.Model == model).InputTokens, simulator.Host.Log.After(before).Single(c => c.Model == model).OutputTokens));
    }

    [Theory]
    [InlineData("""{"model":"text-embedding-3-small"}""")]
    [InlineData("""{"model":"text-embedding-3-small","input":""}""")]
    [InlineData("""{"model":"text-embedding-3-small","input":[]}""")]
    [InlineData("""{"model":"text-embedding-3-small","input":["a",1]}""")]
    [InlineData("""{"model":"text-embedding-3-small","input":"a","dimensions":1537}""")]
    [InlineData("""{"model":"text-embedding-3-small","input":"a","encoding_format":"int8"}""")]
    public async Task OpenAI_BadBody_Refused(string body)
    {
        using var request = SimulatorFixture.OpenAI(body, "/v1/embeddings");
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("""{"model":"text-embedding-3-small","input":[1,2,3]}""", 1)]
    [InlineData("""{"model":"text-embedding-3-small","input":[[1,2],[3]]}""", 2)]
    public async Task OpenAI_Tokens_CountedAsGiven(string body, int vectors)
    {
        var answer = await AnswerAsync(SimulatorFixture.OpenAI(body, "/v1/embeddings"));

        Assert.Equal((vectors, 3), (answer.GetProperty("data").GetArrayLength(), answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32()));
    }

    [Fact]
    public async Task Titan_Dimensions_OneVectorTwiceAndTokensInHeader()
    {
        using var request = Invoke("amazon.titan-embed-text-v2:0", """{"inputText":"one two","dimensions":256,"normalize":true}""");
        using var response = await simulator.Http.SendAsync(request);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();

        AssertUnit(Floats(answer.GetProperty("embedding")), 256);
        Assert.Equal(answer.GetProperty("embedding").GetRawText(), answer.GetProperty("embeddingsByType").GetProperty("float").GetRawText());
        Assert.Equal((2, "2"), (answer.GetProperty("inputTextTokenCount").GetInt32(), response.Headers.GetValues("x-amzn-bedrock-input-token-count").Single()));
    }

    [Theory]
    [InlineData("""{"texts":["a","b"],"input_type":"search_query"}""", "embeddings_floats")]
    [InlineData("""{"texts":["a","b"],"input_type":"search_query","embedding_types":["float"]}""", "embeddings_by_type")]
    public async Task Cohere_Texts_AsAskedFor(string body, string type)
    {
        var answer = await AnswerAsync(Invoke("cohere.embed-multilingual-v3", body));
        var vectors = type == "embeddings_by_type" ? answer.GetProperty("embeddings").GetProperty("float") : answer.GetProperty("embeddings");

        Assert.Equal(type, answer.GetProperty("response_type").GetString());
        Assert.Equal(2, vectors.GetArrayLength());
        AssertUnit(Floats(vectors[1]), 1024);
    }

    [Theory]
    [InlineData("amazon.titan-embed-text-v2:0", """{"texts":["a"]}""")]
    [InlineData("amazon.titan-embed-text-v2:0", """{"inputText":"a","dimensions":300}""")]
    [InlineData("cohere.embed-english-v3", """{"texts":["a"]}""")]
    [InlineData("cohere.embed-v4:0", """{"texts":["a"],"input_type":"search_query","output_dimension":3}""")]
    [InlineData("amazon.nova-lite-v1:0", """{"inputText":"a"}""")]
    public async Task Invoke_BadBody_ValidationException(string model, string body)
    {
        using var request = Invoke(model, body);
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.StartsWith("ValidationException", response.Headers.GetValues("x-amzn-errortype").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_Instances_OnePredictionEachWithItsTokens()
    {
        var answer = await AnswerAsync(SimulatorFixture.Gemini("text-embedding-005", """{"instances":[{"content":"one two","task_type":"RETRIEVAL_QUERY"},{"content":"three"}],"parameters":{"outputDimensionality":64}}""", "predict"));
        var predictions = answer.GetProperty("predictions").EnumerateArray().Select(p => p.GetProperty("embeddings")).ToList();

        Assert.Equal("2 1", string.Join(' ', predictions.Select(p => p.GetProperty("statistics").GetProperty("token_count").GetInt32())));
        Assert.All(predictions, p => AssertUnit(Floats(p.GetProperty("values")), 64));
        Assert.Equal(11, answer.GetProperty("metadata").GetProperty("billableCharacterCount").GetInt32());
    }

    [Fact]
    public async Task EmbedContent_Size_VectorAndUsage()
    {
        var answer = await AnswerAsync(SimulatorFixture.Gemini("gemini-embedding-2", """{"content":{"parts":[{"text":"one two"}]},"embedContentConfig":{"outputDimensionality":16}}""", "embedContent"));

        AssertUnit(Floats(answer.GetProperty("embedding").GetProperty("values")), 16);
        Assert.Equal(2, answer.GetProperty("usageMetadata").GetProperty("promptTokenCount").GetInt32());
    }

    [Theory]
    [InlineData("gemini-embedding-001", """{"instances":[{"content":"a"},{"content":"b"}]}""", "predict")]
    [InlineData("text-embedding-005", """{"instances":[]}""", "predict")]
    [InlineData("text-embedding-005", """{"instances":[{"content":"a"}],"parameters":{"outputDimensionality":769}}""", "predict")]
    [InlineData("gemini-embedding-2", """{"content":{"parts":[]}}""", "embedContent")]
    public async Task Vertex_BadBody_InvalidArgument(string model, string body, string verb)
    {
        using var request = SimulatorFixture.Gemini(model, body, verb);
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal((HttpStatusCode.BadRequest, true), (response.StatusCode, (await response.Content.ReadAsStringAsync()).Contains("INVALID_ARGUMENT", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("openai", 429)]
    [InlineData("bedrock", 429)]
    [InlineData("vertex", 429)]
    public async Task Fault_OnEmbeddings_RefusesAsOnChat(string wire, int status)
    {
        simulator.Host.Faults.Set($"{wire}/*/titan-embed-limited", new FaultRule { Kind = FaultKind.RateLimited });
        using var request = wire switch
        {
            "bedrock" => Invoke("titan-embed-limited", """{"inputText":"a"}"""),
            "vertex" => SimulatorFixture.Gemini("titan-embed-limited", """{"instances":[{"content":"a"}]}""", "predict"),
            _ => SimulatorFixture.OpenAI("""{"model":"titan-embed-limited","input":"a"}""", "/v1/embeddings"),
        };
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public void Vector_SharedWords_LieNearer()
    {
        var (query, near, far) = (EmbeddingVector.Of("the café bill", "m", 64), EmbeddingVector.Of("the café menu", "m", 64), EmbeddingVector.Of("launch on Thursday", "m", 64));

        Assert.True(Dot(query, near) > Dot(query, far));
        Assert.NotEqual(query, EmbeddingVector.Of("the café bill", "other", 64));
    }

    private static HttpRequestMessage Invoke(string model, string body) => new BedrockSigning { Path = $"/model/{Uri.EscapeDataString(model)}/invoke", Body = body }.Sign();

    private static float Dot(float[] a, float[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static float[] Floats(JsonElement numbers) => [.. numbers.EnumerateArray().Select(n => n.GetSingle())];

    private static void AssertUnit(float[] vector, int dimensions)
    {
        Assert.Equal(dimensions, vector.Length);
        Assert.Equal(1, Math.Sqrt(vector.Sum(v => (double)v * v)), 5);
    }

    private async Task<JsonElement> AnswerAsync(HttpRequestMessage message)
    {
        using var request = message;
        using var response = await simulator.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
