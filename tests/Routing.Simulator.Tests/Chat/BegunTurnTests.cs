using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Routing.Simulator.Tests.Chat;

/// <summary>Conversations that end with the model's own turn, on every wire that has such models.</summary>
// Members of an answer are there, or the test fails where it reads them: that is what the "!" mean here.
public sealed class BegunTurnTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    public static TheoryData<string> Wires => ["anthropic", "vertex", "bedrock", "openai prefix", "openai continue"];

    [Theory, MemberData(nameof(Wires))]
    public async Task Answer_BegunAsTheModelWould_IsExactlyTheRest(string wire)
    {
        var whole = await TextAsync(wire, null);
        var half = whole[..(whole.Length / 2)].TrimEnd();

        Assert.Equal(whole[half.Length..], await TextAsync(wire, half));
        Assert.Equal("", await TextAsync(wire, whole));
    }

    [Theory, MemberData(nameof(Wires))]
    public async Task Answer_BegunByAnother_GoesOnInItsOwnWords(string wire) =>
        Assert.Equal(" " + await TextAsync(wire, null), await TextAsync(wire, "Something else."));

    [Fact]
    public async Task Answer_OnOpenAIsWireWithoutAWord_BeginsAnew() => Assert.Equal(await TextAsync("openai", null), await TextAsync("openai", (await TextAsync("openai", null))[..9]));

    [Fact]
    public async Task Answer_OfTwoThatAnswerAsOne_IsTheSame() =>
        Assert.Equal(await TextAsync("openai", null, "like-another"), await TextAsync("anthropic", null, "like-another-too"));

    [Theory]
    [InlineData("anthropic", "claude-opus-4-6", "Hi", "This model does not support assistant message prefill. The conversation must end with a user message.")]
    [InlineData("vertex", "claude-sonnet-5", "Hi", "This model does not support assistant message prefill. The conversation must end with a user message.")]
    [InlineData("bedrock", "us.anthropic.claude-opus-4-7", "Hi", "The model returned the following errors: This model does not support assistant message prefill. The conversation must end with a user message.")]
    [InlineData("bedrock", "amazon.nova-lite-v1:0", "Hi", "A conversation must end with a user message. Try again with a conversation that ends with a user message.")]
    [InlineData("anthropic", "claude-sonnet-4-5", "Hi ", "messages: final assistant content cannot end with trailing whitespace")]
    public async Task Answer_TurnThatTheModelDoesNotTake_IsRefused(string wire, string model, string begun, string sentence)
    {
        using var request = Request(wire, model, begun);
        using var response = await simulator.Http.SendAsync(request);
        var refusal = await response.Content.ReadFromJsonAsync<JsonNode>();

        Assert.Equal((400, sentence), ((int)response.StatusCode, (string?)(refusal!["error"]?["message"] ?? refusal["message"])));
    }

    private async Task<string> TextAsync(string wire, string? begun, string? model = null)
    {
        using var request = Request(wire, model ?? (wire == "bedrock" ? "us.anthropic.claude-sonnet-4-5-20250929-v1:0" : "claude-sonnet-4-5"), begun);
        using var response = await simulator.Http.SendAsync(request);
        var answer = await response.Content.ReadFromJsonAsync<JsonNode>();
        Assert.Equal(200, (int)response.StatusCode);
        return wire.Split(' ')[0] switch
        {
            "openai" => (string?)answer!["choices"]![0]!["message"]!["content"] ?? "",
            "bedrock" => string.Concat(answer!["output"]!["message"]!["content"]!.AsArray().Select(b => (string?)b!["text"])),
            _ => string.Concat(answer!["content"]!.AsArray().Select(b => (string?)b!["text"])),
        };
    }

    private static HttpRequestMessage Request(string wire, string model, string? begun)
    {
        var turn = begun is null ? "" : $$"""
            ,{"role":"assistant"{{(wire == "openai prefix" ? ",\"prefix\":true" : "")}},"content":{{(wire == "bedrock" ? $$"""[{"text":{{JsonSerializer.Serialize(begun)}}}]""" : JsonSerializer.Serialize(begun))}}}
            """;
        var messages = $$"""[{"role":"user","content":{{(wire == "bedrock" ? """[{"text":"Hello there"}]""" : "\"Hello there\"")}}}{{turn}}]""";
        var more = wire == "openai continue" && begun is not null ? ",\"continue_final_message\":true,\"add_generation_prompt\":false" : "";
        return wire.Split(' ')[0] switch
        {
            "anthropic" => SimulatorFixture.Anthropic($$"""{"model":"{{model}}","max_tokens":900,"messages":{{messages}}}"""),
            "vertex" => SimulatorFixture.Claude(model, $$"""{"anthropic_version":"vertex-2023-10-16","max_tokens":900,"messages":{{messages}}}"""),
            "bedrock" => SimulatorFixture.Converse(model, $$"""{"messages":{{messages}}}"""),
            _ => SimulatorFixture.OpenAI($$"""{"model":"{{model}}","messages":{{messages}}{{more}}}"""),
        };
    }
}
