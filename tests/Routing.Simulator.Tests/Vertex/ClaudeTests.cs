using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Routing.Simulator.Faults;

namespace Routing.Simulator.Tests.Vertex;

/// <summary>Claude on Vertex: Anthropic's body behind Google's door.</summary>
public sealed class ClaudeTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private const string Body = """{"anthropic_version":"vertex-2023-10-16","max_tokens":4,"messages":[{"role":"user","content":"Hello there"}]}""";

    [Fact]
    public async Task RawPredict_MaxTokens_AnswersWithoutTierUnderThePlainName()
    {
        using var request = SimulatorFixture.Claude("claude-sonnet-4-5@20250929", Body);
        using var response = await simulator.Http.SendAsync(request);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal("claude-sonnet-4-5-20250929", answer.GetProperty("model").GetString());
        Assert.StartsWith("msg_vrtx_", answer.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.False(answer.GetProperty("usage").TryGetProperty("service_tier", out _));
        Assert.Equal(("vertex", "us-east5", "claude-sonnet-4-5@20250929"), (simulator.Logged(answer.GetProperty("id").GetString()!).Wire, simulator.Logged(answer.GetProperty("id").GetString()!).Region, simulator.Logged(answer.GetProperty("id").GetString()!).Model)); // An id is a text.
    }

    [Theory]
    [InlineData("""{"anthropic_version":"vertex-2023-10-16","model":"m","max_tokens":4,"messages":[{"role":"user","content":"x"}]}""", "model")]
    [InlineData("""{"max_tokens":4,"messages":[{"role":"user","content":"x"}]}""", "anthropic_version")]
    [InlineData("""{"anthropic_version":"2023-06-01","max_tokens":4,"messages":[{"role":"user","content":"x"}]}""", "anthropic_version")]
    public async Task RawPredict_BodyAsForTheDirectApi_Refused(string body, string words)
    {
        using var request = SimulatorFixture.Claude("claude", body);
        using var response = await simulator.Http.SendAsync(request);
        var refusal = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request_error"), (response.StatusCode, refusal.GetProperty("error").GetProperty("type").GetString()));
        Assert.StartsWith(words, refusal.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RawPredict_NewerVersion_IsTakenToo()
    {
        using var request = SimulatorFixture.Claude("claude", Body.Replace("vertex-2023-10-16", "2026-10-21", StringComparison.Ordinal));
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task CountTokens_ModelInBody_Counts()
    {
        using var request = SimulatorFixture.Claude("count-tokens", """{"anthropic_version":"vertex-2023-10-16","model":"claude","messages":[{"role":"user","content":"Hello there"}]}""");
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal("""{"input_tokens":5}""", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(FaultKind.RateLimited, 429, "RESOURCE_EXHAUSTED")]
    [InlineData(FaultKind.Unauthenticated, 401, "UNAUTHENTICATED")]
    [InlineData(FaultKind.NotFound, 404, "NOT_FOUND")]
    [InlineData(FaultKind.Overloaded, 529, "overloaded_error")]
    [InlineData(FaultKind.ContextTooLong, 400, "prompt is too long")]
    [InlineData(FaultKind.Internal, 500, "api_error")]
    public async Task Fault_ByWhoDecides_GooglesOrAnthropicsShape(FaultKind kind, int status, string words)
    {
        simulator.Host.Faults.Set($"vertex/*/claude-{FaultNames.Of(kind)}", new FaultRule { Kind = kind });
        using var request = SimulatorFixture.Claude($"claude-{FaultNames.Of(kind)}", Body);
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(words, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RawPredict_UnknownToken_GoogleRefuses()
    {
        using var request = SimulatorFixture.Bearer("/v1/projects/p/locations/l/publishers/anthropic/models/m:rawPredict", Body, "nobody");
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(401, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("code").GetInt32());
    }
}
