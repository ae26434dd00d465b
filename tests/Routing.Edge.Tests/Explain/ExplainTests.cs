using System.Net;
using System.Text.Json;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Edge.Snapshots;
using Routing.Edge.Usage;

namespace Routing.Edge.Tests.Explain;

public sealed class ExplainTests : IAsyncLifetime
{
    private const string Path = "/v1/routing/explain";
    private EdgeFixture _edge = null!; // Set by InitializeAsync, before any test.

    public async Task InitializeAsync() => _edge = await EdgeFixture.StartAsync();

    public async Task DisposeAsync() => await _edge.DisposeAsync();

    [Fact]
    public async Task Explain_HealthyFeature_ListsCandidatesInOrderAndSendsNothing()
    {
        using var answer = await AskAsync(EdgeFixture.Body(stream: true));
        var root = answer.RootElement;
        Assert.Equal(("routing.explanation", "chat", "immediate", null), (Text(root, "object"), Text(root, "feature"), Text(root, "delivery"), Text(root, "refusal")));
        Assert.Equal(["first:eligible:1:primary:openai_compatible", "second:eligible:2:backup:openai_compatible"], Candidates(root).Select(c =>
            $"{Text(c, "endpoint")}:{Text(c, "verdict")}:{c.GetProperty("tier")}:{Text(c, "role")}:{Text(c, "provider")}"), StringComparer.Ordinal);
        Assert.Equal("first is the only one of tier 1 that takes calls by its weight.", Text(root, "choice"));
        Assert.Equal([true, false], Candidates(root).Select(c => c.GetProperty("asked_first").GetBoolean()));
        Assert.Empty(_edge.Provider.Bodies);
        Assert.Equal(0, _edge.Get<UsageSpool>().Pending);
    }

    [Fact]
    public async Task Explain_PrimaryIsolated_SaysSoWithoutTheOperatorsWords()
    {
        Health("first").Isolate(DateTimeOffset.MaxValue, "secret maintenance", "anna");
        using var answer = await AskAsync(EdgeFixture.Body(stream: false));
        var first = Candidates(answer.RootElement)[0];
        Assert.Equal(("isolated", "isolated", 0), (Text(first, "verdict"), Text(first, "state"), first.GetProperty("weight_percent").GetInt32()));
        Assert.DoesNotContain("anna", answer.RootElement.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("maintenance", answer.RootElement.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("eligible", Text(Candidates(answer.RootElement)[1], "verdict"));
    }

    [Fact]
    public async Task Explain_AccountWithoutItsSecret_SaysThatCallsToItFail()
    {
        var file = await File.ReadAllTextAsync(_edge.ConfigPath);
        await File.WriteAllTextAsync(_edge.ConfigPath, file.Replace("\"file:", "\"file:/nowhere", StringComparison.Ordinal));
        Assert.True((await _edge.Get<ConfigFileSource>().LoadAsync(CancellationToken.None)).Applied);
        using var answer = await AskAsync(EdgeFixture.Body(stream: false));
        var first = Candidates(answer.RootElement)[0];
        Assert.Equal(("no_credential", "closed", true), (Text(first, "verdict"), Text(first, "state"), first.GetProperty("asked_first").GetBoolean()));
        Assert.Contains("credential of its account could not be found", Text(first, "reason"), StringComparison.Ordinal);
        Assert.DoesNotContain("nowhere", answer.RootElement.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_EverybodyIsolated_TellsTheRefusal()
    {
        foreach (var id in (string[])["first", "second"]) Health(id).Isolate(DateTimeOffset.MaxValue, "x", "y");
        using var answer = await AskAsync(EdgeFixture.Body(stream: false));
        Assert.Contains("'chat' cannot be served", Text(answer.RootElement, "refusal"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_PrimaryWithoutQuotaAndBackupOpen_FailsOpenToTheBackup()
    {
        Fail("first", FailureKind.RateLimited);
        while (Health("second").State != BreakerState.Open) Fail("second", FailureKind.UpstreamInternal);
        using var answer = await AskAsync(EdgeFixture.Body(stream: false));
        Assert.Equal(["quota_closed", "fail_open"], Candidates(answer.RootElement).Select(c => Text(c, "verdict")), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Explain_FieldNobodyCanTake_NamesItForEachCandidate()
    {
        using var answer = await AskAsync(/*lang=json,strict*/ """{"model":"translated","logprobs":true,"messages":[{"role":"user","content":"hi"}]}""");
        var only = Candidates(answer.RootElement)[0];
        Assert.Equal("incapable", Text(only, "verdict"));
        Assert.Contains("logprobs", Text(only, "reason"), StringComparison.Ordinal);
        Assert.Contains("logprobs", Text(answer.RootElement, "refusal"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_MessagesBody_IsReadAsThatApi()
    {
        using var answer = await AskAsync(/*lang=json,strict*/ """{"model":"translated","max_tokens":5,"messages":[{"role":"user","content":"hi"}]}""", "?api=messages");
        Assert.Equal("eligible", Text(Candidates(answer.RootElement)[0], "verdict"));
    }

    [Theory]
    [InlineData("?api=telnet", /*lang=json,strict*/ """{"model":"chat","messages":[]}""", 400)]
    [InlineData("", /*lang=json,strict*/ """{"model":"other","messages":[{"role":"user","content":"hi"}]}""", 404)]
    [InlineData("", "{", 400)]
    public async Task Explain_WrongRequest_IsRefusedByType(string query, string body, int status)
    {
        using var response = await _edge.PostAsync(Path + query, body);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.True(response.Headers.Contains("x-route-request-id"));
        Assert.Contains("\"error\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_WithoutKey_IsRefused()
    {
        _edge.Client.DefaultRequestHeaders.Authorization = null;
        using var response = await _edge.PostAsync(Path, EdgeFixture.Body(stream: false));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private void Fail(string id, FailureKind kind)
    {
        Assert.True(Health(id).TryAcquire(out var permit, out _));
        Health(id).Return(permit, AttemptSignal.Failed(kind, TimeSpan.Zero, TimeSpan.FromMinutes(1)));
    }

    private EndpointHealth Health(string id) => _edge.Get<EndpointHealthRegistry>().Find(id)!; // The fixture's own endpoints.

    private async Task<JsonDocument> AskAsync(string body, string query = "")
    {
        using var response = await _edge.PostAsync(Path + query, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text);
    }

    private static JsonElement[] Candidates(JsonElement root) => [.. root.GetProperty("candidates").EnumerateArray()];

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
