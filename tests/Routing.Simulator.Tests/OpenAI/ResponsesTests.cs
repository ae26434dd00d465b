using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Routing.Simulator.Faults;
using Routing.Simulator.Tests.Chat;

namespace Routing.Simulator.Tests.OpenAI;

// Members of an answer are there, or the test fails where it reads them: that is what the "!" mean here.
public sealed class ResponsesTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private const string Tools = """[{"type":"function","name":"find","parameters":{"type":"object","properties":{"limit":{"type":"integer"}}}}]""";

    [Theory]
    [InlineData("/v1/responses", SimulatorFixture.OpenAIKey)]
    [InlineData("/openai/v1/responses", SimulatorFixture.AzureKey)]
    public async Task Responses_Text_CompletedMessageAndUsage(string path, string key)
    {
        var answer = await AnswerAsync(SimulatorFixture.Bearer(path, """{"model":"gpt-4.1","instructions":"Be short.","input":"Hello there"}""", key));

        Assert.Equal("response completed message output_text", $"{answer["object"]} {answer["status"]} {answer["output"]![0]!["type"]} {answer["output"]![0]!["content"]![0]!["type"]}");
        Assert.Equal((10, "Be short."), ((int)answer["usage"]!["input_tokens"]!, (string?)answer["instructions"]));
        Assert.Equal((int)answer["usage"]!["total_tokens"]!, 10 + (int)answer["usage"]!["output_tokens"]!);
        Assert.Equal((int)answer["usage"]!["output_tokens"]!, simulator.Logged((string)answer["id"]!).OutputTokens);
    }

    [Fact]
    public async Task Responses_Streamed_EventsInOrderNumberedThroughAndEqualToTheWhole()
    {
        const string Body = """{"model":"m","input":"Hello there, explain first.","reasoning":{"effort":"low","summary":"auto"},"tools":TOOLS,"stream":STREAM}""";
        var events = await StreamAsync(Body.Replace("TOOLS", Tools, StringComparison.Ordinal).Replace("STREAM", "true", StringComparison.Ordinal));
        var names = new List<string>();
        foreach (var (name, _) in events)
            if (names.Count == 0 || names[^1] != name) names.Add(name!); // Every event has a name.

        Assert.Equal("created in_progress output_item.added reasoning_summary_part.added reasoning_summary_text.delta reasoning_summary_text.done reasoning_summary_part.done output_item.done "
            + "output_item.added content_part.added output_text.delta output_text.done content_part.done output_item.done "
            + "output_item.added function_call_arguments.delta function_call_arguments.done output_item.done completed",
            string.Join(' ', names.Select(n => n["response.".Length..])));
        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(e => (int)JsonNode.Parse(e.Data)!["sequence_number"]!));
        Assert.All(events, e => Assert.Equal(e.Name, (string?)JsonNode.Parse(e.Data)!["type"]));

        var whole = await AnswerAsync(SimulatorFixture.OpenAI(Body.Replace("TOOLS", Tools, StringComparison.Ordinal).Replace("STREAM", "false", StringComparison.Ordinal), "/v1/responses"));
        var last = JsonNode.Parse(events[^1].Data)!["response"]!;
        Assert.Equal(string.Join('|', whole["output"]!.AsArray().Select(Said)), string.Join('|', last["output"]!.AsArray().Select(Said)));
        Assert.Equal(Said(whole["output"]![1]!), string.Concat(events.Where(e => e.Name == "response.output_text.delta").Select(e => (string?)JsonNode.Parse(e.Data)!["delta"])));
        Assert.Equal(16, (int)last["usage"]!["output_tokens_details"]!["reasoning_tokens"]!);
    }

    [Fact]
    public async Task Responses_CallAndItsOutputSentBack_AnswerQuotesIt()
    {
        var call = (await AnswerAsync(SimulatorFixture.OpenAI("""{"model":"m","input":"Where?","tool_choice":{"type":"function","name":"find"},"tools":TOOLS}""".Replace("TOOLS", Tools, StringComparison.Ordinal), "/v1/responses")))["output"]![0]!;
        Assert.Equal(JsonValueKind.Number, JsonDocument.Parse((string)call["arguments"]!).RootElement.GetProperty("limit").ValueKind);
        var input = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "Where?" }, call.DeepClone(), new JsonObject { ["type"] = "function_call_output", ["call_id"] = (string)call["call_id"]!, ["output"] = "In Zürich." });
        var answer = await AnswerAsync(SimulatorFixture.OpenAI(new JsonObject { ["model"] = "m", ["input"] = input, ["tools"] = JsonNode.Parse(Tools) }.ToJsonString(), "/v1/responses"));

        Assert.Contains("In Zürich.", Said(answer["output"]![0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Responses_JsonSchema_AnswerSatisfiesIt()
    {
        var answer = await AnswerAsync(SimulatorFixture.OpenAI("""{"model":"m","input":"x","text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object","properties":{"total":{"type":"integer"}}}}}}""", "/v1/responses"));

        Assert.Equal(JsonValueKind.Number, JsonDocument.Parse(Said(answer["output"]![0])).RootElement.GetProperty("total").ValueKind);
    }

    [Fact]
    public async Task Responses_SealedReasoning_TakenBackWhenOursOnly()
    {
        var item = (await AnswerAsync(SimulatorFixture.OpenAI("""{"model":"m","input":"x","reasoning":{"effort":"low"},"include":["reasoning.encrypted_content"]}""", "/v1/responses")))["output"]![0]!;
        Assert.Equal(("reasoning", 0), ((string?)item["type"], item["summary"]!.AsArray().Count));
        foreach (var (seal, status) in new[] { ((string)item["encrypted_content"]!, 200), ("bm90IG91cnM=", 400) })
        {
            item["encrypted_content"] = seal;
            var input = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "x" }, item.DeepClone(), new JsonObject { ["role"] = "user", ["content"] = "y" });
            using var request = SimulatorFixture.OpenAI(new JsonObject { ["model"] = "m", ["input"] = input }.ToJsonString(), "/v1/responses");
            using var response = await simulator.Http.SendAsync(request);
            Assert.Equal(status, (int)response.StatusCode);
        }
    }

    [Theory]
    [InlineData("""{"model":"m","input":"x","max_output_tokens":16}""", "max_output_tokens")]
    [InlineData("""{"model":"filtered","input":"x"}""", "content_filter")]
    [InlineData("""{"model":"novel","input":"x"}""", "novel_condition")]
    public async Task Responses_Incomplete_SaysWhy(string body, string reason)
    {
        simulator.Host.Faults.Set("openai/*/filtered", new FaultRule { Kind = FaultKind.ContentFilter });
        simulator.Host.Faults.Set("openai/*/novel", new FaultRule { Kind = FaultKind.UnknownStop });
        var answer = await AnswerAsync(SimulatorFixture.OpenAI(body, "/v1/responses"));
        var last = (await StreamAsync(body.Replace("\"input\"", "\"stream\":true,\"input\"", StringComparison.Ordinal)))[^1];

        Assert.Equal(("incomplete", reason), ((string?)answer["status"], (string?)answer["incomplete_details"]!["reason"]));
        Assert.Equal(("response.incomplete", reason), (last.Name, (string?)JsonNode.Parse(last.Data)!["response"]!["incomplete_details"]!["reason"]));
    }

    [Fact]
    public async Task Responses_ErrorInBand_IsAnErrorEventWithoutEnd()
    {
        simulator.Host.Faults.Set("openai/*/breaking", new FaultRule { Kind = FaultKind.ErrorInBand });
        var events = await StreamAsync("""{"model":"breaking","input":"x","stream":true}""");

        Assert.Equal(("error", "server_error"), (events[^1].Name, (string?)JsonNode.Parse(events[^1].Data)!["code"]));
    }

    [Theory]
    [InlineData("""{"model":"m"}""", "input")]
    [InlineData("""{"model":"m","input":"x","previous_response_id":"resp_1"}""", "previous_response_id")]
    [InlineData("""{"model":"m","input":"x","max_output_tokens":15}""", "max_output_tokens")]
    [InlineData("""{"model":"m","input":[{"type":"function_call_output","call_id":"c","output":"x"}]}""", "input")]
    [InlineData("""{"model":"m","input":[{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}]}""", "input")]
    [InlineData("""{"model":"m","input":"x","tool_choice":{"type":"function","name":"f"}}""", "tool_choice")]
    public async Task Responses_BadBody_RefusedWithItsParameter(string body, string parameter)
    {
        using var request = SimulatorFixture.OpenAI(body, "/v1/responses");
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal((HttpStatusCode.BadRequest, parameter), (response.StatusCode, (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!["param"]));
    }

    private static string Said(JsonNode? item) => (string?)item!["content"]?[0]?["text"] ?? (string?)item["summary"]?[0]?["text"] ?? (string?)item["arguments"] ?? ""; // An item is an object.

    private async Task<JsonNode> AnswerAsync(HttpRequestMessage message)
    {
        using var request = message;
        using var response = await simulator.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!; // An answer is an object.
    }

    private async Task<List<(string? Name, string Data)>> StreamAsync(string body)
    {
        using var request = SimulatorFixture.OpenAI(body, "/v1/responses");
        using var response = await simulator.Http.SendAsync(request);
        return StreamReading.Events(await response.Content.ReadAsByteArrayAsync());
    }
}
