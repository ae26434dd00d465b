using System.Text;
using Routing.Core.Llm;
using Routing.Edge.Anthropic;

namespace Routing.Edge.Tests.Anthropic;

public sealed class MessagesReaderTests
{
    private const Capabilities Plain = Capabilities.Text;
    private const string Hi = """[{"role":"user","content":"hi"}]""";
    private const string Loop = """[{"role":"user","content":"hi"},{"role":"assistant","content":[{"type":"tool_use","id":"c1","name":"t","input":{"a":1}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"42"}]}]""";

    [Theory]
    [InlineData("", Plain)]
    [InlineData(""","stream":true""", Plain | Capabilities.Streaming)]
    [InlineData(""","system":"be kind" """, Plain | Capabilities.SystemPrompt)]
    [InlineData(""","system":[{"type":"text","text":"x","cache_control":{"type":"ephemeral"}}]""", Plain | Capabilities.SystemPrompt | Capabilities.CacheControl)]
    [InlineData(""","top_k":5,"stop_sequences":["END"]""", Plain | Capabilities.TopK | Capabilities.StopSequences)]
    [InlineData(""","stop_sequences":[]""", Plain)]
    [InlineData(""","metadata":{"user_id":"u"},"service_tier":"standard_only" """, Plain | Capabilities.EndUser | Capabilities.ServiceTier)]
    [InlineData(""","service_tier":"auto","temperature":1,"top_p":0.5""", Plain)]
    [InlineData(""","thinking":{"type":"enabled","budget_tokens":2048}""", Plain | Capabilities.Reasoning | Capabilities.ReasoningBudget)]
    [InlineData(""","thinking":{"type":"adaptive"}""", Plain | Capabilities.Reasoning)]
    [InlineData(""","thinking":{"type":"disabled"}""", Plain)]
    [InlineData(""","output_config":{"effort":"high","format":{"type":"json_schema","schema":{"type":"object"}}}""", Plain | Capabilities.Reasoning | Capabilities.JsonSchema)]
    [InlineData(""","tools":[{"name":"t","input_schema":{}}],"tool_choice":{"type":"any","disable_parallel_tool_use":true}""", Plain | Capabilities.Tools | Capabilities.ToolChoiceForced | Capabilities.SerialToolCalls)]
    [InlineData(""","tools":[{"name":"t","input_schema":{},"strict":true}],"tool_choice":{"type":"tool","name":"t"}""", Plain | Capabilities.Tools | Capabilities.StrictTools | Capabilities.ToolChoiceForced)]
    [InlineData(""","tools":[{"name":"t","input_schema":{}}],"tool_choice":{"type":"none"}""", Plain | Capabilities.Tools | Capabilities.ToolChoiceNone)]
    [InlineData(""","tools":[{"type":"web_search_20250305","name":"web_search"}]""", Plain | Capabilities.Tools | Capabilities.SameWireFields)]
    [InlineData(""","container":"c_1" """, Plain | Capabilities.SameWireFields)]
    public void TryRead_Member_SaysWhatItNeeds(string member, Capabilities needs) => Assert.Equal(needs, Read(Body(Hi, member)).Needs);

    [Theory]
    [InlineData("""[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"aW1n"}}]}]""", Plain | Capabilities.Vision)]
    [InlineData("""[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image\/png","data":"\/\/\/\/"}}]}]""", Plain | Capabilities.Vision)]
    [InlineData("""[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"https://example.org/a.png"}}]}]""", Plain | Capabilities.Vision | Capabilities.ImageUrls)]
    [InlineData("""[{"role":"user","content":[{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"cGRm"}}]}]""", Plain | Capabilities.Documents)]
    [InlineData(Loop, Plain | Capabilities.Tools)]
    [InlineData("""[{"role":"assistant","content":[{"type":"tool_use","id":"c1","name":"t","input":{},"caller":{"type":"direct"}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"42"}]}]""", Plain | Capabilities.Tools)]
    [InlineData("""[{"role":"assistant","content":[{"type":"tool_use","id":"c1","name":"t","input":{},"caller":{"type":"code_execution_20250825","tool_id":"srvtoolu_1"}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"42"}]}]""", Plain | Capabilities.Tools | Capabilities.SameWireFields)]
    [InlineData("""[{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"thinking","thinking":"x","signature":"s"},{"type":"text","text":"b"}]},{"role":"user","content":"c"}]""", Plain | Capabilities.ReasoningHistory)]
    [InlineData("""[{"role":"user","content":"a"},{"role":"assistant","content":"The answer is"}]""", Plain | Capabilities.AssistantPrefill)]
    [InlineData("""[{"role":"user","content":[{"type":"search_result","title":"x"}]}]""", Plain | Capabilities.SameWireFields)]
    public void TryRead_Content_SaysWhatItNeeds(string messages, Capabilities needs) => Assert.Equal(needs, Read(Body(messages)).Needs);

    [Fact]
    public void TryRead_ToolResultWithImageAndError_NeedsBoth()
    {
        var messages = Loop.Replace("\"content\":\"42\"", """
            "is_error":true,"content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"aW1n"}}]
            """, StringComparison.Ordinal);
        Assert.Equal(Plain | Capabilities.Tools | Capabilities.ToolErrors | Capabilities.ToolResultImages | Capabilities.Vision, Read(Body(messages)).Needs);
    }

    [Theory]
    [InlineData("""{"max_tokens":5,"messages":[{"role":"user","content":"hi"}]}""", "model", "missing_required_parameter")]
    [InlineData("""{"model":"f","messages":[{"role":"user","content":"hi"}]}""", "max_tokens", "missing_required_parameter")]
    [InlineData("""{"model":"f","max_tokens":5}""", "messages", "missing_required_parameter")]
    [InlineData("""{"model":"f","max_tokens":5,"messages":[]}""", "messages", "empty_array")]
    [InlineData("""{"model":"f","max_tokens":0,"messages":[{"role":"user","content":"hi"}]}""", "max_tokens", "integer_below_min_value")]
    [InlineData("""{"model":"f","max_tokens":5,"max_tokens":6,"messages":[]}""", "max_tokens", "duplicate_parameter")]
    [InlineData("""{"model":"f","max_tokens":5,"messages":[{"role":"system","content":"hi"}]}""", "messages[0].role", "invalid_value")]
    [InlineData("""{"model":"f","max_tokens":5,"messages":[{"role":"user"}]}""", "messages[0].content", "missing_required_parameter")]
    [InlineData("""{"model":"f","max_tokens":5,"messages":[{"role":"user","content":[{"text":"a"}]}]}""", "messages[0].content[0].type", "missing_required_parameter")]
    [InlineData("""{"model":"f","max_tokens":5,"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"x"}]}]}""", "messages[0].content[0].tool_use_id", "invalid_value")]
    [InlineData("""{"model":"f","max_tokens":5,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"http://10.0.0.1/"}}]}]}""", "messages[0].content[0].source.url", "invalid_value")]
    [InlineData("""{"model":"f","max_tokens":5,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"aGk=","url":"http://169.254.169.254/x"}}]}]}""", "messages[0].content[0].source.url", "unsupported_value")]
    [InlineData("""{"model":"f","max_tokens":5,"messages":[{"role":"user","content":[{"type":"image","source":{"url":"https://example.org/a","type":"base64","media_type":"image/png","data":"aGk="}}]}]}""", "messages[0].content[0].source.url", "unsupported_value")]
    [InlineData("""{"model":"f","max_tokens":5,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"%%"}}]}]}""", "messages[0].content[0].source.data", "invalid_value")]
    [InlineData("""{"model":"f","max_tokens":5,"temperature":1.5,"messages":[{"role":"user","content":"hi"}]}""", "temperature", "decimal_above_max_value")]
    [InlineData("""{"model":"f","max_tokens":5,"tools":[{"name":"a b","input_schema":{}}],"messages":[{"role":"user","content":"hi"}]}""", "tools[0].name", "invalid_value")]
    [InlineData("""{"model":"f","max_tokens":5,"tools":[{"name":"a"}],"messages":[{"role":"user","content":"hi"}]}""", "tools[0].input_schema", "missing_required_parameter")]
    [InlineData("""{"model":"f","max_tokens":5,"tools":[{"name":"a","input_schema":{}}],"tool_choice":{"type":"tool","name":"b"},"messages":[{"role":"user","content":"hi"}]}""", "tool_choice.name", "invalid_value")]
    [InlineData("""{"model":"f","max_tokens":5,"thinking":{"type":"enabled"},"messages":[{"role":"user","content":"hi"}]}""", "thinking.budget_tokens", "missing_required_parameter")]
    [InlineData("""{"model":"f","max_tokens":5,"messages":[{"role":"user","content":"hi"}]} x""", null, "invalid_json")]
    public void TryRead_Wrong_NamesTheField(string body, string? param, string code)
    {
        Assert.False(MessagesReader.TryRead(Encoding.UTF8.GetBytes(body), out _, out var failure));
        Assert.Equal((FailureKind.InvalidRequest, param, code), (failure.Kind, failure.Param, failure.RawCode));
    }

    [Fact]
    public void TryReadCount_NeedsNoLimitAndACounter()
    {
        Assert.True(MessagesReader.TryReadCount(Encoding.UTF8.GetBytes($$"""{"model":"f","messages":{{Hi}}}"""), out var call, out _));
        Assert.Equal((CallerApi.CountTokens, Plain | Capabilities.TokenCounting, false), (call.Api, call.Needs, call.Stream));
    }

    [Fact]
    public void Request_WholeConversation_IsCanonical()
    {
        var request = Read(Body(
            """[{"role":"user","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral","ttl":"1h"}},{"type":"document","title":"n","source":{"type":"text","media_type":"text/plain","data":"plain"}}]},{"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"s"},{"type":"redacted_thinking","data":"d"},{"type":"tool_use","id":"c1","name":"t","input":{"a": 1}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","is_error":true,"content":[{"type":"text","text":"no"}]},{"type":"text","text":"go on"}]}]""",
            ""","system":"be kind","temperature":0.5,"top_k":3,"stop_sequences":["X"],"tools":[{"name":"t","description":"d","input_schema":{"type":"object"},"strict":true}],"tool_choice":{"type":"tool","name":"t","disable_parallel_tool_use":true},"thinking":{"type":"enabled","budget_tokens":1024},"metadata":{"user_id":"u"}""")).Request;

        Assert.Equal([ChatRole.System, ChatRole.User, ChatRole.Assistant, ChatRole.Tool, ChatRole.User], request.Messages.Select(m => m.Role));
        Assert.Equal<ContentPart>([new TextPart("a") { Cache = new CacheMark("1h") }, new DocumentPart("text/plain", "cGxhaW4=", "n")], request.Messages[1].Parts);
        Assert.Equal<ContentPart>([new ReasoningPart("hm", "s"), new RedactedReasoningPart("d"), new ToolCallPart("c1", "t", """{"a": 1}""")], request.Messages[2].Parts);
        var result = Assert.IsType<ToolResultPart>(Assert.Single(request.Messages[3].Parts));
        Assert.Equal(("c1", "t", true), (result.CallId, result.Name, result.IsError));
        Assert.Equal<ContentPart>([new TextPart("no")], result.Content);
        Assert.Equal<ContentPart>([new TextPart("go on")], request.Messages[4].Parts);
        Assert.Equal<ToolDefinition>([new ToolDefinition("t", "d", """{"type":"object"}""", Strict: true)], request.Tools);
        Assert.Equal((new ToolChoice(ToolChoiceMode.Named, "t"), false, new Reasoning(null, 1024)), (request.ToolChoice, request.ParallelToolCalls, request.Reasoning));
        Assert.Equal((100, 0.5, 3, "u"), (request.MaxOutputTokens, request.Temperature, request.TopK, request.EndUser));
        Assert.Equal("X", Assert.Single(request.StopSequences));
    }

    [Theory]
    [InlineData(""","thinking":{"type":"disabled"}""", "none", false, true)]
    [InlineData(""","thinking":{"type":"disabled"},"output_config":{"effort":"low"}""", "none", false, true)]
    [InlineData(""","output_config":{"effort":"low"}""", "low", false, false)]
    [InlineData(""","thinking":{"type":"adaptive"},"output_config":{"effort":"max"}""", "max", true, true)]
    [InlineData(""","thinking":{"type":"adaptive"}""", "medium", true, true)]
    public void Request_Thinking_IsOnlyWhatWasSaid(string member, string effort, bool show, bool thinks) =>
        Assert.Equal(new Reasoning(effort, null, show) { Thinks = thinks }, Read(Body(Hi, member)).Request.Reasoning);

    [Fact]
    public void Request_MarkOfTheWhole_IsOnItsLastPiece()
    {
        var request = Read(Body("""[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]""", ""","system":"s","cache_control":{"type":"ephemeral","ttl":"1h"}""")).Request;
        Assert.Equal<ContentPart>([new TextPart("a"), new TextPart("b") { Cache = new CacheMark("1h") }], request.Messages[^1].Parts);
        Assert.Null(request.Messages[0].Parts[0].Cache);
    }

    [Fact]
    public void Fields_OfANeed_AreInTheCallersSpelling()
    {
        var call = Read(Body(Hi, ""","tools":[{"name":"t","input_schema":{}}],"output_config":{"format":{"type":"json_schema","schema":{}}}"""));
        var fields = call.Fields!(call.Original!);
        Assert.Equal(("tools", "output_config.format"), (fields[Capabilities.Tools].Name, fields[Capabilities.JsonSchema].Name));
    }

    private static string Body(string messages, string more = "") => $$"""{"model":"f","max_tokens":100,"messages":{{messages}}{{more}}}""";

    private static ChatCall Read(string body)
    {
        Assert.True(MessagesReader.TryRead(Encoding.UTF8.GetBytes(body), out var call, out var failure), failure?.Message);
        Assert.Equal("\"f\"", body[call.Original!.Model]);
        return call;
    }
}
