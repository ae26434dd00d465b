using System.Net.Http.Headers;
using System.Text.Json;

namespace Routing.Edge.Tests.Anthropic;

/// <summary>What an Anthropic client meets beside messages: the list of models, and refusals in its own words.</summary>
public sealed class ModelsTests
{
    private const string One = """{"type":"model","id":"chat","display_name":"chat","created_at":"1970-01-01T00:00:00Z"}""";

    [Fact]
    public async Task Models_OfAnAnthropicClient_AreInItsShape()
    {
        await using var edge = await EdgeFixture.StartAsync();
        Assert.Equal((200, One), await AskAsync(edge, "/v1/models/chat", EdgeFixture.Key));
        var (_, list) = await AskAsync(edge, "/v1/models?limit=1", EdgeFixture.Key);
        Assert.StartsWith("""{"data":[{"type":"model","id":"chat","display_name":"chat","created_at":"1970-01-01T00:00:00Z"},""", list, StringComparison.Ordinal);
        Assert.EndsWith("""],"has_more":false,"first_id":"chat","last_id":"translated"}""", list, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/models", "wrong", 401, "authentication_error")]
    [InlineData("/v1/models/other", EdgeFixture.Key, 404, "not_found_error")]
    public async Task Models_RefusedToAnAnthropicClient_AreInItsShape(string path, string key, int status, string type)
    {
        await using var edge = await EdgeFixture.StartAsync();
        var (answered, body) = await AskAsync(edge, path, key);
        using var json = JsonDocument.Parse(body);
        Assert.Equal((status, "error", type), (answered, json.RootElement.GetProperty("type").GetString(), json.RootElement.GetProperty("error").GetProperty("type").GetString()));
        Assert.NotEqual(JsonValueKind.Null, json.RootElement.GetProperty("request_id").ValueKind);
    }

    [Theory]
    [InlineData("/v1/messages", "Send it as 'x-api-key: KEY' or 'Authorization: Bearer KEY'")]
    [InlineData("/v1/chat/completions", "Send it as 'Authorization: Bearer KEY'")]
    public async Task WrongKey_NamesTheHeadersOfTheApi(string path, string words)
    {
        await using var edge = await EdgeFixture.StartAsync();
        edge.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "wrong");
        using var response = await edge.PostAsync(path, EdgeFixture.Body(stream: false));
        Assert.Equal(401, (int)response.StatusCode);
        Assert.Contains(words, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/v1/models")]
    [InlineData("GET", "/v1/models/chat")]
    [InlineData("GET", "/v1/models/other")]
    [InlineData("GET", "/v1/messages")]
    [InlineData("GET", "/v1/responses/resp_1")]
    [InlineData("POST", "/v1/images")]
    public async Task AnyAnswer_BesideCalls_CarriesARequestId(string method, string path)
    {
        await using var edge = await EdgeFixture.StartAsync();
        using var response = await edge.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.True(Guid.TryParse(Assert.Single(response.Headers.GetValues("x-route-request-id")), out _));
    }

    private static async Task<(int Status, string Body)> AskAsync(EdgeFixture edge, string path, string key)
    {
        edge.Client.DefaultRequestHeaders.Authorization = null;
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("anthropic-version", "2023-06-01");
        request.Headers.Add("x-api-key", key);
        using var response = await edge.Client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
