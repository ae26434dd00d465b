using System.Net.Sockets;
using Routing.Simulator.Faults;
using Routing.Simulator.Log;
using TestKit;

namespace Routing.Simulator.Tests.Faults;

/// <summary>Faults of the way an answer travels.</summary>
public sealed class BrokenTransferTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static TheoryData<string> Wires => ["bedrock", "vertex", "azure", "openai", "anthropic", "claude"];

    [Theory, MemberData(nameof(Wires))]
    public async Task Reset_AnyWire_ConnectionIsReset(string wire)
    {
        simulator.Host.Faults.Set($"{AnyWire.KeyOf(wire)}/*/reset-{wire}", new FaultRule { Kind = FaultKind.Reset });
        using var request = AnyWire.Request(wire, $"reset-{wire}");
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => simulator.Http.SendAsync(request));

        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(error.InnerException?.InnerException ?? error.InnerException).SocketErrorCode);
        Assert.Equal(("reset", 0), await LoggedAsync(wire, $"reset-{wire}"));
    }

    [Theory, MemberData(nameof(Wires))]
    public async Task Silence_AnyWire_NothingUntilClientLeaves(string wire)
    {
        simulator.Host.Faults.Set($"{AnyWire.KeyOf(wire)}/*/silence-{wire}", new FaultRule { Kind = FaultKind.Silence });
        using var patience = new CancellationTokenSource();
        using var request = AnyWire.Request(wire, $"silence-{wire}");
        var answer = simulator.Http.SendAsync(request, patience.Token);
        await Eventually.HoldsAsync(() => simulator.Host.Faults.All.Any(f => f.Key == $"{AnyWire.KeyOf(wire)}/*/silence-{wire}" && f.Struck == 1));

        Assert.False(answer.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        Assert.Equal(("silence", 0), await LoggedAsync(wire, $"silence-{wire}"));
    }

    [Theory]
    [InlineData("bedrock", "contentBlockDelta", "messageStop")]
    [InlineData("vertex", "candidates", "finishReason")]
    [InlineData("azure", "\"delta\":{\"content\":", "[DONE]")]
    [InlineData("openai", "\"delta\":{\"content\":", "[DONE]")]
    [InlineData("anthropic", "text_delta", "message_stop")]
    [InlineData("claude", "text_delta", "message_stop")]
    public async Task Cut_AnyWire_EndsWithoutTerminalEvent(string wire, string chunk, string terminal)
    {
        simulator.Host.Faults.Set($"{AnyWire.KeyOf(wire)}/*/cut-{wire}", new FaultRule { Kind = FaultKind.Cut, AfterChunks = 2 });
        using var request = AnyWire.Request(wire, $"cut-{wire}", streamed: true);
        using var response = await simulator.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(2, text.Split(chunk).Length - 1);
        Assert.DoesNotContain(terminal, text, StringComparison.Ordinal);
        Assert.Equal(("cut", 200), await LoggedAsync(wire, $"cut-{wire}"));
    }

    [Theory]
    [InlineData("azure")]
    [InlineData("openai")]
    public async Task MissingDone_WiresThatHaveIt_LacksNothingElse(string wire)
    {
        simulator.Host.Faults.Set($"{wire}/*/unmarked-{wire}", new FaultRule { Kind = FaultKind.MissingDone });
        using var request = AnyWire.Request(wire, $"unmarked-{wire}", streamed: true);
        using var response = await simulator.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Contains("\"finish_reason\":\"stop\"", text, StringComparison.Ordinal);
        Assert.Contains("\"total_tokens\":", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
        Assert.Equal(("missing_done", 200), await LoggedAsync(wire, $"unmarked-{wire}"));
    }

    [Fact]
    public async Task MalformedThatGoesOn_SendsTheRestOfTheAnswer()
    {
        simulator.Host.Faults.Set("openai/*/garbled", new FaultRule { Kind = FaultKind.Malformed, AfterChunks = 2, GoesOn = true });
        using var request = AnyWire.Request("openai", "garbled", streamed: true);
        using var response = await simulator.Http.SendAsync(request);
        var events = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("data: [DONE]", events[^1]);
        Assert.Single(events, e => !e.EndsWith('}') && e != events[^1]);
    }

    [Theory, MemberData(nameof(Wires))]
    public async Task PrefillRefused_ConversationThatEndsWithTheUser_IsAnswered(string wire)
    {
        simulator.Host.Faults.Set($"{AnyWire.KeyOf(wire)}/*/plain-{wire}", new FaultRule { Kind = FaultKind.PrefillRefused });
        using var request = AnyWire.Request(wire, $"plain-{wire}");
        using var response = await simulator.Http.SendAsync(request);

        Assert.True(response.IsSuccessStatusCode);
        Assert.Equal(("completed", 200), await LoggedAsync(wire, $"plain-{wire}"));
    }

    [Fact]
    public async Task PrefillRefused_ConversationThatEndsWithTheModel_IsRefused()
    {
        simulator.Host.Faults.Set("openai/*/prefilled", new FaultRule { Kind = FaultKind.PrefillRefused });
        using var request = SimulatorFixture.OpenAI("""{"model":"prefilled","messages":[{"role":"user","content":"Hello"},{"role":"assistant","content":"Hi"}]}""");
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal(("invalid_request", 400), await LoggedAsync("openai", "prefilled"));
    }

    [Theory]
    [InlineData(",\"prefix\":true", true)]
    [InlineData("", false)]
    public async Task PrefillEchoed_AnswerThatGoesOn_BeginsWithTheTurn(string prefix, bool echoes)
    {
        simulator.Host.Faults.Set("openai/*/echoing", new FaultRule { Kind = FaultKind.PrefillEchoed });
        using var request = SimulatorFixture.OpenAI($$"""{"model":"echoing","messages":[{"role":"user","content":"Hello"},{"role":"assistant","content":"Zwölf Boxkämpfer"{{prefix}}}]}""");
        using var response = await simulator.Http.SendAsync(request);
        using var answer = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync());

        var text = answer.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
        Assert.Equal(echoes, text.StartsWith("Zwölf Boxkämpfer ", StringComparison.Ordinal));
        Assert.Equal(-1, text.IndexOf("Zwölf", 1, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("bedrock", "messageStop")]
    [InlineData("vertex", "finishReason")]
    [InlineData("azure", "[DONE]")]
    [InlineData("openai", "[DONE]")]
    [InlineData("anthropic", "message_stop")]
    public async Task Cut_BeyondTheLastChunk_AllContentAndNoTerminalEvent(string wire, string terminal)
    {
        using var whole = AnyWire.Request(wire, "cut-late", streamed: true);
        using var wholeResponse = await simulator.Http.SendAsync(whole);
        var wholeText = await wholeResponse.Content.ReadAsStringAsync();
        simulator.Host.Faults.Set($"{wire}/*/cut-late", new FaultRule { Kind = FaultKind.Cut, AfterChunks = 1_000_000 });
        using var request = AnyWire.Request(wire, "cut-late", streamed: true);
        using var response = await simulator.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();

        // As many pieces in both; Gemini's terminal chunk has an empty one of its own.
        var mark = wire switch { "bedrock" => "contentBlockDelta", "vertex" => "\"parts\"", "anthropic" => "text_delta", _ => "\"delta\":{\"content\":" };
        Assert.Equal(wholeText.Split(mark).Length - (wire == "vertex" ? 1 : 0), text.Split(mark).Length);
        Assert.Contains(terminal, wholeText, StringComparison.Ordinal);
        Assert.DoesNotContain(terminal, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cut_Abrupt_BodyBreaks()
    {
        simulator.Host.Faults.Set("openai/*/abrupt", new FaultRule { Kind = FaultKind.Cut, Abrupt = true });
        using var request = AnyWire.Request("openai", "abrupt", streamed: true);

        await Assert.ThrowsAsync<HttpRequestException>(() => simulator.Http.SendAsync(request));
    }

    [Theory]
    [InlineData("bedrock", "metadata")]
    [InlineData("vertex", "finishReason")]
    [InlineData("azure", "[DONE]")]
    [InlineData("openai", "[DONE]")]
    [InlineData("anthropic", "message_stop")]
    public async Task Cut_AfterEnd_TerminalEventArrivesAndThenTheBodyBreaks(string wire, string terminal)
    {
        simulator.Host.Faults.Set($"{wire}/*/after-end", new FaultRule { Kind = FaultKind.Cut, AfterEnd = true });
        using var request = AnyWire.Request(wire, "after-end", streamed: true);
        using var response = await simulator.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        var (read, buffer) = ("", new byte[4096]);

        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (await body.ReadAsync(buffer) is > 0 and var count) read += System.Text.Encoding.UTF8.GetString(buffer, 0, count);
        });
        Assert.Contains(terminal, read, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Wires))]
    public async Task Cut_Unary_BodyIsShort(string wire)
    {
        simulator.Host.Faults.Set($"{AnyWire.KeyOf(wire)}/*/cut-unary-{wire}", new FaultRule { Kind = FaultKind.Cut });
        using var request = AnyWire.Request(wire, $"cut-unary-{wire}");

        await Assert.ThrowsAsync<HttpRequestException>(() => simulator.Http.SendAsync(request));
    }

    [Theory, MemberData(nameof(Wires))]
    public async Task Stall_AnyWire_ChunksThenNothing(string wire)
    {
        simulator.Host.Faults.Set($"{AnyWire.KeyOf(wire)}/*/stall-{wire}", new FaultRule { Kind = FaultKind.Stall, AfterChunks = 1 });
        using var patience = new CancellationTokenSource();
        using var request = AnyWire.Request(wire, $"stall-{wire}", streamed: true);
        using var response = await simulator.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        await using var body = await response.Content.ReadAsStreamAsync(patience.Token);
        Assert.NotEqual(0, await body.ReadAsync(new byte[1], patience.Token));

        await patience.CancelAsync();
        response.Dispose();
        Assert.Equal(("stall", 200), await LoggedAsync(wire, $"stall-{wire}"));
    }

    [Theory, MemberData(nameof(Wires))]
    public async Task Html_AnyWire_ProxyPageWith200(string wire)
    {
        simulator.Host.Faults.Set($"{AnyWire.KeyOf(wire)}/*/html-{wire}", new FaultRule { Kind = FaultKind.Html });
        using var request = AnyWire.Request(wire, $"html-{wire}", streamed: true);
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal((200, "text/html"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
    }

    [Theory]
    [InlineData("bedrock", "throttlingException")]
    [InlineData("vertex", "RESOURCE_EXHAUSTED")]
    [InlineData("azure", "Rate limit is exceeded")]
    [InlineData("openai", "rate_limit_exceeded")]
    [InlineData("anthropic", "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\"")]
    [InlineData("claude", "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\"")]
    public async Task ErrorInBand_Streamed_After200(string wire, string words)
    {
        simulator.Host.Faults.Set($"{AnyWire.KeyOf(wire)}/*/in-band-{wire}", new FaultRule { Kind = FaultKind.ErrorInBand, InBand = FaultKind.RateLimited });
        using var request = AnyWire.Request(wire, $"in-band-{wire}", streamed: true);
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Contains(words, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Wires))]
    public async Task SlowFirstToken_AnyWire_StillCompletes(string wire)
    {
        simulator.Host.Faults.Set($"{AnyWire.KeyOf(wire)}/*/slow-{wire}", new FaultRule { Kind = FaultKind.SlowFirstToken, Ms = 30 });
        using var request = AnyWire.Request(wire, $"slow-{wire}", streamed: true);
        var began = TimeProvider.System.GetTimestamp();
        using var response = await simulator.Http.SendAsync(request);

        // A timer may fire up to a tick early.
        Assert.True(TimeProvider.System.GetElapsedTime(began) >= TimeSpan.FromMilliseconds(28));
        Assert.Equal(("slow_first_token", 200), await LoggedAsync(wire, $"slow-{wire}"));
    }

    [Theory, MemberData(nameof(Wires))]
    public async Task SlowTokens_AnyWire_FirstArrivesBeforeTheNextIsDue(string wire)
    {
        simulator.Host.Faults.Set($"{AnyWire.KeyOf(wire)}/*/slow-tokens-{wire}", new FaultRule { Kind = FaultKind.SlowTokens, TokensPerSecond = 0.01 });
        using var patience = new CancellationTokenSource(Patience);
        using var request = AnyWire.Request(wire, $"slow-tokens-{wire}", streamed: true);
        using var response = await simulator.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        await using var body = await response.Content.ReadAsStreamAsync(patience.Token);
        var (read, buffer) = ("", new byte[4096]);

        // The next token is due in 100 seconds: whatever arrives within the patience of the test was sent without waiting for it.
        while (!read.Contains(wire == "vertex" ? "\"parts\":[{\"text\":\"" : "\"delta\":{\"", StringComparison.Ordinal))
            read += System.Text.Encoding.UTF8.GetString(buffer, 0, await body.ReadAsync(buffer, patience.Token));
        Assert.DoesNotContain(wire is "anthropic" or "claude" ? "message_delta" : "usage\":{\"", read, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClientGone_WithoutFault_IsLogged()
    {
        await using var slow = await SlowCloudAsync();
        using var http = new HttpClient(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero }) { BaseAddress = slow.Address };
        using var request = AnyWire.Request("openai", "m", streamed: true);
        using (var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
            Assert.Equal(200, (int)response.StatusCode);

        await Eventually.HoldsAsync(() => slow.Log.LastSeq == 1);
        Assert.Equal("client_gone", slow.Log.After(0).Single().Outcome);
    }

    private Task<SimulatorHost> SlowCloudAsync()
    {
        var options = simulator.Options();
        options.Speed = 1;
        options.Models = [new ModelBehaviour { FirstTokenMs = 3_600_000, FirstTokenSigma = 0 }];
        return SimulatorHost.StartAsync(options, TimeProvider.System, CancellationToken.None);
    }

    private async Task<(string Outcome, int Status)> LoggedAsync(string wire, string model)
    {
        CallRecord? call = null;
        await Eventually.HoldsAsync(() => (call = simulator.Host.Log.After(0, 10_000).LastOrDefault(c => c.Wire == AnyWire.KeyOf(wire) && c.Model == model)) is not null);
        return (call!.Outcome, call.Status); // Waited for above.
    }
}
