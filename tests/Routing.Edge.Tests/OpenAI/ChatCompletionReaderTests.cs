using System.Text;
using Routing.Core.Llm;
using Routing.Edge.OpenAI;

namespace Routing.Edge.Tests.OpenAI;

public sealed class ChatCompletionReaderTests
{
    private const string Messages = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    public static TheoryData<string, string?, string> Refused => new()
    {
        { "", null, "invalid_json" },
        { "[]", null, "invalid_json" },
        { "{", null, "invalid_json" },
        { "\uFEFF{}", null, "invalid_json" },
        { "{\"model\":\"m\"," + Messages + "}x", null, "invalid_json" },
        { "{\"model\":\"m\"," + Messages + ",\"x\":\"\\ud800\"}", null, "invalid_json" },
        { "{\"model\":\"m\"," + Messages + ",\"x\":" + new string('[', 70) + new string(']', 70) + "}", null, "invalid_json" },
        { "{" + Messages + "}", "model", "missing_required_parameter" },
        { "{\"model\":\"m\"}", "messages", "missing_required_parameter" },
        { "{\"model\":7," + Messages + "}", "model", "invalid_type" },
        { "{\"model\":\"\"," + Messages + "}", "model", "invalid_value" },
        { "{\"model\":\"" + new string('x', 10_000) + "\"," + Messages + "}", "model", "string_above_max_length" },
        { "{\"model\":\"m\",\"model\":\"n\"," + Messages + "}", "model", "duplicate_parameter" },
        { "{\"model\":\"m\",\"mod\\u0065l\":\"n\"," + Messages + "}", "model", "duplicate_parameter" },
        { "{\"model\":\"m\",\"zzz\":1,\"zzz\":2," + Messages + "}", "zzz", "duplicate_parameter" },
        { "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"role\":\"system\",\"content\":\"x\"}]}", "messages[0].role", "duplicate_parameter" },
        { "{\"model\":\"m\",\"messages\":[]}", "messages", "empty_array" },
        { "{\"model\":\"m\",\"messages\":{}}", "messages", "invalid_type" },
        { "{\"model\":\"m\",\"messages\":[3]}", "messages[0]", "invalid_type" },
        { "{\"model\":\"m\",\"messages\":[{\"content\":\"x\"}]}", "messages[0].role", "missing_required_parameter" },
        { "{\"model\":\"m\",\"messages\":[{\"role\":\"robot\",\"content\":\"x\"}]}", "messages[0].role", "invalid_value" },
        { "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":null}]}", "messages[0].content", "missing_required_parameter" },
        { "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":{}}]}", "messages[0].content", "invalid_type" },
        { "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[]}]}", "messages[0].content", "empty_array" },
        { "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"x\"}]}]}", "messages[0].content[0].type", "missing_required_parameter" },
        { "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}]}", "messages[0].content[0].text", "missing_required_parameter" },
        { "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"file:///etc/passwd\"}}]}]}", "messages[0].content[0].image_url.url", "invalid_value" },
        { "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"http://169.254.169.254/\"}}]}]}", "messages[0].content[0].image_url.url", "invalid_value" },
        { "{\"model\":\"m\",\"stream\":\"true\"," + Messages + "}", "stream", "invalid_type" },
        { "{\"model\":\"m\",\"stream_options\":{}," + Messages + "}", "stream_options", "invalid_value" },
        { "{\"model\":\"m\",\"stream\":true,\"stream_options\":[]," + Messages + "}", "stream_options", "invalid_type" },
        { "{\"model\":\"m\",\"max_tokens\":-1," + Messages + "}", "max_tokens", "integer_below_min_value" },
        { "{\"model\":\"m\",\"max_tokens\":0," + Messages + "}", "max_tokens", "integer_below_min_value" },
        { "{\"model\":\"m\",\"max_tokens\":9223372036854775808," + Messages + "}", "max_tokens", "integer_above_max_value" },
        { "{\"model\":\"m\",\"max_tokens\":1e999," + Messages + "}", "max_tokens", "invalid_value" },
        { "{\"model\":\"m\",\"max_tokens\":1.5," + Messages + "}", "max_tokens", "invalid_type" },
        { "{\"model\":\"m\",\"max_completion_tokens\":\"10\"," + Messages + "}", "max_completion_tokens", "invalid_type" },
        { "{\"model\":\"m\",\"temperature\":NaN," + Messages + "}", null, "invalid_json" },
        { "{\"model\":\"m\",\"temperature\":2.1," + Messages + "}", "temperature", "decimal_above_max_value" },
        { "{\"model\":\"m\",\"top_p\":-0.1," + Messages + "}", "top_p", "decimal_below_min_value" },
        { "{\"model\":\"m\",\"n\":1000000," + Messages + "}", "n", "integer_above_max_value" },
        { "{\"model\":\"m\",\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"]," + Messages + "}", "stop", "array_above_max_length" },
        { "{\"model\":\"m\",\"stop\":[1]," + Messages + "}", "stop[0]", "invalid_type" },
        { "{\"model\":\"m\",\"tools\":{}," + Messages + "}", "tools", "invalid_type" },
        { "{\"model\":\"m\",\"response_format\":{\"type\":\"xml\"}," + Messages + "}", "response_format.type", "invalid_value" },
    };

    /// <summary>Members beside a good model and good messages.</summary>
    public static TheoryData<string, string, string> RefusedMembers => new()
    {
        { """ "tools":[3] """, "tools[0]", "invalid_type" },
        { """ "tools":[{"function":{"name":"f"}}] """, "tools[0].type", "missing_required_parameter" },
        { """ "tools":[{"type":"function"}] """, "tools[0].function", "missing_required_parameter" },
        { """ "tools":[{"type":"function","function":{}}] """, "tools[0].function.name", "missing_required_parameter" },
        { """ "tools":[{"type":"function","function":{"name":"no spaces"}}] """, "tools[0].function.name", "invalid_value" },
        { """ "tools":[{"type":"function","function":{"name":""}}] """, "tools[0].function.name", "invalid_value" },
        { $$$""" "tools":[{"type":"function","function":{"name":"{{{new string('x', 65)}}}"}}] """, "tools[0].function.name", "string_above_max_length" },
        { """ "tools":[{"type":"function","function":{"name":"f"}},{"type":"function","function":{"name":"\u0066"}}] """, "tools[1].function.name", "invalid_value" },
        { """ "tools":[{"type":"function","function":{"name":"f","parameters":"{}"}}] """, "tools[0].function.parameters", "invalid_type" },
        { """ "tools":[{"type":"function","function":{"name":"f","strict":1}}] """, "tools[0].function.strict", "invalid_type" },
        { """ "tools":[{"type":"function","type":"function","function":{"name":"f"}}] """, "tools[0].type", "duplicate_parameter" },
        { $$""" "tools":[{{string.Join(',', Enumerable.Range(0, 1000).Select(i => $$$"""{"type":"function","function":{"name":"f{{{i}}}"}}"""))}}] """, "tools", "array_above_max_length" },
        { """ "tool_choice":"required" """, "tool_choice", "invalid_value" },
        { """ "tool_choice":"some" """, "tool_choice", "invalid_value" },
        { """ "tool_choice":7 """, "tool_choice", "invalid_type" },
        { """ "tool_choice":{"type":"function","function":{"name":"g"}},"tools":[{"type":"function","function":{"name":"f"}}] """, "tool_choice.function.name", "invalid_value" },
        { """ "tool_choice":{"type":"function"},"tools":[{"type":"function","function":{"name":"f"}}] """, "tool_choice.function.name", "missing_required_parameter" },
        { """ "parallel_tool_calls":"no" """, "parallel_tool_calls", "invalid_type" },
        { """ "response_format":{"type":"json_schema"} """, "response_format.json_schema", "missing_required_parameter" },
        { """ "response_format":{"type":"json_schema","json_schema":{}} """, "response_format.json_schema.name", "missing_required_parameter" },
        { """ "response_format":{"type":"json_schema","json_schema":{"name":"a b"}} """, "response_format.json_schema.name", "invalid_value" },
        { """ "response_format":{"type":"json_schema","json_schema":{"name":"a","schema":[]}} """, "response_format.json_schema.schema", "invalid_type" },
        { """ "response_format":{"type":"json_schema","json_schema":{"name":"a","strict":"yes"}} """, "response_format.json_schema.strict", "invalid_type" },
        { """ "verbosity":"chatty" """, "verbosity", "invalid_value" },
        { """ "metadata":{"a":1} """, "metadata.a", "invalid_type" },
        { $$""" "metadata":{{{string.Join(',', Enumerable.Range(0, 17).Select(i => $"\"k{i}\":\"v\""))}}} """, "metadata", "array_above_max_length" },
        { """ "stream":true,"stream_options":{"other":1} """, "stream_options.other", "unsupported_value" },
    };

    /// <summary>Whole lists of messages.</summary>
    public static TheoryData<string, string, string> RefusedMessages => new()
    {
        { """{"role":"tool","content":"x"}""", "messages[0].tool_call_id", "missing_required_parameter" },
        { """{"role":"tool","content":"x","tool_call_id":"c1"}""", "messages[0].tool_call_id", "invalid_value" },
        { """{"role":"assistant","tool_calls":[CALL]},{"role":"tool","content":"x","tool_call_id":"c2"}""", "messages[1].tool_call_id", "invalid_value" },
        { """{"role":"assistant","tool_calls":[CALL]},{"role":"user","content":"y"},{"role":"tool","content":"x","tool_call_id":"c1"}""", "messages[2].tool_call_id", "invalid_value" },
        { """{"role":"assistant","tool_calls":[CALL,CALL]}""", "messages[0].tool_calls[1].id", "invalid_value" },
        { """{"role":"user","content":"x","tool_calls":[CALL]}""", "messages[0].tool_calls", "invalid_value" },
        { """{"role":"assistant","tool_calls":[{"type":"function","function":{"name":"f","arguments":"{}"}}]}""", "messages[0].tool_calls[0].id", "missing_required_parameter" },
        { """{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"f"}}]}""", "messages[0].tool_calls[0].function.arguments", "missing_required_parameter" },
        { """{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"[1]"}}]}""", "messages[0].tool_calls[0].function.arguments", "invalid_value" },
        { """{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1"}}]}""", "messages[0].tool_calls[0].function.arguments", "invalid_value" },
        { """{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":{}}}]}""", "messages[0].tool_calls[0].function.arguments", "invalid_type" },
        { """{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/svg+xml;base64,AAAA"}}]}""", "messages[0].content[0].image_url.url", "invalid_value" },
        { """{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,A*AA"}}]}""", "messages[0].content[0].image_url.url", "invalid_value" },
        { """{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,"}}]}""", "messages[0].content[0].image_url.url", "invalid_value" },
        { """{"role":"user","content":[{"type":"image_url"}]}""", "messages[0].content[0].image_url", "missing_required_parameter" },
        { """{"role":"user","content":[{"type":"file","file":{"filename":"a"}}]}""", "messages[0].content[0].file.file_data", "missing_required_parameter" },
        { """{"role":"user","content":[{"type":"file","file":{"file_data":"data:application/pdf;base64,A*AA"}}]}""", "messages[0].content[0].file.file_data", "invalid_value" },
        { """{"role":"system","content":[{"type":"text","text":"x"},{"type":"image_url","image_url":{"url":"https://x/y.png"}}]}""", "messages[0].content[1].type", "invalid_value" },
        { """{"role":"assistant","content":[{"type":"image_url","image_url":{"url":"https://x/y.png"}}]}""", "messages[0].content[0].type", "invalid_value" },
        { """{"role":"user","content":[{"type":"refusal","refusal":"x"}]}""", "messages[0].content[0].type", "invalid_value" },
        { """{"role":"user","content":[{"type":"text","text":"x","cache_control":{"type":"forever"}}]}""", "messages[0].content[0].cache_control.type", "invalid_value" },
        { """{"role":"assistant","content":"x","thinking_blocks":[{"type":"thought"}]}""", "messages[0].thinking_blocks[0].type", "invalid_value" },
        { """{"role":"assistant","content":"x","thinking_blocks":[{"type":"redacted_thinking"}]}""", "messages[0].thinking_blocks[0].data", "missing_required_parameter" },
    };

    [Theory]
    [MemberData(nameof(RefusedMembers))]
    public void TryRead_BadMember_NamesFieldAndCode(string member, string param, string code) =>
        TryRead_BadInput_NamesFieldAndCode($"{{\"model\":\"m\",{Messages},{member}}}", param, code);

    [Theory]
    [MemberData(nameof(RefusedMessages))]
    public void TryRead_BadMessages_NamesFieldAndCode(string messages, string param, string code) => TryRead_BadInput_NamesFieldAndCode(
        "{\"model\":\"m\",\"messages\":[" + messages.Replace("CALL", Call, StringComparison.Ordinal) + "]}", param, code);

    private const string Call = """{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}""";

    /// <summary>What each member needs, and by which name it is known to its caller.</summary>
    public static TheoryData<string, Capabilities, string> NeedsOfMembers => new()
    {
        { """ "tools":[{"type":"function","function":{"name":"f"}}] """, Capabilities.Tools, "tools" },
        { """ "tools":[{"type":"function","function":{"name":"f","strict":true}}] """, Capabilities.Tools | Capabilities.StrictTools, "tools[0].function.strict" },
        { """ "tools":[{"type":"custom","custom":{"name":"f"}}] """, Capabilities.Tools | Capabilities.SameWireFields, "tools[0].type" },
        { """ "tool_choice":"none","tools":[{"type":"function","function":{"name":"f"}}] """, Capabilities.Tools | Capabilities.ToolChoiceNone, "tool_choice" },
        { """ "tool_choice":"required","tools":[{"type":"function","function":{"name":"f"}}] """, Capabilities.Tools | Capabilities.ToolChoiceForced, "tool_choice" },
        { """ "tool_choice":{"type":"function","function":{"name":"f"}},"tools":[{"type":"function","function":{"name":"f"}}] """, Capabilities.Tools | Capabilities.ToolChoiceForced, "tool_choice" },
        { """ "tool_choice":{"type":"allowed_tools","allowed_tools":{}},"tools":[{"type":"function","function":{"name":"f"}}] """, Capabilities.Tools | Capabilities.SameWireFields, "tool_choice.type" },
        { """ "parallel_tool_calls":false,"tools":[{"type":"function","function":{"name":"f"}}] """, Capabilities.Tools | Capabilities.SerialToolCalls, "parallel_tool_calls" },
        { """ "response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{},"strict":true}} """, Capabilities.JsonSchema, "response_format.type" },
        { """ "temperature":1.5 """, Capabilities.HighTemperature, "temperature" },
        { """ "stop":["a"] """, Capabilities.StopSequences, "stop" },
        { """ "logit_bias":{"1":2} """, Capabilities.LogitBias, "logit_bias" },
        { """ "top_logprobs":2 """, Capabilities.Logprobs, "top_logprobs" },
        { """ "user":"u" """, Capabilities.EndUser, "user" },
        { """ "safety_identifier":"u" """, Capabilities.EndUser, "safety_identifier" },
        { """ "metadata":{"a":"b"} """, Capabilities.Metadata, "metadata" },
        { """ "service_tier":"flex" """, Capabilities.ServiceTier, "service_tier" },
        { """ "verbosity":"low" """, Capabilities.Verbosity, "verbosity" },
        { """ "prompt_cache_key":"k" """, Capabilities.PromptCacheKey, "prompt_cache_key" },
        { """ "modalities":["text","audio"] """, Capabilities.Audio, "modalities" },
        { """ "audio":{"voice":"alloy"} """, Capabilities.Audio, "audio" },
        { """ "prediction":{"type":"content","content":"x"} """, Capabilities.SameWireFields, "prediction" },
        { """ "functions":[] """, Capabilities.SameWireFields, "functions" },
        { """ "stream":true """, Capabilities.Streaming, "stream" },
    };

    public static TheoryData<string, Capabilities, string> NeedsOfMessages => new()
    {
        { """{"role":"developer","content":"x"},{"role":"user","content":"y"}""", Capabilities.SystemPrompt, "messages[0]" },
        { """{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/PNG;base64,AAAA","detail":"auto"}}]}""", Capabilities.Vision, "messages[0].content[0].image_url.url" },
        { """{"role":"user","content":[{"type":"image_url","image_url":{"url":"https:\/\/x/y.png"}}]}""", Capabilities.Vision | Capabilities.ImageUrls, "messages[0].content[0].image_url.url" },
        { """{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/webp;base64,AAAA","detail":"low"}}]}""", Capabilities.Vision | Capabilities.ImageDetail, "messages[0].content[0].image_url.detail" },
        { """{"role":"user","content":[{"type":"file","file":{"file_data":"data:application/pdf;base64,AAAA"}}]}""", Capabilities.Documents, "messages[0].content[0].file.file_data" },
        { """{"role":"user","content":[{"type":"file","file":{"file_data":"data:text/csv;base64,AAAA"}}]}""", Capabilities.Documents | Capabilities.SameWireFields, "messages[0].content[0].file.file_data" },
        { """{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":""}""", Capabilities.EmptyTurns, "messages[2].content" },
        { """{"role":"user","content":[{"type":"text","text":""}]}""", Capabilities.EmptyTurns, "messages[0].content" },
        { """{"role":"system","content":"a"}""", Capabilities.EmptyTurns | Capabilities.SystemPrompt, "messages" },
        { """{"role":"user","content":"a"},{"role":"assistant","content":""},{"role":"user","content":[{"type":"text","text":""},{"type":"text","text":"b"}]}""", Capabilities.None, "" },
        { """{"role":"user","content":[{"type":"file","file":{"file_id":"file-1"}}]}""", Capabilities.SameWireFields, "messages[0].content[0].file.file_id" },
        { """{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}]}""", Capabilities.Audio, "messages[0].content[0].input_audio" },
        { """{"role":"user","content":[{"type":"text","text":"x","cache_control":{"type":"ephemeral","ttl":"1h"}}]}""", Capabilities.CacheControl, "messages[0].content[0].cache_control" },
        { """{"role":"user","content":[{"type":"video_url","video_url":{}}]}""", Capabilities.SameWireFields, "messages[0].content[0].type" },
        { """{"role":"user","content":"x","name":"ann"}""", Capabilities.ParticipantNames, "messages[0].name" },
        { """{"role":"user","content":"x"},{"role":"assistant","content":"The"}""", Capabilities.AssistantPrefill, "messages[1]" },
        { """{"role":"assistant","reasoning":"hm","content":"x"},{"role":"user","content":"x"}""", Capabilities.ReasoningHistory, "messages[0].reasoning" },
        { """{"role":"assistant","reasoning":{"a":1},"content":"x"},{"role":"user","content":"x"}""", Capabilities.SameWireFields, "messages[0].reasoning" },
        { """{"role":"assistant","annotations":[{"type":"url_citation"}],"content":"x"},{"role":"user","content":"x"}""", Capabilities.SameWireFields, "messages[0].annotations" },
        { """{"role":"assistant","reasoning_content":"hm","content":"x"},{"role":"user","content":"x"}""", Capabilities.ReasoningHistory, "messages[0].reasoning_content" },
        { """{"role":"assistant","thinking_blocks":[{"type":"thinking","thinking":"a","signature":"s"}],"content":"x"},{"role":"user","content":"x"}""", Capabilities.ReasoningHistory, "messages[0].thinking_blocks" },
        { """{"role":"assistant","tool_calls":[CALL]},{"role":"tool","tool_call_id":"c1","name":"f","content":"x"}""", Capabilities.Tools, "messages[0].tool_calls" },
        { """{"tool_calls":[CALL],"role":"assistant"},{"content":[{"type":"image_url","image_url":{"url":"data:image/gif;base64,AAAA"}}],"tool_call_id":"\u00631","role":"tool"}""", Capabilities.Tools | Capabilities.Vision | Capabilities.ToolResultImages, "messages[1].content" },
        { """{"role":"assistant","content":"x","annotations":[],"refusal":null,"audio":null},{"role":"user","content":"x"}""", Capabilities.None, "" },
        { """{"role":"assistant","content":null,"refusal":"no"},{"role":"user","content":"x"}""", Capabilities.None, "" },
        { """{"role":"assistant","content":"x","function_call":{"name":"f","arguments":"{}"}},{"role":"user","content":"x"}""", Capabilities.SameWireFields, "messages[0].function_call" },
        { """{"role":"user","content":"x","function_call":null}""", Capabilities.None, "" },
    };

    [Theory]
    [MemberData(nameof(NeedsOfMembers))]
    public void TryRead_Member_NeedsAndNamesItsField(string member, Capabilities needs, string field) =>
        CheckNeeds($"{{\"model\":\"m\",{Messages},{member}}}", needs, field);

    [Theory]
    [MemberData(nameof(NeedsOfMessages))]
    public void TryRead_Messages_NeedAndNameTheirField(string messages, Capabilities needs, string field) =>
        CheckNeeds("{\"model\":\"m\",\"messages\":[" + messages.Replace("CALL", Call, StringComparison.Ordinal) + "]}", needs, field);

    private static void CheckNeeds(string json, Capabilities needs, string field)
    {
        Assert.True(ChatCompletionReader.TryRead(Encoding.UTF8.GetBytes(json), out var call, out var failure), failure?.Message);
        Assert.Equal(Capabilities.Text | needs, call.Needs);
        var fields = call.Fields!(call.Original!);
        if (field.Length > 0) Assert.Contains(field, fields.Values.Select(f => f.Name), StringComparer.Ordinal);
        Assert.Equal(needs, fields.Keys.Aggregate(Capabilities.None, (all, need) => all | need));
        Build(call);
    }

    /// <summary>What another wire could be asked to carry can be built.</summary>
    private static void Build(ChatCall call)
    {
        if ((call.Needs & (Capabilities.SameWireFields | Capabilities.Audio)) == Capabilities.None) Assert.NotEmpty(call.Request.Messages);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void TryRead_BadInput_NamesFieldAndCode(string json, string? param, string code)
    {
        Assert.False(ChatCompletionReader.TryRead(Encoding.UTF8.GetBytes(json), out _, out var failure));
        Assert.Equal((FailureKind.InvalidRequest, param, code), (failure.Kind, failure.Param, failure.RawCode));
    }

    [Theory]
    [InlineData("\"tools\":[]", Capabilities.None)]
    [InlineData("\"response_format\":{\"type\":\"json_object\"}", Capabilities.JsonObject)]
    [InlineData("\"logprobs\":true", Capabilities.Logprobs)]
    [InlineData("\"n\":2", Capabilities.MultipleChoices)]
    [InlineData("\"n\":1", Capabilities.None)]
    [InlineData("\"seed\":5", Capabilities.Seed)]
    [InlineData("\"presence_penalty\":0.5", Capabilities.Penalties)]
    [InlineData("\"presence_penalty\":0", Capabilities.None)]
    [InlineData("\"reasoning_effort\":\"low\"", Capabilities.Reasoning)]
    [InlineData("\"store\":false,\"service_tier\":\"auto\",\"user\":null,\"parallel_tool_calls\":false,\"tool_choice\":\"none\"", Capabilities.None)]
    [InlineData("\"web_search_options\":{}", Capabilities.SameWireFields)]
    [InlineData("\"base_url\":\"http://evil\"", Capabilities.SameWireFields)]
    [InlineData("\"stream\":true", Capabilities.Streaming)]
    public void TryRead_Member_NeedsItsCapability(string member, Capabilities needs)
    {
        Assert.True(ChatCompletionReader.TryRead(Encoding.UTF8.GetBytes($"{{\"model\":\"m\",{Messages},{member}}}"), out var call, out _));
        Assert.Equal(Capabilities.Text | needs, call.Needs);
    }

    [Theory]
    [InlineData("\"n\":3", 3)]
    [InlineData("\"n\":null", 1)]
    [InlineData("\"seed\":3", 1)]
    public void TryRead_SeveralChoices_AreCounted(string member, int choices)
    {
        Assert.True(ChatCompletionReader.TryRead(Encoding.UTF8.GetBytes($"{{\"model\":\"m\",{Messages},{member}}}"), out var call, out _));
        Assert.Equal(choices, call.Choices);
    }

    [Fact]
    public void TryRead_InvalidUtf8_Refused()
    {
        var bytes = Encoding.UTF8.GetBytes("{\"model\":\"m\"," + Messages + "}");
        bytes[10] = 0xFF;
        Assert.False(ChatCompletionReader.TryRead(bytes, out _, out var failure));
        Assert.Equal("invalid_json", failure.RawCode);
    }

    [Fact]
    public void TryRead_Ranges_CoverExactlyTheirValues()
    {
        var json = Encoding.UTF8.GetBytes("{ \"stream_options\": {\"include_usage\":true} , \"stream\":true,\"model\" : \"feat\"," + Messages + "}");
        Assert.True(ChatCompletionReader.TryRead(json, out var call, out _));
        var original = call.Original!;
        Assert.Equal("\"feat\"", Encoding.UTF8.GetString(json[original.Model]));
        Assert.Equal("{\"include_usage\":true}", Encoding.UTF8.GetString(json[original.StreamOptions!.Value]));
        Assert.Equal(1, original.FirstMember);
        Assert.True(call.IncludeUsage);
    }

    [Fact]
    public void TryRead_NullStreamOptions_IsAPlaceToWriteTo()
    {
        var json = Encoding.UTF8.GetBytes("{\"stream_options\":null,\"stream\":true,\"model\":\"m\"," + Messages + "}");
        Assert.True(ChatCompletionReader.TryRead(json, out var call, out _));
        Assert.Equal("null", Encoding.UTF8.GetString(json[call.Original!.StreamOptions!.Value]));
    }

    [Fact]
    public void Request_Lazy_HoldsMessagesAndLimits()
    {
        var json = "{\"model\":\"m\",\"max_tokens\":9,\"temperature\":0.5,\"stop\":\"x\",\"messages\":[{\"role\":\"developer\",\"content\":\"s\"},{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"\\u00e9\"}]}]}";
        Assert.True(ChatCompletionReader.TryRead(Encoding.UTF8.GetBytes(json), out var call, out _));
        Assert.Equal([ChatRole.System, ChatRole.User], call.Request.Messages.Select(m => m.Role));
        Assert.Equal("é", ((TextPart)call.Request.Messages[1].Parts[0]).Text);
        Assert.Equal((9, 0.5), (call.Request.MaxOutputTokens, call.Request.Temperature));
        Assert.Equal("x", Assert.Single(call.Request.StopSequences));
    }

    [Fact]
    public void TryRead_EveryTruncation_IsRefusedNotThrown()
    {
        var json = Encoding.UTF8.GetBytes("{\"model\":\"m\",\"stream\":true,\"n\":1,\"stop\":[\"a\"],\"response_format\":{\"type\":\"text\"}," + Messages + "}");
        for (var length = 0; length < json.Length; length++)
        {
            Assert.False(ChatCompletionReader.TryRead(json.AsMemory(0, length), out _, out var failure));
            Assert.Equal(FailureKind.InvalidRequest, failure.Kind);
        }
    }

    [Fact]
    public void TryRead_SeededMutations_AreRefusedOrCanBeBuilt()
    {
        var json = Encoding.UTF8.GetBytes("{\"model\":\"m\",\"stream\":true,\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"f\"}},\"max_tokens\":5,\"logit_bias\":{\"1\":2}," + Messages + "}");
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var copy = json.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--) copy[random.Next(copy.Length)] = (byte)random.Next(256);
            if (ChatCompletionReader.TryRead(copy, out var call, out _)) Build(call);
        }
    }

    [Fact]
    public void TryRead_TwentyMegabytesOfImages_IsReadInOnePass()
    {
        var image = "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64," + new string('A', 1 << 20) + "\"}}";
        var json = Encoding.UTF8.GetBytes("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[" + string.Join(',', Enumerable.Repeat(image, 20)) + "]}]}");
        Assert.True(ChatCompletionReader.TryRead(json, out var call, out _));
        Assert.Equal(20, call.Request.Messages[0].Parts.Length);
    }

    [Fact]
    public void TryRead_MostTools_AllocatesNoNames()
    {
        var tools = string.Join(',', Enumerable.Range(0, 128).Select(i => $$$$"""{"type":"function","function":{"name":"tool_{{{{i}}}}","parameters":{"type":"object"}}}"""));
        var json = Encoding.UTF8.GetBytes($$"""{"model":"m",{{Messages}},"tools":[{{tools}}]}""");
        ChatCompletionReader.TryRead(json, out _, out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(ChatCompletionReader.TryRead(json, out var call, out _));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4096); // The list of places, grown to 128.
        Assert.Equal(128, call.Request.Tools.Length);
    }
}
