using System.Net;
using System.Text;
using Routing.Simulator.Calls;
using Routing.Simulator.Tests.Faults;

namespace Routing.Simulator.Tests.Calls;

public sealed class RequestBodyTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private const int BeyondTheLimit = 25_000_001;

    public static TheoryData<string> Wires => ["bedrock", "vertex", "azure", "openai"];

    [Theory]
    [InlineData("""{"a":"\ud83d\udcdd"}""", true)]
    [InlineData("""{"a":"\\ud83d"}""", true)]
    [InlineData("""{"a":"\ud83d"}""", false)]
    [InlineData("""{"a":[{"b":"\uDCDD"}]}""", false)]
    [InlineData("""{"\ud83d":1}""", false)]
    [InlineData("""[]""", false)]
    [InlineData("", false)]
    public void TryParse_Text_OnlyReadableObjects(string json, bool readable)
    {
        using var document = RequestBody.TryParse(Encoding.UTF8.GetBytes(json));

        Assert.Equal(readable, document is not null);
    }

    [Theory, MemberData(nameof(Wires))]
    public async Task Post_HalfASurrogatePair_RefusedAndLogged(string wire)
    {
        var model = $"half-{wire}";
        using var request = wire switch
        {
            "bedrock" => SimulatorFixture.Converse(model, """{"messages":[{"role":"user","content":[{"text":"\ud83d"}]}]}"""),
            "vertex" => SimulatorFixture.Gemini(model, """{"contents":[{"parts":[{"text":"\ud83d"}]}]}"""),
            "azure" => SimulatorFixture.Azure(model, """{"messages":[{"role":"user","content":"\ud83d"}]}"""),
            _ => SimulatorFixture.OpenAI("""{"model":"half-openai","messages":[{"role":"user","content":"\ud83d"}]}"""),
        };
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(simulator.Host.Log.After(0, 10_000), c => c.Wire == wire && (c.Status, c.Outcome) == (400, "refused"));
    }

    [Theory, MemberData(nameof(Wires))]
    public async Task Post_BodyBeyondTheLimit_RefusedInTheWiresWords(string wire)
    {
        using var request = AnyWire.Request(wire, "too-large");
        request.Content = new ByteArrayContent(new byte[BeyondTheLimit]);

        // The size is told before the body, so the refusal comes while nothing of it has been sent.
        request.Headers.ExpectContinue = true;
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(wire == "vertex" ? HttpStatusCode.BadRequest : HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains(simulator.Host.Log.After(0, 10_000), c => c.Wire == wire && c.Status == (int)response.StatusCode && c.Outcome == "refused");
    }
}
