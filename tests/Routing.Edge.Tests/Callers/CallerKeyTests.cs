using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Routing.Core.Tables;
using Routing.Edge.Callers;
using Routing.Edge.Snapshots;

namespace Routing.Edge.Tests.Callers;

public sealed class CallerKeyTests
{
    [Theory]
    [InlineData("Bearer abc", "Present")]
    [InlineData("bearer abc", "Present")]
    [InlineData("Bearer  abc ", "Present")]
    [InlineData("Bearer ", "Malformed")]
    [InlineData("Bearer", "Malformed")]
    [InlineData("Basic abc", "Malformed")]
    [InlineData("abc", "Malformed")]
    [InlineData("Bearer a b", "Malformed")]
    [InlineData("Bearer a, Bearer b", "Malformed")]
    [InlineData("Bearer schlüssel", "Malformed")]
    public void Read_Authorization_OneForm(string value, string expected)
    {
        var headers = new HeaderDictionary { ["Authorization"] = value };
        Assert.Equal(expected, CallerKey.Read(headers, null, null, out var hash).ToString());
        if (expected == "Present") Assert.Equal(KeyHash.Of("abc"u8), hash);
    }

    [Theory]
    [InlineData("x-api-key")]
    [InlineData("api-key")]
    [InlineData("X-Goog-Api-Key")]
    public void Read_OtherHeader_NeverIdentifiesAndMayNotDiffer(string name)
    {
        Assert.Equal(KeyReading.Missing, CallerKey.Read(new HeaderDictionary { [name] = "abc" }, null, null, out _));
        Assert.Equal(KeyReading.Ambiguous, CallerKey.Read(new HeaderDictionary { ["Authorization"] = "Bearer abc", [name] = "xyz" }, null, null, out _));
        Assert.Equal(KeyReading.Present, CallerKey.Read(new HeaderDictionary { ["Authorization"] = "Bearer abc", [name] = "abc" }, null, null, out _));
    }

    [Fact]
    public void Read_TwoAuthorizations_MustBeTheSame()
    {
        Assert.Equal(KeyReading.Ambiguous, CallerKey.Read(new HeaderDictionary { ["Authorization"] = new StringValues(["Bearer a", "Bearer b"]) }, null, null, out _));
        Assert.Equal(KeyReading.Present, CallerKey.Read(new HeaderDictionary { ["Authorization"] = new StringValues(["Bearer a", "Bearer a"]) }, null, null, out _));
    }

    [Fact]
    public void Read_LongKey_Malformed() =>
        Assert.Equal(KeyReading.Malformed, CallerKey.Read(new HeaderDictionary { ["Authorization"] = "Bearer " + new string('x', 8192) }, null, null, out _));

    [Fact]
    public async Task Endpoint_KeysInTurnOnOneConnection_EachIsJudgedByItself()
    {
        await using var edge = await EdgeFixture.StartAsync();
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { MaxConnectionsPerServer = 1 });
        foreach (var (key, expected) in new[]
        {
            (EdgeFixture.Key, HttpStatusCode.OK), (EdgeFixture.Key, HttpStatusCode.OK), (EdgeFixture.Key[..^1] + "x", HttpStatusCode.Unauthorized),
            (EdgeFixture.Key, HttpStatusCode.OK), ("x", HttpStatusCode.Unauthorized), (EdgeFixture.Key, HttpStatusCode.OK),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, edge.Address + "v1/models");
            request.Headers.Add("Authorization", "Bearer " + key);
            using var response = await client.SendAsync(request, CancellationToken.None);
            Assert.Equal(expected, response.StatusCode);
            await response.Content.CopyToAsync(Stream.Null);
        }
    }

    [Fact]
    public async Task Endpoint_KeyByTwoHeadersInTurnAndThenRevoked_EachRequestOfTheConnectionIsJudgedByItself()
    {
        const string Wrong = "rk_test_x";
        await using var edge = await EdgeFixture.StartAsync();
        edge.Provider.OnStatus("claude-x", 200, """{"id":"m","type":"message","role":"assistant","model":"x","content":[{"type":"text","text":"yes"}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}""");
        var connections = 0;
        using var client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            MaxConnectionsPerServer = 1, PlaintextStreamFilter = (context, _) =>
            {
                connections++;
                return ValueTask.FromResult(context.PlaintextStream);
            },
        });

        await AskAsync("Bearer " + EdgeFixture.Key, null, HttpStatusCode.OK);
        await AskAsync(null, Wrong, HttpStatusCode.Unauthorized);
        await AskAsync(null, EdgeFixture.Key, HttpStatusCode.OK);
        await AskAsync("Bearer " + Wrong, null, HttpStatusCode.Unauthorized);
        await AskAsync("Bearer " + EdgeFixture.Key, Wrong, HttpStatusCode.BadRequest);
        await AskAsync(null, "Bearer " + EdgeFixture.Key, HttpStatusCode.Unauthorized);
        await AskAsync("Bearer " + EdgeFixture.Key, EdgeFixture.Key, HttpStatusCode.OK);
        await AskAsync(null, EdgeFixture.Key, HttpStatusCode.OK);

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(EdgeFixture.Key)));
        await File.WriteAllTextAsync(edge.ConfigPath, (await File.ReadAllTextAsync(edge.ConfigPath)).Replace(hash, new string('0', 64), StringComparison.Ordinal));
        Assert.True((await edge.Get<ConfigFileSource>().LoadAsync(CancellationToken.None)).Applied);

        await AskAsync(null, EdgeFixture.Key, HttpStatusCode.Unauthorized);
        await AskAsync("Bearer " + EdgeFixture.Key, null, HttpStatusCode.Unauthorized);
        Assert.Equal(1, connections);

        async Task AskAsync(string? authorization, string? apiKey, HttpStatusCode expected)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, edge.Address + "v1/messages")
            {
                Content = new StringContent("""{"model":"translated","max_tokens":9,"messages":[{"role":"user","content":"hi"}]}""", null, "application/json"),
            };
            if (authorization is not null) request.Headers.Add("Authorization", authorization);
            if (apiKey is not null) request.Headers.Add("x-api-key", apiKey);
            using var response = await client.SendAsync(request, CancellationToken.None);
            Assert.Equal(expected, response.StatusCode);
            await response.Content.CopyToAsync(Stream.Null);
        }
    }

    [Fact]
    public async Task Endpoint_AnyWrongKey_SameAnswer()
    {
        await using var edge = await EdgeFixture.StartAsync();
        var answers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var value in new[] { null, "Bearer wrong", "Basic x", "Bearer ", "Bearer " + EdgeFixture.Key + "x" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, edge.Address + "v1/chat/completions") { Content = new StringContent("{}", null, "application/json") };
            using var client = new HttpMessageInvoker(new SocketsHttpHandler());
            if (value is not null) request.Headers.Add("Authorization", value.Length > 7 ? value : value.Trim());
            using var response = await client.SendAsync(request, CancellationToken.None);
            answers.Add($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }

        Assert.StartsWith("401 ", Assert.Single(answers), StringComparison.Ordinal);
    }
}
