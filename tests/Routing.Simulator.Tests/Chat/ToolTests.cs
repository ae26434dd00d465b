using System.Text.Json;
using System.Text.Json.Nodes;

namespace Routing.Simulator.Tests.Chat;

/// <summary>Tools on every wire: who is called, what comes back, and what a result sent back leads to.</summary>
public sealed class ToolTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    public static TheoryData<string> Wires => ["openai", "azure", "bedrock", "vertex", "anthropic", "claude"];

    [Theory, MemberData(nameof(Wires))]
    public async Task Auto_UserMessageLast_FirstToolWithArgumentsOfItsSchema(string wire)
    {
        var answer = await AskAsync(wire, Ask.Of("Where is it?"));
        var call = Assert.Single(answer.Calls);

        Assert.Equal(("find", "tools"), (call.Name, answer.Stop));
        Assert.Equal(JsonValueKind.Number, call.Arguments.GetProperty("limit").ValueKind);
        Assert.Equal("city", call.Arguments.GetProperty("kind").GetString());
    }

    [Theory, MemberData(nameof(Wires))]
    public async Task Auto_WithoutToolsSaid_AnswersInText(string wire)
    {
        var answer = await AskAsync(wire, Ask.Of("Answer without tools."));

        Assert.Equal((0, "end"), (answer.Calls.Count, answer.Stop));
        Assert.NotEmpty(answer.Text);
    }

    [Theory, MemberData(nameof(Wires))]
    public async Task None_UserMessageLast_AnswersInText(string wire) => Assert.Empty((await AskAsync(wire, Ask.Of("Where is it?") with { Choice = "none" })).Calls);

    [Theory, MemberData(nameof(Wires))]
    public async Task Any_WithoutToolsSaid_CallsTheFirst(string wire) => Assert.Equal("find", Assert.Single((await AskAsync(wire, Ask.Of("Answer without tools.") with { Choice = "any" })).Calls).Name);

    [Theory, MemberData(nameof(Wires))]
    public async Task Named_SecondTool_CallsIt(string wire) => Assert.Equal("count", Assert.Single((await AskAsync(wire, Ask.Of("Where is it?") with { Choice = "count" })).Calls).Name);

    [Theory, MemberData(nameof(Wires))]
    public async Task InParallel_Said_CallsAllWithIdsOfTheirOwn(string wire)
    {
        var answer = await AskAsync(wire, Ask.Of("Look it up in parallel."));

        Assert.Equal("find count", string.Join(' ', answer.Calls.Select(c => c.Name)));
        Assert.Equal(2, answer.Calls.Select(c => c.Id).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory, MemberData(nameof(Wires))]
    public async Task ExplainFirst_Said_TextStandsBeforeTheCall(string wire)
    {
        var answer = await AskAsync(wire, Ask.Of("Explain first, then look."));

        Assert.Equal(("I will look that up.", "find"), (answer.Text, Assert.Single(answer.Calls).Name));
    }

    [Theory, MemberData(nameof(Wires))]
    public async Task ResultSentBack_AnswerQuotesIt(string wire)
    {
        var ask = Ask.Of("Where is it?");
        var answer = await AskAsync(wire, ask with { Called = (await AskAsync(wire, ask)).Calls, Result = "In the Zürich office." });

        Assert.Equal((0, "end"), (answer.Calls.Count, answer.Stop));
        Assert.Contains("In the Zürich office.", answer.Text, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Wires))]
    public async Task ResultNobodyAskedFor_Refused(string wire)
    {
        var ask = Ask.Of("Where is it?");
        var called = (await AskAsync(wire, ask)).Calls;

        // Gemini's calls have no ids: there the numbers must fit.
        using var request = Wire.Request(wire, ask with { Called = called, Result = "x", ResultId = wire == "vertex" ? null : "nobody", ResultTwice = wire == "vertex" });
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(400, (int)response.StatusCode);
    }

    [Theory, MemberData(nameof(Wires))]
    public async Task CallLeftOpen_Refused(string wire)
    {
        var ask = Ask.Of("Where is it?");
        using var request = Wire.Request(wire, ask with { Called = (await AskAsync(wire, ask)).Calls });
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(400, (int)response.StatusCode);
    }

    [Theory, MemberData(nameof(Wires))]
    public async Task NamedToolThatIsNotThere_Refused(string wire)
    {
        using var request = Wire.Request(wire, Ask.Of("Where is it?") with { Choice = "missing" });
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(400, (int)response.StatusCode);
    }

    [Theory, MemberData(nameof(Wires))]
    public async Task Streamed_ParallelCalls_SameAsWhole(string wire)
    {
        var whole = await AskAsync(wire, Ask.Of("Look it up in parallel, but explain first."));
        using var request = Wire.Request(wire, Ask.Of("Look it up in parallel, but explain first.") with { Streamed = true });
        using var response = await simulator.Http.SendAsync(request);
        var streamed = Wire.ReadStream(wire, await response.Content.ReadAsByteArrayAsync());

        Assert.Equal(whole.Text, streamed.Text);
        Assert.Equal(whole.Stop, streamed.Stop);
        Assert.Equal(whole.Calls.Select(c => (c.Name, JsonSerializer.Serialize(c.Arguments))), streamed.Calls.Select(c => (c.Name, JsonSerializer.Serialize(c.Arguments))));
        if (wire != "vertex") Assert.All(streamed.Calls, call => Assert.True(call.Pieces > 1, "Arguments arrive in several pieces."));
    }

    [Theory, MemberData(nameof(Wires))]
    public async Task NoRoomForTheCall_StopsForLength(string wire)
    {
        var answer = await AskAsync(wire, Ask.Of("Where is it?") with { MaxTokens = 2 });

        Assert.Equal((0, "length"), (answer.Calls.Count, answer.Stop));
    }

    private async Task<Reply> AskAsync(string wire, Ask ask)
    {
        using var request = Wire.Request(wire, ask);
        using var response = await simulator.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return Wire.ReadWhole(wire, JsonNode.Parse(text)!.AsObject()); // An answer is an object.
    }
}
