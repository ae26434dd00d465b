using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Routing.Simulator.Tests.Faults;

namespace Routing.Simulator.Tests.Admin;

public sealed class AdminEndpointsTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task Faults_PutListDelete_ByKeyWithColonAndSlash()
    {
        const string Key = "bedrock/us-east-1/arn:aws:bedrock:us-east-1:1:inference-profile%2Fus.anthropic.claude";
        using var put = await simulator.Http.PutAsJsonAsync($"/sim/faults/{Key}", new { kind = "rate_limited", rate = 0.5, retryAfterMs = 250 });
        Assert.Equal(HttpStatusCode.NoContent, put.StatusCode);

        var listed = (await simulator.Http.GetFromJsonAsync<JsonElement>("/sim/faults")).EnumerateArray().Single(f => f.GetProperty("key").GetString()!.EndsWith("claude", StringComparison.Ordinal)); // Keys are texts.
        Assert.Equal(("rate_limited", 0.5, 250), (listed.GetProperty("rule").GetProperty("kind").GetString(), listed.GetProperty("rule").GetProperty("rate").GetDouble(), listed.GetProperty("rule").GetProperty("retryAfterMs").GetInt32()));
        Assert.Equal(Uri.UnescapeDataString(Key), listed.GetProperty("key").GetString());

        using var deleted = await simulator.Http.DeleteAsync($"/sim/faults/{Key}");
        using var again = await simulator.Http.DeleteAsync($"/sim/faults/{Key}");
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (deleted.StatusCode, again.StatusCode));
    }

    [Theory]
    [InlineData("""{"kind":"gremlins"}""")]
    [InlineData("""{}""")]
    [InlineData("""null""")]
    [InlineData("""{"kind":"internal","rate":2}""")]
    [InlineData("""{"kind":"unknown_error","status":200}""")]
    [InlineData("""{"kind":"error_in_band","inBand":"silence"}""")]
    [InlineData("""{"kind":"unknown_error","word":"two words"}""")]
    [InlineData("""{"kind":"slow_first_token","ms":-1}""")]
    [InlineData("""{"kind":"cut","afterChunk":1}""")]
    [InlineData("")]
    public async Task Faults_BadRule_RefusedWithReason(string rule)
    {
        using var body = new StringContent(rule, System.Text.Encoding.UTF8, "application/json");
        using var response = await simulator.Http.PutAsync("/sim/faults/openai/*/bad-rule", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.NotEmpty((await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString()!);
    }

    [Fact]
    public async Task Faults_PutWithoutJsonContentType_IsTaken()
    {
        using var body = new StringContent("""{"kind":"internal"}""", System.Text.Encoding.UTF8, "application/x-www-form-urlencoded");
        using var response = await simulator.Http.PutAsync("/sim/faults/openai/*/posted-as-form", body);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    [Theory]
    [InlineData("after=-5")]
    [InlineData("limit=-1")]
    [InlineData("after=9223372036854775807")]
    public async Task Log_OddRange_Answers(string query)
    {
        using var response = await simulator.Http.GetAsync($"/sim/log?{query}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Log_AfterSeq_NewCallsWithoutPromptOrKey()
    {
        var before = simulator.Host.Log.LastSeq;
        using var request = AnyWire.Request("openai", "logged-model");
        using var response = await simulator.Http.SendAsync(request);
        var text = await simulator.Http.GetStringAsync($"/sim/log?after={before}&limit=10");
        var call = JsonDocument.Parse(text).RootElement.EnumerateArray().Single(c => c.GetProperty("model").GetString() == "logged-model");

        Assert.Equal(("completed", 200, "openai", "default"), (call.GetProperty("outcome").GetString(), call.GetProperty("status").GetInt32(), call.GetProperty("wire").GetString(), call.GetProperty("region").GetString()));
        Assert.DoesNotContain("Hello", text, StringComparison.Ordinal);
        Assert.DoesNotContain(SimulatorFixture.OpenAIKey, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LogSummary_AfterCalls_CountsThem()
    {
        for (var at = 0; at < 3; at++)
        {
            using var request = AnyWire.Request("azure", "summed-model");
            using var response = await simulator.Http.SendAsync(request);
        }

        var row = (await simulator.Http.GetFromJsonAsync<JsonElement>("/sim/log/summary")).GetProperty("endpoints").EnumerateArray().Single(e => e.GetProperty("model").GetString() == "summed-model");
        Assert.Equal((3, "eastus2", "completed"), (row.GetProperty("calls").GetInt32(), row.GetProperty("region").GetString(), row.GetProperty("outcome").GetString()));
    }

    [Fact]
    public async Task Page_ModelNameWithMarkup_IsEncoded()
    {
        using var request = AnyWire.Request("openai", "<script>x</script>");
        using var response = await simulator.Http.SendAsync(request);
        var page = await simulator.Http.GetStringAsync("/");

        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
        Assert.Equal("ok", await simulator.Http.GetStringAsync("/healthz"));
    }

    [Fact]
    public async Task AdminKey_Set_IsNeededUnderSimOnly()
    {
        var options = simulator.Options();
        options.AdminKey = "open-sesame";
        await using var guarded = await SimulatorHost.StartAsync(options, TimeProvider.System, CancellationToken.None);
        using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = guarded.Address };
        using var without = await http.GetAsync("/sim/faults");
        http.DefaultRequestHeaders.Add("x-sim-admin-key", "open-sesame");
        using var with = await http.GetAsync("/sim/faults");

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (without.StatusCode, with.StatusCode));
    }
}
