using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Routing.Core.Llm;
using Routing.Core.Tables;
using Routing.Core.Usage;
using Routing.Edge.Probes;
using Routing.Edge.Shadows;
using Routing.Edge.Usage;
using TestKit;

namespace Routing.Edge.Tests.Shadows;

/// <summary>Copies of calls, from socket to socket: what the shadow gets, what the ledger keeps, and that the caller sees nothing of it.</summary>
public sealed class ShadowCopiesTests
{
    private const string Whole = """{"id":"s1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"of the shadow"},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":4,"total_tokens":11}}""";
    private const string Claude = """{"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[{"type":"text","text":"hello"}],"stop_reason":"end_turn","usage":{"input_tokens":5,"output_tokens":3}}""";
    private const string Vectors = """{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,-1]}],"model":"text-embedding-x","usage":{"prompt_tokens":7,"total_tokens":7}}""";

    /// <summary>The API, whether it streams, a call, and what of it the shadow must see.</summary>
    public static TheoryData<string, bool, string, string> Calls => new()
    {
        { "/v1/chat/completions", false, """{"model":"chat","messages":[{"role":"user","content":"what was decided"}]}""", """[{"role":"user","content":"what was decided"}]""" },
        { "/v1/chat/completions", true, """{"model":"chat","stream":true,"messages":[{"role":"user","content":"what was decided"}]}""", """[{"role":"user","content":"what was decided"}]""" },
        { "/v1/messages", false, """{"model":"translated","max_tokens":99,"messages":[{"role":"user","content":"what was decided"}]}""", """[{"role":"user","content":"what was decided"}]""" },
        { "/v1/messages", true, """{"model":"translated","max_tokens":99,"stream":true,"messages":[{"role":"user","content":"what was decided"}]}""", """[{"role":"user","content":"what was decided"}]""" },
        { "/v1/responses", false, """{"model":"translated","input":"what was decided"}""", """[{"role":"user","content":"what was decided"}]""" },
        { "/v1/responses", true, """{"model":"translated","stream":true,"input":"what was decided"}""", """[{"role":"user","content":"what was decided"}]""" },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Copy_OfEachApi_HasTheSameMessagesAndTheCallerTheSameBytes(string path, bool stream, string body, string messages)
    {
        await using var edge = await StartAsync();
        await using var alone = await StartAsync(shadowPercent: 0);
        foreach (var each in (EdgeFixture[])[edge, alone]) Script(each, stream);

        using var seen = await edge.PostAsync(path, body);
        using var expected = await alone.PostAsync(path, body);

        var rows = await edge.LedgerAsync(2);
        Assert.Equal(WithoutIds(await expected.Content.ReadAsStringAsync()), WithoutIds(await seen.Content.ReadAsStringAsync()));
        Assert.Equal(Headers(expected), Headers(seen));
        Assert.Equal(2, rows.Count);
        var copy = Assert.Single(rows, r => r.ShadowOf is not null);
        var sent = Assert.Single(edge.Provider.Bodies, b => Member(b, "model") == "shadow-x");
        Assert.Equal((messages, stream), (Member(sent, "messages"), sent.Contains("\"stream\":true", StringComparison.Ordinal)));
        Assert.Equal(seen.Headers.GetValues("x-route-request-id").Single(), copy.ShadowOf);
        var attempt = Assert.Single(copy.Attempts);
        Assert.Equal(("shade", AttemptCause.Shadow, AttemptOutcome.Answered, stream), (attempt.ModelEndpoint, attempt.Cause, attempt.Outcome, attempt.Streamed));
        Assert.Equal((7L, 4L, 45L), (attempt.Usage.InputTotal, attempt.Usage.OutputTotal, attempt.CostMicros!.Value));
    }

    [Fact]
    public async Task Copy_OfAnEmbedding_GoesToTheShadowThatEmbeds()
    {
        await using var edge = await StartAsync();
        foreach (var model in (string[])["text-embedding-x", "text-embedding-y"]) edge.Provider.OnStatus(model, 200, Vectors);

        using var response = await edge.PostAsync("/v1/embeddings", """{"model":"embed","input":"hi"}""");

        Assert.Equal("vectors", response.Headers.GetValues("x-route-endpoint").Single());
        var copy = Assert.Single(await edge.LedgerAsync(2), r => r.ShadowOf is not null);
        Assert.Equal(("shade-v", 7L), (copy.ServedBy, copy.Attempts[0].Usage.InputTotal));
    }

    [Fact]
    public async Task Copy_TheShadowHangs_CallersAreAnsweredAndWhatIsTooMuchIsDroppedAndCounted()
    {
        await using var edge = await StartAsync(settings: new(StringComparer.Ordinal) { ["Edge:ShadowInFlight"] = "2" });
        Script(edge, stream: false);
        edge.Provider.On("shadow-x", ScriptedProvider.Silence);

        for (var i = 0; i < 5; i++)
        {
            using var response = await edge.ChatAsync(EdgeFixture.Body(stream: false));
            Assert.Equal((200, "first", "1"), ((int)response.StatusCode, response.Headers.GetValues("x-route-endpoint").Single(), response.Headers.GetValues("x-route-attempts").Single()));
        }

        Assert.All(await edge.LedgerAsync(5), r => Assert.Null(r.ShadowOf));
        await Eventually.HoldsAsync(() => edge.Get<ShadowCopies>() is { InFlight: 2, Dropped: 3 }); // A copy is thought of behind the answer's last byte.
        using var ready = JsonDocument.Parse(await edge.Client.GetStringAsync("/readyz"));
        Assert.Equal((2, 3), (ready.RootElement.GetProperty("shadowInFlight").GetInt32(), ready.RootElement.GetProperty("shadowDropped").GetInt32()));
    }

    [Fact]
    public async Task Copy_TheShadowFails_IsBookedAsFailedAndNeverTriedAgain()
    {
        await using var edge = await StartAsync();
        Script(edge, stream: false);
        edge.Provider.OnStatus("shadow-x", 500, "{}");

        using var response = await edge.ChatAsync(EdgeFixture.Body(stream: false));

        Assert.Equal(ScriptedProvider.Whole, await response.Content.ReadAsStringAsync());
        var copy = Assert.Single(await edge.LedgerAsync(2), r => r.ShadowOf is not null);
        Assert.Equal((RequestOutcome.Failed, "", 500), (copy.Outcome, copy.ServedBy, Assert.Single(copy.Attempts).HttpStatus));
        Assert.Single(edge.Provider.Bodies, b => Member(b, "model") == "shadow-x");
    }

    [Fact]
    public async Task Copy_TheShadowIsOutOfService_IsRefusedAndCounted()
    {
        await using var edge = await StartAsync();
        Script(edge, stream: false);
        edge.Get<CurrentTable>().Value!.Endpoints["shade"].Health.Isolate(DateTimeOffset.MaxValue, "drill", "ana");

        using var response = await edge.ChatAsync(EdgeFixture.Body(stream: false));

        Assert.Equal(200, (int)response.StatusCode);
        await Eventually.HoldsAsync(() => edge.Get<ShadowCopies>() is { Refused: 1, InFlight: 0 });
        Assert.Null(Assert.Single(await edge.LedgerAsync(1)).ShadowOf);
        Assert.DoesNotContain(edge.Provider.Bodies, b => Member(b, "model") == "shadow-x");
    }

    [Fact]
    public async Task Copy_OfACallThatFailedOrWasLeftOrOnlyCounted_IsNotMade()
    {
        await using var edge = await StartAsync();
        Script(edge, stream: false);
        edge.Provider.OnStatus("model-a", 400, """{"error":{"message":"no"}}""");
        using (var refused = await edge.ChatAsync(EdgeFixture.Body(stream: false))) Assert.Equal(400, (int)refused.StatusCode);

        edge.Provider.On("model-a", async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync($"data: {ScriptedProvider.Delta("word")}\n\n");
            await context.Response.Body.FlushAsync();
            await ScriptedProvider.Silence(context);
        });
        using (var left = await edge.ChatAsync(EdgeFixture.Body(stream: true), HttpCompletionOption.ResponseHeadersRead)) Assert.Equal(200, (int)left.StatusCode);

        edge.Provider.OnStatus("claude-x", 200, """{"input_tokens":5}""");
        using (var counted = await edge.PostAsync("/v1/messages/count_tokens", """{"model":"translated","messages":[{"role":"user","content":"hi"}]}""")) Assert.Equal(200, (int)counted.StatusCode);

        var rows = await edge.LedgerAsync(3);
        Assert.Equal([RequestOutcome.Answered, RequestOutcome.Failed, RequestOutcome.Cancelled], rows.Select(r => r.Outcome).Order());
        await Eventually.HoldsAsync(() => edge.Get<Drain>().InFlight == 0);
        Assert.Equal((0, 0L, 0L), (edge.Get<ShadowCopies>().InFlight, edge.Get<ShadowCopies>().Dropped, edge.Get<ShadowCopies>().Refused));
        Assert.DoesNotContain(edge.Provider.Bodies, b => Member(b, "model") == "shadow-x");
    }

    [Fact]
    public async Task Copy_WhileTheEdgeIsStopping_IsDropped()
    {
        await using var edge = await StartAsync();
        Script(edge, stream: false);
        edge.Get<Drain>().Begin();

        using var response = await edge.ChatAsync(EdgeFixture.Body(stream: false));

        Assert.Equal(200, (int)response.StatusCode);
        await Eventually.HoldsAsync(() => edge.Get<ShadowCopies>().Dropped == 1);
    }

    [Fact]
    public async Task Stop_ACopyHangs_WaitsForTheGraceOnlyAndBooksWhatItMayHaveCost()
    {
        var time = new ManualTime();
        await using var edge = await StartAsync(time: time);
        Script(edge, stream: false);
        edge.Provider.On("shadow-x", ScriptedProvider.Silence);
        using var response = await edge.ChatAsync(EdgeFixture.Body(stream: false));
        await Eventually.HoldsAsync(() => edge.Provider.Bodies.Any(b => Member(b, "model") == "shadow-x"));

        var stopped = edge.Get<ShadowCopies>().StopAsync(CancellationToken.None);
        await time.TimerDueInAsync(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));
        Assert.False(stopped.IsCompleted);
        time.Advance(2);

        await stopped;
        Assert.Equal(0, edge.Get<ShadowCopies>().InFlight);
        time.Advance(1); // The shipper's beat.
        await Eventually.HoldsAsync(() => { time.Advance(1); return edge.Get<UsageSpool>().Pending == 0; });
        var copy = Assert.Single(await edge.LedgerAsync(2), r => r.ShadowOf is not null);
        Assert.Equal((RequestOutcome.Cancelled, UsageSource.Estimated), (copy.Outcome, copy.Attempts[0].Usage.Source));
    }

    [Fact]
    public async Task Copy_OfAPrompt_LeavesItNowhere()
    {
        await using var edge = await StartAsync();
        Script(edge, stream: false);
        using var response = await edge.ChatAsync(EdgeFixture.Body(stream: false).Replace("\"hi\"", "\"canary-4711\"", StringComparison.Ordinal));
        await edge.LedgerAsync(2);
        Assert.Empty(edge.FilesWith("canary-4711"));
        Assert.Empty(edge.FilesWith("of the shadow"));
    }

    [Fact]
    public async Task Explain_ShadowedFeature_NamesWhoGetsCopiesAndSendsNothing()
    {
        await using var edge = await StartAsync(shadowPercent: 7);
        using var answer = JsonDocument.Parse(await (await edge.PostAsync("/v1/routing/explain", EdgeFixture.Body(stream: false))).Content.ReadAsStringAsync());

        var shadow = Assert.Single(answer.RootElement.GetProperty("shadows").EnumerateArray());
        Assert.Equal(("shade", 7, "eligible"), (shadow.GetProperty("endpoint").GetString(), shadow.GetProperty("percent").GetInt32(), shadow.GetProperty("verdict").GetString()));
        Assert.DoesNotContain("shade", answer.RootElement.GetProperty("candidates").GetRawText(), StringComparison.Ordinal);
        Assert.Empty(edge.Provider.Bodies);
    }

    private static Task<EdgeFixture> StartAsync(int shadowPercent = 100, Dictionary<string, string?>? settings = null, TimeProvider? time = null) => EdgeFixture.StartAsync(settings: settings, time: time, yaml: yaml => yaml
        .Replace("modelEndpoints:\n", "modelEndpoints:\n  - { id: shade, account: p, model: shadow-x }\n  - { id: shade-v, account: p, model: text-embedding-y }\n", StringComparison.Ordinal)
        .Replace("candidates: [ ", $"shadowPercent: {shadowPercent}\n    candidates: [ {{ modelEndpoint: shade, role: shadow }}, ", StringComparison.Ordinal)
        .Replace("shade, role: shadow }, { modelEndpoint: vectors", "shade-v, role: shadow }, { modelEndpoint: vectors", StringComparison.Ordinal)
        + "\n  - { modelEndpoint: shade, from: 2026-01-01T00:00:00Z, input: 3000000, output: 6000000 }\n");

    private static void Script(EdgeFixture edge, bool stream)
    {
        if (stream)
        {
            edge.Provider.OnStream("model-a", ScriptedProvider.Role, ScriptedProvider.Delta("hello"), ScriptedProvider.Stop, ScriptedProvider.Usage, "[DONE]");
            edge.Provider.OnStream("claude-x", """{"type":"message_start","message":{"id":"msg_1","usage":{"input_tokens":5,"output_tokens":1}}}""", """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
                """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"hello"}}""", """{"type":"content_block_stop","index":0}""", """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":3}}""", """{"type":"message_stop"}""");
            edge.Provider.OnStream("shadow-x", ScriptedProvider.Delta("of the shadow"), ScriptedProvider.Stop, """{"id":"s1","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":4,"total_tokens":11}}""", "[DONE]");
            return;
        }

        edge.Provider.OnStatus("model-a", 200, ScriptedProvider.Whole);
        edge.Provider.OnStatus("claude-x", 200, Claude);
        edge.Provider.OnStatus("shadow-x", 200, Whole);
    }

    private static string? Member(string json, string name)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.TryGetProperty(name, out var value) ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText() : null;
    }

    /// <summary>Ids and moments of answers that the edge builds itself are of each call.</summary>
    private static string WithoutIds(string text) => Regex.Replace(text, "[0-9a-f]{32}|\"(created|created_at|completed_at)\":[0-9]+", "", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));

    private static string[] Headers(HttpResponseMessage response) =>
        [.. response.Headers.Concat(response.Content.Headers).Where(h => h.Key is not ("x-route-request-id" or "Date")).Select(h => $"{h.Key}: {string.Join(", ", h.Value)}").Order(StringComparer.Ordinal)];
}
