using System.Text;
using Routing.Core.Usage;
using TestKit;

namespace Routing.Edge.Tests.Calls;

/// <summary>Features whose streamed answers are held back until they are whole, in every dialect, from socket to socket.</summary>
public sealed class ProtectedDeliveryTests
{
    private const string Sign = ": the answer is held back until it is whole\n\n";

    /// <summary>The API, its path, a call to a feature whose first candidate speaks the same wire, and that candidate's model.</summary>
    public static TheoryData<string, string, string> Dialects => new()
    {
        { "/v1/chat/completions", "model-a", """{"model":"chat","stream":true,"messages":[{"role":"user","content":"hi"}]}""" },
        { "/v1/messages", "claude-x", """{"model":"translated","max_tokens":99,"stream":true,"messages":[{"role":"user","content":"hi"}]}""" },
        { "/v1/responses", "gpt-x", """{"model":"forwarded","stream":true,"input":"hi"}""" },
    };

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Stream_BreaksAmidItsContent_CallerGetsOneWholeAnswerOfTheBackup(string path, string model, string body)
    {
        await using var edge = await StartAsync();
        edge.Provider.OnStream(model, Half(path));
        edge.Provider.OnStream("model-b", ScriptedProvider.Delta("of the backup"), ScriptedProvider.Stop, ScriptedProvider.Usage, "[DONE]");

        using var response = await edge.PostAsync(path, body);

        var text = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain("half", text, StringComparison.Ordinal);
        Assert.Contains("of the backup", text, StringComparison.Ordinal);
        Assert.Contains(End(path), text, StringComparison.Ordinal);
        Assert.Equal(("second", "2"), (response.Headers.GetValues("x-route-endpoint").Single(), response.Headers.GetValues("x-route-attempts").Single()));
        var row = Assert.Single(await edge.LedgerAsync(1));
        Assert.Equal([AttemptOutcome.Interrupted, AttemptOutcome.Answered], row.Attempts.Select(a => a.Outcome));
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Stream_OneBrokenPieceAmidGoodOnes_NeverReachesTheCaller(string path, string model, string body)
    {
        await using var edge = await StartAsync();
        var half = Half(path);
        edge.Provider.OnStream(model, [.. half, half[^1][..^3], half[^1], .. Rest(path)]);
        edge.Provider.OnStream("model-b", ScriptedProvider.Delta("of the backup"), ScriptedProvider.Stop, "[DONE]");

        using var broken = await edge.PostAsync(path, body);
        edge.Provider.OnStream(model, [.. half, half[^1], .. Rest(path)]);
        using var good = await edge.PostAsync(path, body);

        Assert.Equal("second", broken.Headers.GetValues("x-route-endpoint").Single());
        Assert.DoesNotContain("half", await broken.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("1", good.Headers.GetValues("x-route-attempts").Single()); // But for that piece it would have been an answer.
        Assert.Contains("half", await good.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Stream_BreaksAndNobodyIsLeft_IsAnErrorAnswerWithItsStatus(string path, string model, string body)
    {
        await using var edge = await StartAsync();
        edge.Provider.OnStream(model, Half(path));
        edge.Provider.OnStream("model-b", ScriptedProvider.Role);

        using var response = await edge.PostAsync(path, body);

        Assert.Equal((502, "application/json"), ((int)response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        Assert.Equal("2", response.Headers.GetValues("x-route-attempts").Single());
        Assert.DoesNotContain("half", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Stream_HeldForLong_IsKeptAliveByCommentsThatThenSayWhoAnswered(string path, string model, string body)
    {
        var time = new ManualTime();
        await using var edge = await StartAsync(time);
        edge.Provider.On(model, ScriptedProvider.Silence);
        edge.Provider.OnStream("model-b", ScriptedProvider.Delta("of the backup"), ScriptedProvider.Stop, ScriptedProvider.Usage, "[DONE]");

        using var response = await HeadersAsync(edge, time, path, body);
        Assert.Equal((200, "text/event-stream"), ((int)response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        var answer = await response.Content.ReadAsStreamAsync();
        var first = new byte[Sign.Length];
        await answer.ReadExactlyAsync(first);
        time.Advance(6); // The first candidate has had its time.
        var rest = await new StreamReader(answer).ReadToEndAsync();

        Assert.Equal(Sign, Encoding.UTF8.GetString(first));
        Assert.StartsWith(": x-route-endpoint: second\n: x-route-attempts: 2\n\n", rest, StringComparison.Ordinal);
        Assert.Contains(End(path), rest, StringComparison.Ordinal);
        Assert.Contains("of the backup", rest, StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("x-route-endpoint"));
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Stream_FailsBehindASignOfLife_IsAnErrorEventThenACut(string path, string model, string body)
    {
        var time = new ManualTime();
        await using var edge = await StartAsync(time);
        edge.Provider.On(model, ScriptedProvider.Silence);
        edge.Provider.OnStream("model-b", ScriptedProvider.Role);

        using var response = await HeadersAsync(edge, time, path, body);
        time.Advance(6);
        var text = new StringBuilder();
        await Assert.ThrowsAsync<HttpIOException>(async () =>
        {
            var answer = await response.Content.ReadAsStreamAsync();
            var buffer = new byte[4096];
            for (int read; (read = await answer.ReadAsync(buffer)) > 0;) text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        });

        Assert.StartsWith(Sign + Error(path), text.ToString(), StringComparison.Ordinal);
        Assert.Contains("stream_interrupted", text.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(End(path), text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_LargerThanMayBeHeld_GoesOnAsItComesAndIsMarked()
    {
        await using var edge = await StartAsync();
        var large = ScriptedProvider.Delta(new string('x', 64 * 1024));
        edge.Provider.OnStream("model-a", [.. Enumerable.Repeat(large, 70), ScriptedProvider.Stop, "[DONE]"]);

        using var response = await edge.ChatAsync(EdgeFixture.Body(stream: true));

        Assert.Equal("answer too large to be held back whole", response.Headers.GetValues("x-route-warnings").Single());
        Assert.Equal(string.Concat(Enumerable.Repeat($"data: {large}\n\n", 70)) + $"data: {ScriptedProvider.Stop}\n\ndata: [DONE]\n\n", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Unary_OfSuchAFeature_IsAsEver()
    {
        await using var edge = await StartAsync();
        edge.Provider.OnStatus("model-a", 200, ScriptedProvider.Whole[..60]);
        edge.Provider.OnStatus("model-b", 200, ScriptedProvider.Whole);

        using var response = await edge.ChatAsync(EdgeFixture.Body(stream: false));

        Assert.Equal(ScriptedProvider.Whole, await response.Content.ReadAsStringAsync());
        Assert.Equal("second", response.Headers.GetValues("x-route-endpoint").Single());
    }

    private static Task<EdgeFixture> StartAsync(TimeProvider? time = null) => EdgeFixture.StartAsync(time: time, yaml: y => y
        .Replace("firstTokenMs: 10000", "firstTokenMs: 15000\n    delivery: protected", StringComparison.Ordinal)
        .Replace("[ { modelEndpoint: third } ]", "[ { modelEndpoint: third }, { modelEndpoint: second, tier: 2, role: backup } ]", StringComparison.Ordinal)
        .Replace("[ { modelEndpoint: fourth } ]", "[ { modelEndpoint: fourth }, { modelEndpoint: second, tier: 2, role: backup } ]", StringComparison.Ordinal));

    /// <summary>The headers come with the first sign of life, whose moment comes as soon as the first candidate was asked.</summary>
    private static async Task<HttpResponseMessage> HeadersAsync(EdgeFixture edge, ManualTime time, string path, string body)
    {
        var response = edge.PostAsync(path, body, HttpCompletionOption.ResponseHeadersRead);
        await edge.Provider.Asked.Task;
        time.Advance(10);
        return await response;
    }

    private static string[] Half(string path) => path switch
    {
        "/v1/chat/completions" => [ScriptedProvider.Role, ScriptedProvider.Delta("half")],
        "/v1/messages" =>
        [
            """{"type":"message_start","message":{"id":"msg_1","usage":{"input_tokens":5,"output_tokens":1}}}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"half"}}""",
        ],
        _ =>
        [
            """{"type":"response.created","sequence_number":0,"response":{"id":"resp_1","status":"in_progress","output":[]}}""",
            """{"type":"response.output_text.delta","sequence_number":1,"item_id":"i","output_index":0,"content_index":0,"delta":"half"}""",
        ],
    };

    /// <summary>What makes of the half a whole answer.</summary>
    private static string[] Rest(string path) => path switch
    {
        "/v1/chat/completions" => [ScriptedProvider.Stop, "[DONE]"],
        "/v1/messages" =>
        [
            """{"type":"content_block_stop","index":0}""", """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":9}}""", """{"type":"message_stop"}""",
        ],
        _ => ["""{"type":"response.completed","sequence_number":9,"response":{"id":"resp_1","status":"completed","incomplete_details":null,"error":null,"output":[]}}"""],
    };

    private static string End(string path) => path switch
    {
        "/v1/chat/completions" => "data: [DONE]\n\n",
        "/v1/messages" => "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
        _ => "event: response.completed\n",
    };

    private static string Error(string path) => path switch
    {
        "/v1/chat/completions" => "data: {\"error\":{",
        "/v1/messages" => "event: error\ndata: {\"type\":\"error\",",
        _ => "event: response.created\n",
    };
}
