using System.Text.Json;

namespace Routing.Edge.Tests.Calls;

/// <summary>What a caller is told of a call that another wire cannot carry, and what goes through on the caller's own.</summary>
public sealed class RefusedFieldsTests
{
    private const string Chat = "/v1/chat/completions";
    private const string Responses = "/v1/responses";
    private const string Messages = "/v1/messages";
    private const string Hi = """ "messages":[{"role":"user","content":"hi"}] """;

    public static readonly TheoryData<string, string, string, string> Refused = new()
    {
        { Chat, """ "messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":""}] """, "messages[2].content", "(empty)" },
        { Chat, """ "messages":[{"role":"user","content":""}] """, "messages[0].content", "(empty)" },
        { Chat, """ "messages":[{"role":"system","content":"be brief"}] """, "messages", "(nothing in them but system text)" },
        { Responses, """ "input":"" """, "input", "(empty)" },
        { Responses, """ "input":[{"role":"user","content":[{"type":"input_text","text":""}]}] """, "input[0].content", "(empty)" },
        { Responses, """ "input":[{"role":"system","content":"be brief"}] """, "input", "(nothing in it but system text)" },
        { Chat, Hi + """,  "reasoning_effort":"bogus" """, "reasoning_effort", "('bogus'; known are none, minimal, low, medium, high, xhigh, max)" },
        { Chat, Hi + """,  "reasoning_effort":"\u0062ogus" """, "reasoning_effort", "(known are none" },
        { Responses, """ "input":"hi","reasoning":{"effort":"bogus"} """, "reasoning.effort", "('bogus'; known are none" },
        { Chat, Hi + """,  "response_format":{"type":"json_object"} """, "response_format.type", "('json_object')" },
        { Responses, """ "input":"hi","text":{"format":{"type":"json_object"}} """, "text.format.type", "Use 'json_schema'" },
        { Chat, Hi + """,  "tools":[{"type":"web_search"}] """, "tools[0].type", "('web_search')" },
        { Responses, """ "input":"hi","tools":[{"search_context_size":"low","type":"web_search"}] """, "tools[0].type", "('web_search')" },
        { Responses, """ "input":"hi","include":["file_search_call.results"] """, "include[0]", "('file_search_call.results')" },
        { Chat, """ "messages":[{"role":"user","content":[{"type":"file","file":{"file_data":"data:text/csv;base64,AAAA"}}]}] """, "messages[0].content[0].file.file_data", "(neither PDF nor plain text)" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Field_AnotherWireHasNoPlaceFor_IsNamedWithItsValue(string path, string members, string param, string words)
    {
        await using var edge = await EdgeFixture.StartAsync();
        using var response = await edge.PostAsync(path, $$"""{"model":"translated",{{members}}}""");

        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var error = json.RootElement.GetProperty("error");
        Assert.Equal((400, "unsupported_capability", param), ((int)response.StatusCode, error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
        Assert.Contains(words, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("third on Anthropic has no place for it", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(edge.Provider.Bodies);
    }

    [Theory]
    [InlineData(Chat, "chat", """ "messages":[{"role":"user","content":""}] """)]
    [InlineData(Chat, "chat", Hi + """,  "reasoning_effort":"bogus" """)]
    [InlineData(Chat, "chat", """ "messages":[{"role":"user","content":[{"type":"file","file":{"file_data":"data:text/csv;base64,AAAA"}}]}] """)]
    [InlineData(Responses, "forwarded", """ "input":[{"role":"user","content":[{"type":"input_file","file_data":"data:text/csv;base64,AAAA"}]}] """)]
    [InlineData(Responses, "forwarded", """ "input":"","reasoning":{"effort":"bogus"} """)]
    [InlineData(Messages, "translated", """ "max_tokens":9,"messages":[{"role":"user","content":[]}],"output_config":{"effort":"bogus"} """)]
    [InlineData(Messages, "translated", """ "max_tokens":9,"messages":[{"role":"user","content":[{"type":"search_result","source":"https://x.example","title":"t","content":[{"type":"text","text":"a"}]}]}] """)]
    [InlineData(Messages, "translated", """ "max_tokens":9,"messages":[{"role":"user","content":[{"source":"https://x.example","title":{},"content":{"a":1},"id":7,"type":"novel"}]}] """)]
    public async Task Field_OnTheCallersOwnWire_GoesThrough(string path, string feature, string members)
    {
        await using var edge = await EdgeFixture.StartAsync();
        foreach (var model in new[] { "model-a", "claude-x", "gpt-x" }) edge.Provider.OnStatus(model, 400, """{"error":{"type":"invalid_request_error","message":"seen"}}""");
        using var response = await edge.PostAsync(path, $$"""{"model":"{{feature}}",{{members}}}""");

        Assert.Contains("seen", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains(members.Trim(), Assert.Single(edge.Provider.Bodies), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Chat, """{"model":"chat","store":true,"messages":[{"role":"user","content":"hi"}]}""", "unsupported_capability", "store")]
    [InlineData(Responses, """{"model":"chat","store":true,"input":"hi"}""", "unsupported_capability", "store")]
    [InlineData(Chat, " \r\n", "invalid_json", null)]
    [InlineData(Responses, "", "invalid_json", null)]
    public async Task Body_NobodyCouldTake_HasOneCodeForEveryApi(string path, string body, string code, string? param)
    {
        await using var edge = await EdgeFixture.StartAsync();
        using var response = await edge.PostAsync(path, body);

        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var error = json.RootElement.GetProperty("error");
        Assert.Equal((400, code, param), ((int)response.StatusCode, error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
        if (param is null) Assert.Equal("The body is empty; it must be a JSON object.", error.GetProperty("message").GetString());
    }
}
