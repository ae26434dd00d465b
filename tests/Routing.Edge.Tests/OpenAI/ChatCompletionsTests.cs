using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Routing.Core.Llm;
using Routing.Core.Usage;
using Routing.Edge.Probes;

namespace Routing.Edge.Tests.OpenAI;

public sealed class ChatCompletionsTests
{
    [Fact]
    public async Task Unary_Answered_ForwardsBytesAndNamesWhoAnswered()
    {
        await using var edge = await EdgeFixture.StartAsync();
        edge.Provider.OnStatus("model-a", 200, ScriptedProvider.Whole);
        using var response = await edge.ChatAsync(EdgeFixture.Body(stream: false));

        Assert.Equal(ScriptedProvider.Whole, await response.Content.ReadAsStringAsync());
        Assert.Equal("first", response.Headers.GetValues("x-route-endpoint").Single());
        Assert.Equal("1", response.Headers.GetValues("x-route-attempts").Single());
        Assert.Equal("0", response.Headers.GetValues("x-route-revision").Single());
        var row = Assert.Single(await edge.LedgerAsync(1));
        Assert.Equal(row.Id, Guid.Parse(response.Headers.GetValues("x-route-request-id").Single()));
        Assert.Equal(("app", "chat", RequestOutcome.Answered, "first"), (row.Caller, row.Feature, row.Outcome, row.ServedBy));
        Assert.Equal(7 + 2 * 2, row.Attempts[0].CostMicros);
        Assert.Contains("\"model\":\"model-a\"", edge.Provider.Bodies.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_Answered_EndsWithDoneAfterTheProvidersOwnEvents()
    {
        await using var edge = await EdgeFixture.StartAsync();
        edge.Provider.OnStream("model-a", ScriptedProvider.Role, ScriptedProvider.Delta("he"), ScriptedProvider.Delta("llo"), ScriptedProvider.Stop, ScriptedProvider.Usage, "[DONE]");
        using var response = await edge.ChatAsync(EdgeFixture.Body(stream: true));

        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal($"data: {ScriptedProvider.Role}\n\ndata: {ScriptedProvider.Delta("he")}\n\ndata: {ScriptedProvider.Delta("llo")}\n\ndata: {ScriptedProvider.Stop}\n\ndata: [DONE]\n\n", text);
        var row = Assert.Single(await edge.LedgerAsync(1));
        Assert.Equal((7, 2, UsageSource.Reported), (row.Attempts[0].Usage.InputTotal, row.Attempts[0].Usage.OutputTotal, row.Attempts[0].Usage.Source));
    }

    [Fact]
    public async Task Stream_UsageAskedFor_IsForwarded()
    {
        await using var edge = await EdgeFixture.StartAsync();
        edge.Provider.OnStream("model-a", ScriptedProvider.Delta("x"), ScriptedProvider.Stop, ScriptedProvider.Usage, "[DONE]");
        using var response = await edge.ChatAsync(EdgeFixture.Body(stream: true, ",\"stream_options\":{\"include_usage\":true}"));
        Assert.Contains(ScriptedProvider.Usage, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_FailsBeforeContent_SecondAnswersUnseen()
    {
        await using var edge = await EdgeFixture.StartAsync();
        edge.Provider.OnStream("model-a", ScriptedProvider.Role);
        edge.Provider.OnStream("model-b", ScriptedProvider.Delta("b"), ScriptedProvider.Stop, "[DONE]");
        using var response = await edge.ChatAsync(EdgeFixture.Body(stream: true));

        Assert.Equal("second", response.Headers.GetValues("x-route-endpoint").Single());
        Assert.Equal("2", response.Headers.GetValues("x-route-attempts").Single());
        Assert.Equal($"data: {ScriptedProvider.Delta("b")}\n\ndata: {ScriptedProvider.Stop}\n\ndata: [DONE]\n\n", await response.Content.ReadAsStringAsync());
        var row = Assert.Single(await edge.LedgerAsync(1));
        Assert.Equal([AttemptCause.Primary, AttemptCause.Failover], row.Attempts.Select(a => a.Cause));
    }

    [Fact]
    public async Task Stream_FailsAfterContent_ErrorEventThenCut()
    {
        await using var edge = await EdgeFixture.StartAsync();
        edge.Provider.OnStream("model-a", ScriptedProvider.Delta("partial"));
        edge.Provider.OnStream("model-b", ScriptedProvider.Delta("never"), ScriptedProvider.Stop, "[DONE]");
        using var response = await edge.ChatAsync(EdgeFixture.Body(stream: true), HttpCompletionOption.ResponseHeadersRead);

        var text = new System.Text.StringBuilder();
        await Assert.ThrowsAsync<HttpIOException>(async () =>
        {
            var stream = await response.Content.ReadAsStreamAsync();
            var buffer = new byte[4096];
            for (int read; (read = await stream.ReadAsync(buffer)) > 0;) text.Append(System.Text.Encoding.UTF8.GetString(buffer, 0, read));
        });
        Assert.Contains("\"kind\":\"stream_interrupted\"", text.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", text.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("never", text.ToString(), StringComparison.Ordinal);
        var row = Assert.Single(await edge.LedgerAsync(1));
        Assert.Equal((RequestOutcome.Interrupted, UsageSource.Estimated), (row.Outcome, row.Attempts[0].Usage.Source));
    }

    [Fact]
    public async Task Caller_GoesAway_UpstreamIsCancelledAndBooked()
    {
        await using var edge = await EdgeFixture.StartAsync();
        edge.Provider.On("model-a", async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, $"data: {ScriptedProvider.Delta("x")}\n\n");
            await context.Response.Body.FlushAsync();
            await ScriptedProvider.Silence(context);
        });
        using (var response = await edge.ChatAsync(EdgeFixture.Body(stream: true), HttpCompletionOption.ResponseHeadersRead))
        {
            var stream = await response.Content.ReadAsStreamAsync();
            Assert.True(await stream.ReadAsync(new byte[100]) > 0);
        }

        await edge.Provider.Aborted.Task.WaitAsync(TimeSpan.FromSeconds(10));
        var row = Assert.Single(await edge.LedgerAsync(1));
        Assert.Equal(RequestOutcome.Cancelled, row.Outcome);
        Assert.Equal(UsageSource.Estimated, row.Attempts[0].Usage.Source);
        Assert.True(row.Attempts[0].Usage.InputTotal > 0);
    }

    [Theory]
    [InlineData(401, 502, "unauthenticated", "unauthenticated")]
    [InlineData(429, 429, "rate_limited", "rate_limit_exceeded")]
    [InlineData(500, 502, "upstream_internal", "upstream_internal")]
    [InlineData(503, 503, "capacity_exhausted", "capacity_exhausted")]
    public async Task Provider_Refuses_MapsToTheCallersTerms(int provider, int expected, string kind, string code)
    {
        await using var edge = await EdgeFixture.StartAsync();
        foreach (var model in new[] { "model-a", "model-b" }) edge.Provider.OnStatus(model, provider, """{"error":{"message":"canary-detail","type":"x","code":null}}""");
        using var response = await edge.ChatAsync(EdgeFixture.Body(stream: true));

        Assert.Equal(expected, (int)response.StatusCode);
        Assert.Equal(kind, response.Headers.GetValues("x-route-failure").Single());
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(code, json.RootElement.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(kind, json.RootElement.GetProperty("error").GetProperty("kind").GetString());
        if (expected is 429 or 503) Assert.NotNull(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task Feature_NotOfThisCaller_LooksLikeUnknown()
    {
        await using var edge = await EdgeFixture.StartAsync();
        using var foreign = await edge.ChatAsync("""{"model":"other","messages":[{"role":"user","content":"x"}]}""");
        using var unknown = await edge.ChatAsync("""{"model":"otter","messages":[{"role":"user","content":"x"}]}""");
        Assert.Equal((404, 404), ((int)foreign.StatusCode, (int)unknown.StatusCode));
        Assert.Equal((await foreign.Content.ReadAsStringAsync()).Replace("other", "otter", StringComparison.Ordinal), await unknown.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Models_ListAndOne_ShowTheCallersFeatures()
    {
        await using var edge = await EdgeFixture.StartAsync();
        Assert.Equal("""{"object":"list","data":[{"id":"chat","object":"model","created":0,"owned_by":"route"},{"id":"embed","object":"model","created":0,"owned_by":"route"},{"id":"forwarded","object":"model","created":0,"owned_by":"route"},{"id":"translated","object":"model","created":0,"owned_by":"route"}]}""",
            await edge.Client.GetStringAsync(new Uri("/v1/models", UriKind.Relative)));
        Assert.Equal("""{"id":"chat","object":"model","created":0,"owned_by":"route"}""", await edge.Client.GetStringAsync(new Uri("/v1/models/chat", UriKind.Relative)));
    }

    [Fact]
    public async Task Audio_NobodyTakesIt_NamesTheFieldAndEveryCandidate()
    {
        await using var edge = await EdgeFixture.StartAsync();
        using var response = await edge.ChatAsync("""{"model":"chat","messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}]}]}""");

        Assert.Equal(400, (int)response.StatusCode);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var error = json.RootElement.GetProperty("error");
        Assert.Equal(("unsupported_capability", "messages[0].content[0].input_audio"), (error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
        Assert.Contains("first on an OpenAI-compatible server has no place for it; second on an OpenAI-compatible server has no place for it", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(edge.Provider.Bodies);
    }

    [Theory]
    [InlineData(",\"stream_options\":{\"include_obfuscation\":false}", "{\"include_usage\":true,\"include_obfuscation\":false}")]
    [InlineData(",\"stream_options\":{\"include_usage\":true,\"include_obfuscation\":true}", "{\"include_usage\":true,\"include_obfuscation\":true}")]
    [InlineData("", "{\"include_usage\":true}")]
    public async Task Stream_Options_KeepWhatTheCallerSaid(string member, string sent)
    {
        await using var edge = await EdgeFixture.StartAsync();
        edge.Provider.OnStream("model-a", ScriptedProvider.Delta("x"), ScriptedProvider.Stop, "[DONE]");
        using var response = await edge.ChatAsync(EdgeFixture.Body(stream: true, member));
        using var json = JsonDocument.Parse(edge.Provider.Bodies.Single());
        Assert.Equal(sent, json.RootElement.GetProperty("stream_options").GetRawText());
    }

    [Fact]
    public async Task Body_TooLarge_413()
    {
        await using var edge = await EdgeFixture.StartAsync();
        using var response = await edge.ChatAsync(EdgeFixture.Body(false, ",\"user\":\"" + new string('x', 200_000) + "\""));
        Assert.Equal(413, (int)response.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_FarTooLargeAndSentAtOnce_TypedAnswerIsRead(bool chunked)
    {
        await using var edge = await EdgeFixture.StartAsync(mostBytes: 20 << 20);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new ByteArrayContent(new byte[25 << 20]) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TransferEncodingChunked = chunked;
        using var response = await edge.Client.SendAsync(request);
        Assert.Equal(413, (int)response.StatusCode);
        Assert.Contains("\"request_too_large\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chunked_BodyTooLarge_413()
    {
        await using var edge = await EdgeFixture.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(new string(' ', 200_000), null, "application/json") };
        request.Headers.TransferEncodingChunked = true;
        using var response = await edge.Client.SendAsync(request);
        Assert.Equal(413, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("POST", "/v1/chat/completions/", 404)]
    [InlineData("POST", "//v1/chat/completions", 404)]
    [InlineData("POST", "/V1/chat/completions", 404)]
    [InlineData("GET", "/v1/chat/completions", 405)]
    [InlineData("GET", "/", 404)]
    [InlineData("GET", "/healthz", 200)]
    [InlineData("GET", "/readyz", 200)]
    [InlineData("GET", "/v1/models", 200)]
    [InlineData("GET", "/v1/models/chat", 200)]
    [InlineData("GET", "/v1/models/", 404)]
    [InlineData("GET", "/v1/models/other", 404)]
    [InlineData("DELETE", "/v1/models/chat", 405)]
    [InlineData("GET", "/v1/embeddings", 405)]
    public async Task Paths_AreExact(string method, string path, int status)
    {
        await using var edge = await EdgeFixture.StartAsync();
        using var response = await edge.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), new Uri(edge.Address.GetLeftPart(UriPartial.Authority) + path)));
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Ready_OneCallUnderWay_DoesNotCountTheProbe()
    {
        await using var edge = await EdgeFixture.StartAsync();
        using var call = edge.Get<Drain>().Enter(new DefaultHttpContext());
        using var ready = JsonDocument.Parse(await edge.Client.GetStringAsync("/readyz"));
        Assert.Equal(1, ready.RootElement.GetProperty("inFlight").GetInt32());
    }
}
