using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Routing.Simulator.Faults;

namespace Routing.Simulator.Tests.Vertex;

public sealed class GenerateContentTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private const string Body = """{"contents":[{"role":"user","parts":[{"text":"Hello there"}]}],"generationConfig":{"maxOutputTokens":4}}""";

    [Fact]
    public async Task GenerateContent_MaxTokens_LiteralShape()
    {
        var answer = await AskAsync("gemini-2.5-flash", Body);

        Assert.Equal("MAX_TOKENS", answer.GetProperty("candidates")[0].GetProperty("finishReason").GetString());
        Assert.Equal("model", answer.GetProperty("candidates")[0].GetProperty("content").GetProperty("role").GetString());
        Assert.Equal("""{"promptTokenCount":5,"candidatesTokenCount":4,"totalTokenCount":9,"trafficType":"ON_DEMAND","promptTokensDetails":[{"modality":"TEXT","tokenCount":5}],"candidatesTokensDetails":[{"modality":"TEXT","tokenCount":4}]}""",
            answer.GetProperty("usageMetadata").GetRawText());
        Assert.Equal("us-east5", simulator.Logged(answer.GetProperty("responseId").GetString()!).Region);
    }

    [Fact]
    public async Task GenerateContent_ThinkingModel_ThoughtsBesideCandidates()
    {
        var usage = (await AskAsync("thinking", Body.Replace("\"maxOutputTokens\":4", "\"maxOutputTokens\":11", StringComparison.Ordinal))).GetProperty("usageMetadata");

        Assert.Equal((7, 4, 16), (usage.GetProperty("thoughtsTokenCount").GetInt32(), usage.GetProperty("candidatesTokenCount").GetInt32(), usage.GetProperty("totalTokenCount").GetInt32()));
    }

    [Fact]
    public async Task StreamGenerateContent_Sse_ChunksThenUsage()
    {
        using var request = SimulatorFixture.Gemini("gemini-2.5-flash", Body, "streamGenerateContent", "?alt=sse");
        using var response = await simulator.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var chunks = text.Split("\r\n\r\n", StringSplitOptions.RemoveEmptyEntries).Select(c => JsonDocument.Parse(c["data: ".Length..]).RootElement).ToList();

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(5, chunks.Count);
        Assert.All(chunks[..4], chunk => Assert.False(chunk.GetProperty("candidates")[0].TryGetProperty("finishReason", out _)));
        Assert.Equal("MAX_TOKENS", chunks[4].GetProperty("candidates")[0].GetProperty("finishReason").GetString());
        Assert.Equal(9, chunks[4].GetProperty("usageMetadata").GetProperty("totalTokenCount").GetInt32());
    }

    [Fact]
    public async Task StreamGenerateContent_WithoutAlt_IsOneJsonArray()
    {
        using var request = SimulatorFixture.Gemini("gemini-2.5-flash", Body, "streamGenerateContent");
        using var response = await simulator.Http.SendAsync(request);
        using var chunks = JsonDocument.Parse(await response.Content.ReadAsStringAsync());

        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(5, chunks.RootElement.GetArrayLength());
    }

    [Fact]
    public async Task GenerateContent_BetaPath_Answers()
    {
        using var request = SimulatorFixture.Bearer("/v1beta1/projects/p/locations/global/publishers/google/models/gemini-2.5-flash:generateContent", Body, SimulatorFixture.GoogleToken);
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("x-vertex-ai-llm-request-type", "dedicated", "PROVISIONED_THROUGHPUT")]
    [InlineData("x-vertex-ai-llm-shared-request-type", "priority", "ON_DEMAND_PRIORITY")]
    public async Task GenerateContent_CapacityHeader_IsReportedAsTrafficType(string header, string value, string traffic)
    {
        using var request = SimulatorFixture.Gemini("gemini-2.5-flash", Body);
        request.Headers.Add(header, value);
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(traffic, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("usageMetadata").GetProperty("trafficType").GetString());
    }

    [Theory]
    [InlineData("gemini-2.5-pro", HttpStatusCode.BadRequest)]
    [InlineData("gemini-3-pro-preview", HttpStatusCode.OK)]
    public async Task GenerateContent_ToolsBesideAJsonAnswer_RefusedBeforeTheThirdGeneration(string model, HttpStatusCode status)
    {
        const string Both = """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"tools":[{"functionDeclarations":[{"name":"now"}]}],"generationConfig":{"responseMimeType":"application/json"}}""";
        using var request = SimulatorFixture.Gemini(model, Both);
        using var response = await simulator.Http.SendAsync(request);
        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData("gemini-3-pro-preview", "", HttpStatusCode.BadRequest)]
    [InlineData("gemini-3-pro-preview", ""","thoughtSignature":"skip_thought_signature_validator" """, HttpStatusCode.OK)]
    [InlineData("gemini-3-pro-preview", ""","thoughtSignature":"context_engineering_is_the_way_to_go" """, HttpStatusCode.OK)]
    [InlineData("gemini-3-pro-preview", ""","thoughtSignature":"bWFkZSB1cA==" """, HttpStatusCode.BadRequest)]
    [InlineData("gemini-2.5-pro", "", HttpStatusCode.OK)]
    public async Task GenerateContent_CallOfThisTurn_MustBeSignedFromTheThirdGenerationOn(string model, string signature, HttpStatusCode status)
    {
        using var request = SimulatorFixture.Gemini(model, Errand(signature, "{\"functionResponse\":{\"name\":\"now\",\"response\":{\"t\":1}}}"));
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(status, response.StatusCode);
        if (signature.Length == 0 && status == HttpStatusCode.BadRequest)
        {
            Assert.Equal("Unable to submit request because function call `now` in the 2. content block is missing a `thought_signature`.",
                (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("message").GetString());
        }
    }

    [Fact]
    public async Task GenerateContent_CallOfAnEarlierTurn_NeedsNoSignature() =>
        await AskAsync("gemini-3-pro-preview", Errand("", "{\"functionResponse\":{\"name\":\"now\",\"response\":{\"t\":1}}}]},{\"role\":\"model\",\"parts\":[{\"text\":\"One.\"}]},{\"role\":\"user\",\"parts\":[{\"text\":\"Thanks\"}"));

    [Theory]
    [InlineData("gemini-3-pro-preview", true)]
    [InlineData("gemini-2.5-pro", false)]
    public async Task GenerateContent_CallWithoutThoughtsShown_IsSignedFromTheThirdGenerationOn(string model, bool signed)
    {
        const string Tool = """{"contents":[{"role":"user","parts":[{"text":"Look it up."}]}],"tools":[{"functionDeclarations":[{"name":"now"}]}]}""";
        var whole = (await AskAsync(model, Tool)).GetProperty("candidates")[0].GetProperty("content").GetProperty("parts")[0];
        using var request = SimulatorFixture.Gemini(model, Tool, "streamGenerateContent");
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal("now", whole.GetProperty("functionCall").GetProperty("name").GetString());
        Assert.Equal(signed, whole.TryGetProperty("thoughtSignature", out _));
        Assert.Equal(signed, (await response.Content.ReadAsStringAsync()).Contains("\"thoughtSignature\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("nobody", "UNAUTHENTICATED")]
    [InlineData("", "UNAUTHENTICATED")]
    public async Task GenerateContent_UnknownToken_Refused(string token, string status)
    {
        using var request = SimulatorFixture.Bearer("/v1/projects/p/locations/l/publishers/google/models/m:generateContent", Body, token);
        using var response = await simulator.Http.SendAsync(request);
        var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal((401, status), (error.GetProperty("code").GetInt32(), error.GetProperty("status").GetString()));
    }

    [Theory]
    [InlineData("static-google-token", "", 429, JsonValueKind.Array)]
    [InlineData("static-google-token", "?alt=sse", 429, JsonValueKind.Object)]
    [InlineData("nobody", "", 401, JsonValueKind.Array)]
    public async Task StreamGenerateContent_RefusedAsArray_ErrorIsInAList(string token, string query, int code, JsonValueKind shape)
    {
        simulator.Host.Faults.Set("vertex/*/listed", new FaultRule { Kind = FaultKind.Capacity });
        using var request = SimulatorFixture.Bearer($"/v1/projects/p/locations/l/publishers/google/models/listed:streamGenerateContent{query}", Body, token);
        using var response = await simulator.Http.SendAsync(request);
        var refusal = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal((code, shape), ((int)response.StatusCode, refusal.ValueKind));
        Assert.Equal(code, (shape == JsonValueKind.Array ? refusal[0] : refusal).GetProperty("error").GetProperty("code").GetInt32());
    }

    private static string Errand(string signature, string last) =>
        $$$"""{"contents":[{"role":"user","parts":[{"text":"Hi"}]},{"role":"model","parts":[{"functionCall":{"name":"now","args":{}}{{{signature}}}}]},{"role":"user","parts":[{{{last}}}]}]}""";

    private async Task<JsonElement> AskAsync(string model, string body)
    {
        using var request = SimulatorFixture.Gemini(model, body);
        using var response = await simulator.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
