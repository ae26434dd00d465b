using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Routing.Simulator.Faults;

namespace Routing.Simulator.Tests.Vertex;

public sealed class CountTokensTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private const string Contents = """[{"role":"user","parts":[{"text":"Hello there"}]}]""";
    private const string Body = $$"""{"contents":{{Contents}}}""";

    [Fact]
    public async Task CountTokens_Contents_LiteralAnswerAsInLog()
    {
        var before = simulator.Host.Log.LastSeq;

        Assert.Equal("""{"totalTokens":5,"totalBillableCharacters":10,"promptTokensDetails":[{"modality":"TEXT","tokenCount":5}]}""", await CountAsync("counted", Body));
        var call = Assert.Single(simulator.Host.Log.After(before), c => c.Model == "counted");
        Assert.Equal(("vertex", "us-east5", 200, "completed", 5, 0), (call.Wire, call.Region, call.Status, call.Outcome, call.InputTokens, call.OutputTokens));
    }

    [Fact]
    public async Task CountTokens_SystemToolsAndImage_AsManyAsTheAnswerSays()
    {
        const string Rich = """{"systemInstruction":{"parts":[{"text":"Be brief."}]},"contents":[{"role":"user","parts":[{"text":"Hello there"},{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="}}]}],"tools":[{"functionDeclarations":[{"name":"find"}]}],"generationConfig":{"maxOutputTokens":4}}""";
        using var request = SimulatorFixture.Gemini("gemini-2.5-flash", Rich);
        using var response = await simulator.Http.SendAsync(request);
        var told = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("usageMetadata").GetProperty("promptTokenCount").GetInt32();

        using var counted = JsonDocument.Parse(await CountAsync("gemini-2.5-flash", Rich));
        Assert.True(told > 258);
        Assert.Equal((told, 18), (counted.RootElement.GetProperty("totalTokens").GetInt32(), counted.RootElement.GetProperty("totalBillableCharacters").GetInt32()));
    }

    // The real one knows fewer names than generateContent does, and takes no others.
    [Theory]
    [InlineData($$$$"""{"contents":{{{{Contents}}}},"toolConfig":{"functionCallingConfig":{"mode":"ANY"}}}""", "Unknown name \"toolConfig\": Cannot find field.")]
    [InlineData($$$"""{"contents":{{{Contents}}},"labels":{"team":"a"}}""", "Unknown name \"labels\": Cannot find field.")]
    [InlineData("""{"contents":[]}""", "must have a contents field")]
    [InlineData("not json", "Invalid JSON payload received.")]
    public async Task CountTokens_BadBody_InvalidArgument(string body, string words)
    {
        using var request = SimulatorFixture.Gemini("gemini-2.5-flash", body, "countTokens");
        using var response = await simulator.Http.SendAsync(request);
        var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");

        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_ARGUMENT"), (response.StatusCode, error.GetProperty("status").GetString()));
        Assert.Contains(words, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CountTokens_UnknownToken_Refused()
    {
        using var request = SimulatorFixture.Bearer("/v1/projects/p/locations/l/publishers/google/models/m:countTokens", Body, "nobody");
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task CountTokens_Fault_StrikesAsItDoesAnyCall()
    {
        simulator.Host.Faults.Set("vertex/*/count-throttled", new FaultRule { Kind = FaultKind.Capacity });
        using var request = SimulatorFixture.Gemini("count-throttled", Body, "countTokens");
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal("capacity", Assert.Single(simulator.Host.Log.After(0, 100_000), c => c.Model == "count-throttled").Outcome);
    }

    private async Task<string> CountAsync(string model, string body)
    {
        using var request = SimulatorFixture.Gemini(model, body, "countTokens");
        using var response = await simulator.Http.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }
}
