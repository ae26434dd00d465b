using System.Text;
using Routing.Core.Llm;
using Routing.Edge.OpenAI;

namespace Routing.Edge.Tests.OpenAI;

public sealed class ChatRequestParserTests
{
    [Fact]
    public void Request_EveryField_IsCanonical()
    {
        var request = Parse("""
            {"model":"m","max_tokens":9,"max_completion_tokens":9,"temperature":1.5,"top_p":0.5,"stop":["a","b"],"seed":-3,"presence_penalty":0.5,"frequency_penalty":-0.5,
             "parallel_tool_calls":false,"reasoning_effort":"low","user":"old","safety_identifier":"new","metadata":{"k":"v"},"service_tier":"flex","verbosity":"high",
             "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{}},"strict":true},"cache_control":{"type":"ephemeral","ttl":"1h"}},
                      {"type":"function","function":{"name":"g"}}],
             "tool_choice":{"type":"function","function":{"name":"g"}},
             "response_format":{"type":"json_schema","json_schema":{"name":"s","description":"sd","schema":{"type":"object"},"strict":true}},
             "messages":[{"role":"user","content":"x"}]}
            """);

        Assert.Equal((9, 1.5, 0.5, -3L), (request.MaxOutputTokens, request.Temperature, request.TopP, request.Seed));
        Assert.Equal((0.5, -0.5), (request.PresencePenalty, request.FrequencyPenalty));
        Assert.Equal<string>(["a", "b"], request.StopSequences, StringComparer.Ordinal);
        Assert.Equal<ToolDefinition>([
            new ToolDefinition("f", "d", """{"type":"object","properties":{}}""", true) { Cache = new CacheMark("1h") },
            new ToolDefinition("g", "", null, false)], request.Tools);
        Assert.Equal(new ToolChoice(ToolChoiceMode.Named, "g"), request.ToolChoice);
        Assert.False(request.ParallelToolCalls);
        Assert.Equal(new AnswerFormat(AnswerFormatKind.JsonSchema, "s", "sd", """{"type":"object"}""", true), request.Format);
        Assert.Equal(new Reasoning("low", null), request.Reasoning);
        Assert.Equal(("new", "flex", "high", "v"), (request.EndUser, request.ServiceTier, request.Verbosity, request.Metadata["k"]));
    }

    [Fact]
    public void Request_ToolRound_KnowsTheToolOfEachResult()
    {
        var request = Parse("""
            {"model":"m","messages":[
              {"role":"assistant","content":"Let me see.","tool_calls":[
                {"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},{"id":"c2","type":"function","function":{"name":"g","arguments":""}}]},
              {"role":"tool","tool_call_id":"c2","content":[{"type":"text","text":"two"}]},
              {"role":"tool","tool_call_id":"c1","content":"one"}]}
            """);

        Assert.Equal<ContentPart>([new TextPart("Let me see."), new ToolCallPart("c1", "f", "{\"a\":1}"), new ToolCallPart("c2", "g", "{}")], request.Messages[0].Parts);
        var results = request.Messages.Skip(1).Select(m => (ToolResultPart)m.Parts[0]).ToArray();
        Assert.Equal([("c2", "g", "two"), ("c1", "f", "one")], results.Select(r => (r.CallId, r.Name, ((TextPart)r.Content[0]).Text)));
        Assert.All(request.Messages.Skip(1), m => Assert.Equal(ChatRole.Tool, m.Role));
    }

    [Fact]
    public void Request_ReasoningHandedBack_KeepsSignaturesAndPlaces()
    {
        var request = Parse("""
            {"model":"m","messages":[
              {"role":"assistant","content":"t","reasoning_content":"not twice","thinking_blocks":[
                {"type":"thinking","thinking":"a","signature":"s1"},{"type":"redacted_thinking","data":"d"},{"type":"thinking","signature":"s2","tool_calls_before":1}],
                "tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"c2","type":"function","function":{"name":"f","arguments":"{}"}}]},
              {"role":"tool","tool_call_id":"c1","content":"1"},{"role":"tool","tool_call_id":"c2","content":"2"},
              {"role":"assistant","content":"u","reasoning_content":"plain"},{"role":"user","content":"v"},
              {"role":"assistant","content":"w","annotations":[],"reasoning":"by its other name"},{"role":"user","content":"x"}]}
            """);

        Assert.Equal<ContentPart>([
            new ReasoningPart("a", "s1"), new RedactedReasoningPart("d"), new TextPart("t"), new ToolCallPart("c1", "f", "{}"),
            new ReasoningPart("", "s2"), new ToolCallPart("c2", "f", "{}")], request.Messages[0].Parts);
        Assert.Equal<ContentPart>([new ReasoningPart("plain", ""), new TextPart("u")], request.Messages[3].Parts);
        Assert.Equal<ContentPart>([new ReasoningPart("by its other name", ""), new TextPart("w")], request.Messages[5].Parts);
    }

    [Fact]
    public void Request_PartsOfAUser_AreCanonical()
    {
        var request = Parse("""
            {"model":"m","messages":[{"role":"user","content":[
              {"type":"text","text":"t","cache_control":{"type":"ephemeral"}},
              {"type":"image_url","image_url":{"url":"data:image/jpg;base64,AAAA","detail":"low"}},
              {"type":"image_url","image_url":{"url":"https://x/y.png"}},
              {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,BBBB"}}]}]}
            """);

        Assert.Equal<ContentPart>([
            new TextPart("t") { Cache = new CacheMark(null) }, new ImagePart("image/jpeg", "AAAA", null, "low"), new ImagePart("", "", "https://x/y.png"),
            new DocumentPart("application/pdf", "BBBB", "a.pdf")], request.Messages[0].Parts);
    }

    private static ChatRequest Parse(string json)
    {
        Assert.True(ChatCompletionReader.TryRead(Encoding.UTF8.GetBytes(json), out var call, out var failure), failure?.Message);
        return call.Request;
    }
}
