using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Routing.Simulator.Tests.Faults;
using TestKit;

namespace Routing.Simulator.Tests.Holds;

public sealed class HoldTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static TheoryData<string> Wires => ["openai", "azure", "bedrock", "vertex", "anthropic"];

    [Theory, MemberData(nameof(Wires))]
    public async Task Hold_OnePartReleased_ArrivesWhileTheNextIsNotMade(string wire)
    {
        var key = $"{wire}/*/held";
        Assert.True(simulator.Host.Holds.Set(key));
        using var patience = new CancellationTokenSource(Patience);
        using var request = AnyWire.Request(wire, "held", streamed: true);
        using var response = await simulator.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        await using var body = await response.Content.ReadAsStreamAsync(patience.Token);
        var mark = wire switch { "bedrock" => "contentBlockDelta", "vertex" => "\"parts\"", "anthropic" => "text_delta", _ => "\"delta\":{\"content\":" };
        var read = "";
        for (var at = 1; at <= 3; at++)
        {
            Assert.True(simulator.Host.Holds.Release(key, 1));
            while (read.Split(mark).Length - 1 < at) read += await ReadSomeAsync(body, patience.Token);
            await Eventually.HoldsAsync(() => State(key) == (at, 1));
            Assert.Equal(at, read.Split(mark).Length - 1);
        }

        Assert.True(simulator.Host.Holds.Remove(key));
        while (await ReadSomeAsync(body, patience.Token) is { Length: > 0 } more) read += more;
        Assert.True(read.Split(mark).Length - 1 > 3);
    }

    [Fact]
    public async Task Hold_ClientLeaves_SpendsNoPermit()
    {
        Assert.True(simulator.Host.Holds.Set("openai/*/left"));
        using var patience = new CancellationTokenSource(Patience);
        using (var request = AnyWire.Request("openai", "left", streamed: true))
        using (await simulator.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token))
            await Eventually.HoldsAsync(() => State("openai/*/left") == (0, 1));
        await Eventually.HoldsAsync(() => State("openai/*/left") == (0, 0));

        Assert.True(simulator.Host.Holds.Release("openai/*/left", 1));
        Assert.Equal((0L, 0), State("openai/*/left"));
        simulator.Host.Holds.Remove("openai/*/left");
    }

    [Fact]
    public async Task Holds_OverHttp_SetReleaseEnd()
    {
        using var put = await simulator.Http.PutAsync("/sim/holds/openai/*/by-http", null);
        using var released = await simulator.Http.PostAsync("/sim/holds/openai/*/by-http?parts=5", null);
        var listed = (await simulator.Http.GetFromJsonAsync<JsonElement>("/sim/holds")).EnumerateArray().Single(h => h.GetProperty("key").GetString() == "openai/*/by-http");
        using var wrong = await simulator.Http.PutAsync("/sim/holds/nowhere", null);
        using var none = await simulator.Http.PostAsync("/sim/holds/openai/*/by-http?parts=0", null);
        using var deleted = await simulator.Http.DeleteAsync("/sim/holds/openai/*/by-http");
        using var again = await simulator.Http.DeleteAsync("/sim/holds/openai/*/by-http");

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent, HttpStatusCode.NoContent, HttpStatusCode.NotFound), (put.StatusCode, released.StatusCode, deleted.StatusCode, again.StatusCode));
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, 0), (wrong.StatusCode, none.StatusCode, listed.GetProperty("passed").GetInt32()));
    }

    private (long Passed, int Waiting) State(string key)
    {
        var state = simulator.Host.Holds.All.Single(h => h.Key == key);
        return (state.Passed, state.Waiting);
    }

    private static async Task<string> ReadSomeAsync(Stream body, CancellationToken ct)
    {
        var buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, await body.ReadAsync(buffer, ct));
    }
}
