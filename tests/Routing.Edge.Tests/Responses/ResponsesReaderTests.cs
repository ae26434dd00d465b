using System.Text;
using Routing.Core.Llm;
using Routing.Edge.Responses;

namespace Routing.Edge.Tests.Responses;

public sealed class ResponsesReaderTests
{
    private const Capabilities Plain = Capabilities.Text;
    private const string Tool = """{"type":"function","name":"t","parameters":{"type":"object"}}""";
    private const string Call = """{"type":"function_call","id":"fc_1","status":"completed","call_id":"c1","name":"t","arguments":"{\"a\": 1}"}""";
    private const string Png = "data:image/png;base64,aW1n";

    [Theory]
    [InlineData("", Plain)]
    [InlineData(""","store":false,"background":false,"previous_response_id":null,"conversation":null,"prompt":null""", Plain)]
    [InlineData(""","stream":true,"stream_options":{"include_obfuscation":false}""", Plain | Capabilities.Streaming)]
    [InlineData(""","stream":true,"stream_options":{"include_obfuscation":true}""", Plain | Capabilities.Streaming | Capabilities.SameWireFields)]
    [InlineData(""","instructions":"be kind" """, Plain | Capabilities.SystemPrompt)]
    [InlineData(""","max_output_tokens":9,"temperature":1,"top_p":0.5,"truncation":"disabled","service_tier":"auto" """, Plain)]
    [InlineData(""","temperature":1.5""", Plain | Capabilities.HighTemperature)]
    [InlineData(""","truncation":"auto" """, Plain | Capabilities.SameWireFields)]
    [InlineData(""","user":"u","metadata":{"a":"b"},"prompt_cache_key":"k","service_tier":"flex" """, Plain | Capabilities.EndUser | Capabilities.Metadata | Capabilities.PromptCacheKey | Capabilities.ServiceTier)]
    [InlineData(""","text":{"format":{"type":"text"}}""", Plain)]
    [InlineData(""","text":{"format":{"type":"json_object"},"verbosity":"low"}""", Plain | Capabilities.JsonObject | Capabilities.Verbosity)]
    [InlineData(""","text":{"format":{"type":"json_schema","name":"s","schema":{"type":"object"},"strict":true}}""", Plain | Capabilities.JsonSchema)]
    [InlineData(""","reasoning":{"effort":"high"}""", Plain | Capabilities.Reasoning)]
    [InlineData(""","reasoning":{"effort":null,"summary":"auto"}""", Plain | Capabilities.Reasoning | Capabilities.ReasoningSummary)]
    [InlineData(""","reasoning":{"context":"all_turns"}""", Plain | Capabilities.SameWireFields)]
    [InlineData(""","include":["reasoning.encrypted_content"]""", Plain)]
    [InlineData(""","include":["message.output_text.logprobs"],"top_logprobs":2""", Plain | Capabilities.Logprobs)]
    [InlineData(""","include":["web_search_call.action.sources"]""", Plain | Capabilities.SameWireFields)]
    [InlineData($$""","tools":[{{Tool}}],"tool_choice":"required","parallel_tool_calls":false""", Plain | Capabilities.Tools | Capabilities.ToolChoiceForced | Capabilities.SerialToolCalls)]
    [InlineData($$""","tools":[{{Tool}}],"tool_choice":{"type":"function","name":"t"}""", Plain | Capabilities.Tools | Capabilities.ToolChoiceForced)]
    [InlineData($$""","tools":[{{Tool}}],"tool_choice":"none" """, Plain | Capabilities.Tools | Capabilities.ToolChoiceNone)]
    [InlineData($$""","tools":[{{Tool}}],"tool_choice":{"type":"allowed_tools","mode":"auto","tools":[]}""", Plain | Capabilities.Tools | Capabilities.SameWireFields)]
    [InlineData(""","tools":[{"name":"t","strict":true,"parameters":{},"type":"function"}]""", Plain | Capabilities.Tools | Capabilities.StrictTools)]
    [InlineData(""","tools":[{"type":"web_search","filters":{"allowed_domains":["a.example"]}}]""", Plain | Capabilities.Tools | Capabilities.SameWireFields)]
    [InlineData(""","prompt_cache_retention":"24h" """, Plain | Capabilities.SameWireFields)]
    public void TryRead_Member_SaysWhatItNeeds(string member, Capabilities needs) => Assert.Equal(needs, Read(Body("\"hi\"", member)).Needs);

    [Theory]
    [InlineData("""[{"role":"user","content":"hi"}]""", Plain)]
    [InlineData("""[{"type":"message","role":"developer","content":[{"type":"input_text","text":"x"}]},{"role":"user","content":"hi"}]""", Plain | Capabilities.SystemPrompt)]
    [InlineData($$"""[{"role":"user","content":[{"type":"input_image","detail":"auto","image_url":"{{Png}}"}]}]""", Plain | Capabilities.Vision)]
    [InlineData($$"""[{"role":"user","content":[{"image_url":"{{Png}}","detail":"high","type":"input_image"}]}]""", Plain | Capabilities.Vision | Capabilities.ImageDetail)]
    [InlineData("""[{"role":"user","content":[{"type":"input_image","image_url":"https://example.org/a.png"}]}]""", Plain | Capabilities.Vision | Capabilities.ImageUrls)]
    [InlineData("""[{"role":"user","content":[{"type":"input_image","file_id":"file_1"}]}]""", Plain | Capabilities.SameWireFields)]
    [InlineData("""[{"role":"user","content":[{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,cGRm"}]}]""", Plain | Capabilities.Documents)]
    [InlineData("""[{"role":"user","content":[{"type":"input_file","file_url":"https://example.org/a.pdf"}]}]""", Plain | Capabilities.SameWireFields)]
    [InlineData("""[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}]}]""", Plain | Capabilities.Audio)]
    [InlineData($$"""[{{Call}},{"type":"function_call_output","call_id":"c1","output":"42"}]""", Plain | Capabilities.Tools)]
    [InlineData($$"""[{{Call}},{"type":"function_call_output","call_id":"c1","output":[{"type":"input_image","image_url":"{{Png}}"}]}]""", Plain | Capabilities.Tools | Capabilities.Vision | Capabilities.ToolResultImages)]
    [InlineData("""[{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"hm"}],"encrypted_content":"route.signed:c2ln"},{"role":"user","content":"hi"}]""", Plain | Capabilities.ReasoningHistory)]
    [InlineData("""[{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"gAAAAABo"},{"role":"user","content":"hi"}]""", Plain | Capabilities.SameWireFields)]
    [InlineData("""[{"role":"user","content":"hi"},{"type":"message","id":"msg_1","status":"completed","role":"assistant","content":[{"type":"output_text","text":"yes","annotations":[],"logprobs":[]}]},{"role":"user","content":"go"}]""", Plain)]
    [InlineData("""[{"role":"assistant","content":[{"type":"output_text","text":"yes","annotations":[{"type":"url_citation"}]}]},{"role":"user","content":"go"}]""", Plain | Capabilities.SameWireFields)]
    [InlineData("""[{"role":"user","content":"hi"},{"role":"assistant","content":[{"type":"refusal","refusal":"no"}]}]""", Plain | Capabilities.AssistantPrefill)]
    [InlineData("""[{"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search","query":"x"}},{"role":"user","content":"hi"}]""", Plain | Capabilities.SameWireFields)]
    [InlineData("""[{"type":"function_call","call_id":"c1","name":"t","arguments":"{}","parsed_arguments":{}},{"role":"assistant","content":[{"type":"output_text","text":"{}","parsed":{}}]},{"role":"user","content":"go"}]""", Plain | Capabilities.Tools)]
    [InlineData("""[{"role":"user","content":"hi","phase":"commentary"}]""", Plain | Capabilities.SameWireFields)]
    public void TryRead_Input_SaysWhatItNeeds(string input, Capabilities needs) => Assert.Equal(needs, Read(Body(input)).Needs);

    [Theory]
    [InlineData(""","store":true""", "store")]
    [InlineData(""","previous_response_id":"resp_1" """, "previous_response_id")]
    [InlineData(""","conversation":{"id":"conv_1"}""", "conversation")]
    [InlineData(""","background":true""", "background")]
    [InlineData(""","prompt":{"id":"pmpt_1"}""", "prompt")]
    public void TryRead_WhatNeedsAStore_IsRefusedByItsName(string member, string param) => AssertRefused(Body("\"hi\"", member), FailureKind.CapabilityUnsupported, param, "unsupported_capability");

    [Fact]
    public void TryRead_ItemReference_IsRefusedByItsPlace() =>
        AssertRefused(Body("""[{"type":"item_reference","id":"msg_1"}]"""), FailureKind.CapabilityUnsupported, "input[0]", "unsupported_capability");

    [Theory]
    [InlineData("""{"input":"hi"}""", "model", "missing_required_parameter")]
    [InlineData("""{"model":"f"}""", "input", "missing_required_parameter")]
    [InlineData("""{"model":"f","input":[]}""", "input", "empty_array")]
    [InlineData("""{"model":"f","input":7}""", "input", "invalid_type")]
    [InlineData("""{"model":"f","input":"a","input":"b"}""", "input", "duplicate_parameter")]
    [InlineData("""{"model":"f","input":"a","stream_options":{}}""", "stream_options", "invalid_value")]
    [InlineData("""{"model":"f","input":"a","stream":true,"stream_options":{"include_usage":true}}""", "stream_options.include_usage", "unsupported_value")]
    [InlineData("""{"model":"f","input":"a","max_output_tokens":0}""", "max_output_tokens", "integer_below_min_value")]
    [InlineData("""{"model":"f","input":"a","truncation":"some"}""", "truncation", "invalid_value")]
    [InlineData("""{"model":"f","input":[{"content":"a"}]}""", "input[0].role", "missing_required_parameter")]
    [InlineData("""{"model":"f","input":[{"role":"tool","content":"a"}]}""", "input[0].role", "invalid_value")]
    [InlineData("""{"model":"f","input":[{"role":"user","content":[{"text":"a"}]}]}""", "input[0].content[0].type", "missing_required_parameter")]
    [InlineData("""{"model":"f","input":[{"role":"user","content":[{"type":"input_text"}]}]}""", "input[0].content[0].text", "missing_required_parameter")]
    [InlineData("""{"model":"f","input":[{"role":"user","content":[{"type":"input_image","image_url":"http://10.0.0.1/a"}]}]}""", "input[0].content[0].image_url", "invalid_value")]
    [InlineData("""{"model":"f","input":[{"role":"user","content":[{"type":"input_file","file_url":"file:///etc/passwd"}]}]}""", "input[0].content[0].file_url", "invalid_value")]
    [InlineData("""{"model":"f","input":[{"role":"system","content":[{"type":"input_text","text":"a"},{"type":"input_image","image_url":"https://a.example/b"}]}]}""", "input[0].content[1].type", "invalid_value")]
    [InlineData("""{"model":"f","input":[{"type":"function_call_output","call_id":"c9","output":"a"}]}""", "input[0].call_id", "invalid_value")]
    [InlineData("""{"model":"f","input":[{"type":"function_call","call_id":"c","name":"t","arguments":"nope"}]}""", "input[0].arguments", "invalid_value")]
    [InlineData("""{"model":"f","input":[{"type":"reasoning","summary":[],"encrypted_content":"route."}]}""", "input[0].encrypted_content", "invalid_value")]
    [InlineData("""{"model":"f","input":[{"type":"reasoning","summary":[],"encrypted_content":"route.signed"}]}""", "input[0].encrypted_content", "invalid_value")]
    [InlineData("""{"model":"f","input":"a","tools":[{"name":"t"}]}""", "tools[0].type", "missing_required_parameter")]
    [InlineData("""{"model":"f","input":"a","tools":[{"type":"function"}]}""", "tools[0].name", "missing_required_parameter")]
    [InlineData("""{"model":"f","input":"a","tool_choice":"required"}""", "tool_choice", "invalid_value")]
    [InlineData("""{"model":"f","input":"a","tool_choice":{"type":"function","name":"t"},"tools":[{"type":"function","name":"u"}]}""", "tool_choice.name", "invalid_value")]
    [InlineData("""{"model":"f","input":"a","text":{"format":{"type":"json_schema","name":"s"}}}""", "text.format.schema", "missing_required_parameter")]
    [InlineData("""{"model":"f","input":"a","text":{"format":{"type":"yaml"}}}""", "text.format.type", "invalid_value")]
    public void TryRead_Wrong_NamesTheField(string body, string param, string code) => AssertRefused(body, FailureKind.InvalidRequest, param, code);

    [Fact]
    public void Request_WholeConversation_IsCanonical()
    {
        var request = Read(Body(
            $$"""
            [{"role":"developer","content":"really"},{"role":"user","content":[{"type":"input_text","text":"a"},{"type":"input_image","image_url":"{{Png}}","detail":"low"},{"type":"input_file","filename":"n","file_data":"data:text/plain;base64,cGxhaW4="}]},
             {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"hm"}],"encrypted_content":"route.signed:c2ln"},
             {"type":"reasoning","id":"rs_2","summary":[],"encrypted_content":"route.redacted:ZA=="},
             {"type":"message","role":"assistant","content":[{"type":"output_text","text":"so","annotations":[]}]},{{Call}},
             {"type":"function_call_output","call_id":"c1","output":"42"},{"role":"user","content":"go on"}]
            """,
            $$$""","instructions":"be kind","max_output_tokens":100,"temperature":0.5,"tools":[{{{Tool}}}],"tool_choice":{"type":"function","name":"t"},"parallel_tool_calls":false,"reasoning":{"effort":"low","summary":"auto"},"text":{"verbosity":"high","format":{"type":"json_schema","name":"s","schema":{"type":"object"},"strict":true}},"safety_identifier":"u","metadata":{"a":"b"},"service_tier":"flex" """)).Request;

        Assert.Equal([ChatRole.System, ChatRole.System, ChatRole.User, ChatRole.Assistant, ChatRole.Tool, ChatRole.User], request.Messages.Select(m => m.Role));
        Assert.Equal<ContentPart>([new TextPart("a"), new ImagePart("image/png", "aW1n", null, "low"), new DocumentPart("text/plain", "cGxhaW4=", "n")], request.Messages[2].Parts);
        Assert.Equal<ContentPart>([new ReasoningPart("hm", "c2ln"), new RedactedReasoningPart("ZA=="), new TextPart("so"), new ToolCallPart("c1", "t", """{"a": 1}""")], request.Messages[3].Parts);
        var result = Assert.IsType<ToolResultPart>(Assert.Single(request.Messages[4].Parts));
        Assert.Equal(("c1", "t", false), (result.CallId, result.Name, result.IsError));
        Assert.Equal<ContentPart>([new TextPart("42")], result.Content);
        Assert.Equal<ToolDefinition>([new ToolDefinition("t", "", """{"type":"object"}""", Strict: false)], request.Tools);
        Assert.Equal((new ToolChoice(ToolChoiceMode.Named, "t"), false, new Reasoning("low", null)), (request.ToolChoice, request.ParallelToolCalls, request.Reasoning));
        Assert.Equal(new AnswerFormat(AnswerFormatKind.JsonSchema, "s", null, """{"type":"object"}""", Strict: true), request.Format);
        Assert.Equal((100, 0.5, "u", "flex", "high", "b"), (request.MaxOutputTokens, request.Temperature, request.EndUser, request.ServiceTier, request.Verbosity, request.Metadata["a"]));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData(""","store":false""", "false")]
    [InlineData(""","store":null""", "null")]
    public void Original_Store_IsWhereItStands(string member, string? value)
    {
        var body = Body("\"hi\"", member);
        var store = Read(body).Original!.Store;
        Assert.Equal(value, store is { } place ? body[place] : null);
    }

    [Fact]
    public void Fields_OfANeed_AreInTheCallersSpelling()
    {
        var call = Read(Body("""[{"type":"reasoning","summary":[],"encrypted_content":"gAAAA"},{"role":"user","content":"hi"}]""",
            ""","tools":[{"type":"function","name":"t"}],"text":{"format":{"type":"json_object"}},"reasoning":{"summary":"auto"}"""));
        var fields = call.Fields!(call.Original!);
        Assert.Equal(("tools", new NeededField("text.format.type", "'json_object'"), "reasoning.summary", "input[0].encrypted_content"),
            (fields[Capabilities.Tools].Name, fields[Capabilities.JsonObject], fields[Capabilities.ReasoningSummary].Name, fields[Capabilities.SameWireFields].Name));
    }

    private static string Body(string input, string more = "") => $$"""{"model":"f","input":{{input}}{{more}}}""";

    private static void AssertRefused(string body, FailureKind kind, string param, string code)
    {
        Assert.False(ResponsesReader.TryRead(Encoding.UTF8.GetBytes(body), out _, out var failure));
        Assert.Equal((kind, param, code), (failure.Kind, failure.Param, failure.RawCode));
    }

    private static ChatCall Read(string body)
    {
        Assert.True(ResponsesReader.TryRead(Encoding.UTF8.GetBytes(body), out var call, out var failure), failure?.Message);
        Assert.Equal((CallerApi.Responses, "\"f\""), (call.Api, body[call.Original!.Model]));
        return call;
    }
}
