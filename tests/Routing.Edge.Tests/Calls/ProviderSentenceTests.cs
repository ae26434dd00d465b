using System.Text.Json;

namespace Routing.Edge.Tests.Calls;

/// <summary>What a provider says of the caller's mistake, from its error body to the caller's, and nowhere else.</summary>
public sealed class ProviderSentenceTests
{
    private const string Canary = "sentence-canary-5521";

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"translated","messages":[{"role":"user","content":"hi"}]}""")]
    [InlineData("/v1/chat/completions", """{"model":"translated","stream":true,"messages":[{"role":"user","content":"hi"}]}""")]
    [InlineData("/v1/responses", """{"model":"translated","input":"hi"}""")]
    [InlineData("/v1/messages", """{"model":"translated","max_tokens":9,"messages":[{"role":"user","content":"hi"}]}""")]
    public async Task Refused_ForTheCallersMistake_TellsTheCallerAlone(string path, string body)
    {
        using var log = new KeptLogs();
        await using var edge = await EdgeFixture.StartAsync(settings: KeptLogs.Talkative, log: log);
        edge.Provider.OnStatus("claude-x", 400, """{"type":"error","error":{"type":"invalid_request_error","message":"messages.2: CANARY of http://10.0.0.7/x"}}""".Replace("CANARY", Canary, StringComparison.Ordinal));
        using var response = await edge.PostAsync(path, body);

        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal((400, $"Anthropic answered 400 (invalid_request_error). It said: messages.2: {Canary} of (hidden)"),
            ((int)response.StatusCode, json.RootElement.GetProperty("error").GetProperty("message").GetString()));
        Assert.DoesNotContain(response.Headers, h => h.Value.Any(v => v.Contains(Canary, StringComparison.Ordinal)));
        Assert.DoesNotContain(Canary, JsonSerializer.Serialize(await edge.LedgerAsync(1)), StringComparison.Ordinal);
        Assert.DoesNotContain(log.Lines, l => l.Contains(Canary, StringComparison.Ordinal));
        Assert.DoesNotContain(edge.FilesWith(Canary), _ => true);
    }

    [Fact]
    public async Task Refused_WithAField_NamesIt()
    {
        await using var edge = await EdgeFixture.StartAsync();
        edge.Provider.OnStatus("model-a", 400, """{"error":{"message":"seed is odd","type":"invalid_request_error","param":"seed","code":"invalid_value"}}""");
        using var response = await edge.ChatAsync(EdgeFixture.Body(stream: false));

        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var error = json.RootElement.GetProperty("error");
        Assert.Equal(("seed", "The provider answered 400 (invalid_value). It said: seed is odd"), (error.GetProperty("param").GetString(), error.GetProperty("message").GetString()));
    }
}
