using System.Text;
using Routing.Core.Llm;
using Routing.Edge.Anthropic;
using Routing.Edge.OpenAI;
using Routing.Edge.Responses;

namespace Routing.Edge.Tests.Matrix;

/// <summary>A row of the capability matrix: a field of a public API, the need behind it, and two bodies that differ in nothing else.</summary>
/// <param name="Field">As callers spell it.</param>
/// <param name="With">Members beside <c>model</c>.</param>
internal sealed record Need(Capabilities Bit, string Field, string With, string Without)
{
    private const string Hi = """ "messages":[{"role":"user","content":"hi"}] """;
    private const string Function = """{"type":"function","function":{"name":"look_up","parameters":{"type":"object","properties":{"a":{"type":"string"}}}}}""";
    private const string Tools = $$"""{{Hi}},"tools":[{{Function}}]""";
    private const string Call = """{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"look_up","arguments":"{}"}}]}""";
    private const string Picture = "data:image/png;base64,iVBORw0KGgo=";

    public static readonly Need[] OfChat =
    [
        Chat(Capabilities.Text, "`messages`", User("\"hello\""), User("\"good-bye\"")),
        Chat(Capabilities.Streaming, "`stream`", $"{Hi},\"stream\":true", Hi),
        Chat(Capabilities.SystemPrompt, "`system` and `developer` messages", """ "messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"hi"}] """, Hi),
        Chat(Capabilities.StopSequences, "`stop`", $"{Hi},\"stop\":[\"END\"]", Hi),
        Chat(Capabilities.HighTemperature, "`temperature` above 1", $"{Hi},\"temperature\":1.5", $"{Hi},\"temperature\":1"),
        Chat(Capabilities.Seed, "`seed`", $"{Hi},\"seed\":7", Hi),
        Chat(Capabilities.Penalties, "`presence_penalty`, `frequency_penalty`", $"{Hi},\"presence_penalty\":0.5", Hi),
        Chat(Capabilities.LogitBias, "`logit_bias`", $"{Hi},\"logit_bias\":{{\"1\":2}}", Hi),
        Chat(Capabilities.Logprobs, "`logprobs`, `top_logprobs`", $"{Hi},\"logprobs\":true", Hi),
        Chat(Capabilities.MultipleChoices, "`n` above 1", $"{Hi},\"n\":2", Hi),
        Chat(Capabilities.Tools, "`tools`, `tool_calls`, `tool` messages", Tools, Hi),
        Chat(Capabilities.ToolChoiceNone, "`tool_choice`: `none`", $"{Tools},\"tool_choice\":\"none\"", Tools),
        Chat(Capabilities.ToolChoiceForced, "`tool_choice`: `required` or a name", $"{Tools},\"tool_choice\":\"required\"", Tools),
        Chat(Capabilities.SerialToolCalls, "`parallel_tool_calls`: `false`", $"{Tools},\"parallel_tool_calls\":false", Tools),
        Chat(Capabilities.StrictTools, "`tools[].function.strict`", Tools.Replace("\"look_up\"", "\"look_up\",\"strict\":true", StringComparison.Ordinal), Tools),
        Chat(Capabilities.ToolResultImages, "`image_url` in `tool` messages",
            Result($$$"""[{"type":"text","text":"x"},{"type":"image_url","image_url":{"url":"{{{Picture}}}"}}]"""), Result("""[{"type":"text","text":"x"}]""")),
        Chat(Capabilities.JsonObject, "`response_format`: `json_object`", $"{Hi},\"response_format\":{{\"type\":\"json_object\"}}", Hi),
        Chat(Capabilities.JsonSchema, "`response_format`: `json_schema`",
            Hi + """,  "response_format":{"type":"json_schema","json_schema":{"name":"s","strict":true,"schema":{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}}}""", Hi),
        Chat(Capabilities.Vision, "`image_url` by `data:`", Parts($$$"""{"type":"image_url","image_url":{"url":"{{{Picture}}}"}}"""), Parts(null)),
        Chat(Capabilities.ImageUrls, "`image_url` by `https:`", Parts("""{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}"""), Parts(null)),
        Chat(Capabilities.ImageDetail, "`image_url.detail`",
            Parts($$$"""{"type":"image_url","image_url":{"url":"{{{Picture}}}","detail":"low"}}"""), Parts($$$"""{"type":"image_url","image_url":{"url":"{{{Picture}}}"}}""")),
        Chat(Capabilities.Documents, "`file.file_data`", Parts("""{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBERg=="}}"""), Parts(null)),
        Chat(Capabilities.Audio, "`input_audio`, `audio`, `modalities`", Parts("""{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}"""), Parts(null)),
        Chat(Capabilities.ParticipantNames, "`messages[].name`", """ "messages":[{"role":"user","content":"hi","name":"ann"}] """, Hi),
        Chat(Capabilities.AssistantPrefill, "last message is the `assistant`'s",
            """ "messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"The answer is"}] """, Hi),
        Chat(Capabilities.EmptyTurns, "a `user` message without content", Turn("").Replace("\"go on\"", "\"\"", StringComparison.Ordinal), Turn("")),
        Chat(Capabilities.Reasoning, "`reasoning_effort`", $"{Hi},\"reasoning_effort\":\"high\"", Hi),
        Chat(Capabilities.UnknownEffort, "`reasoning_effort`: a word that is not known here", $"{Hi},\"reasoning_effort\":\"colossal\"", $"{Hi},\"reasoning_effort\":\"high\""),
        Chat(Capabilities.ReasoningHistory, "`reasoning_content`, `thinking_blocks` handed back",
            Turn(""" ,"reasoning_content":"hm","thinking_blocks":[{"type":"thinking","thinking":"hm","signature":"c2lnbmVk"}] """), Turn("")),
        Chat(Capabilities.CacheControl, "`cache_control`", Parts("""{"type":"text","text":"x","cache_control":{"type":"ephemeral"}}"""), Parts("""{"type":"text","text":"x"}""")),
        Chat(Capabilities.PromptCacheKey, "`prompt_cache_key`", $"{Hi},\"prompt_cache_key\":\"k\"", Hi),
        Chat(Capabilities.EndUser, "`user`, `safety_identifier`", $"{Hi},\"user\":\"u1\"", Hi),
        Chat(Capabilities.Metadata, "`metadata`", $"{Hi},\"metadata\":{{\"team\":\"search\"}}", Hi),
        Chat(Capabilities.ServiceTier, "`service_tier`", $"{Hi},\"service_tier\":\"flex\"", Hi),
        Chat(Capabilities.Verbosity, "`verbosity`", $"{Hi},\"verbosity\":\"low\"", Hi),
        Chat(Capabilities.SameWireFields, "any other field", $"{Hi},\"prediction\":{{\"type\":\"content\",\"content\":\"x\"}}", Hi),
    ];

    public static readonly Need[] OfEmbeddings =
    [
        new(Capabilities.Embeddings, "`input`: text or texts", "\"input\":[\"a\",\"b\"]", "\"input\":[\"c\",\"d\"]"),
        new(Capabilities.Dimensions, "`dimensions`", "\"input\":[\"a\"],\"dimensions\":256", "\"input\":[\"a\"]"),
        new(Capabilities.EndUser, "`user`", "\"input\":[\"a\"],\"user\":\"u1\"", "\"input\":[\"a\"]"),
        new(Capabilities.SameWireFields, "`input`: tokens, and any other field", "\"input\":[[1,2]]", "\"input\":[\"a\"]"),
    ];

    private const string OwnTool = """{"name":"look_up","input_schema":{"type":"object","properties":{"a":{"type":"string"}}}}""";
    private const string OwnTools = $$"""{{Hi}},"tools":[{{OwnTool}}]""";

    public static readonly Need[] OfMessages =
    [
        new(Capabilities.Text, "`messages`", User("\"hello\""), User("\"good-bye\"")),
        new(Capabilities.Streaming, "`stream`", $"{Hi},\"stream\":true", Hi),
        new(Capabilities.SystemPrompt, "`system`", $"{Hi},\"system\":\"Be brief.\"", Hi),
        new(Capabilities.StopSequences, "`stop_sequences`", $"{Hi},\"stop_sequences\":[\"END\"]", Hi),
        new(Capabilities.TopK, "`top_k`", $"{Hi},\"top_k\":7", Hi),
        new(Capabilities.Tools, "`tools`, `tool_use`, `tool_result`", OwnTools, Hi),
        new(Capabilities.ToolChoiceNone, "`tool_choice`: `none`", OwnTools + """, "tool_choice":{"type":"none"}""", OwnTools),
        new(Capabilities.ToolChoiceForced, "`tool_choice`: `any` or `tool`", OwnTools + """, "tool_choice":{"type":"any"}""", OwnTools),
        new(Capabilities.SerialToolCalls, "`disable_parallel_tool_use`", OwnTools + """, "tool_choice":{"type":"auto","disable_parallel_tool_use":true}""", OwnTools),
        new(Capabilities.StrictTools, "`tools[].strict`", OwnTools.Replace("\"look_up\"", "\"look_up\",\"strict\":true", StringComparison.Ordinal), OwnTools),
        new(Capabilities.ToolErrors, "`is_error`", OwnResult(""","is_error":true"""), OwnResult("")),
        new(Capabilities.ToolResultImages, "images in `tool_result`", OwnResult(""","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}}]"""), OwnResult("")),
        new(Capabilities.JsonSchema, "`output_config.format`",
            Hi + ""","output_config":{"format":{"type":"json_schema","schema":{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}}}""", Hi),
        new(Capabilities.Vision, "`image` by `base64`", Parts("""{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}}"""), Parts(null)),
        new(Capabilities.ImageUrls, "`image` by `url`", Parts("""{"type":"image","source":{"type":"url","url":"https://example.com/a.png"}}"""), Parts(null)),
        new(Capabilities.Documents, "`document`", Parts("""{"type":"document","title":"a","source":{"type":"base64","media_type":"application/pdf","data":"JVBERg=="}}"""), Parts(null)),
        new(Capabilities.AssistantPrefill, "last message is the `assistant`'s", """ "messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"The answer is"}] """, Hi),
        new(Capabilities.EmptyTurns, "a `user` message without content", Turn("").Replace("\"go on\"", "\"\"", StringComparison.Ordinal), Turn("")),
        new(Capabilities.UnknownEffort, "`output_config.effort`: a word that is not known here", Hi + ""","output_config":{"effort":"colossal"}""", Hi + ""","output_config":{"effort":"high"}"""),
        new(Capabilities.Reasoning, "`output_config.effort`, `thinking`: `adaptive`", Hi + ""","output_config":{"effort":"high"}""", Hi),
        new(Capabilities.ReasoningBudget, "`thinking.budget_tokens`", Hi + ""","max_tokens":4096,"thinking":{"type":"enabled","budget_tokens":2048}""", Hi + ""","max_tokens":4096"""),
        new(Capabilities.ReasoningHistory, "`thinking` blocks handed back",
            Thought("""{"type":"thinking","thinking":"hm","signature":"c2lnbmVk"},"""), Thought("")),
        new(Capabilities.CacheControl, "`cache_control`", Parts("""{"type":"text","text":"x","cache_control":{"type":"ephemeral"}}"""), Parts("""{"type":"text","text":"x"}""")),
        new(Capabilities.EndUser, "`metadata.user_id`", Hi + ""","metadata":{"user_id":"u1"}""", Hi),
        new(Capabilities.ServiceTier, "`service_tier`: `standard_only`", Hi + ""","service_tier":"standard_only" """, Hi),
        new(Capabilities.SameWireFields, "Anthropic's own tools, and any other field", Hi + ""","container":"c1" """, Hi),
    ];

    public static readonly Need[] OfCounting = [new(Capabilities.TokenCounting, "`messages`", User("\"hello\""), User("\"good-bye\""))];

    /// <summary>Needs that no field of these APIs has.</summary>
    public const Capabilities OfOtherApis = Capabilities.Responses;

    public static ChatCall Read(CallerApi api, string members)
    {
        // The one member that Anthropic's API must have.
        var limit = api == CallerApi.Messages && !members.Contains("max_tokens", StringComparison.Ordinal) ? "\"max_tokens\":100," : "";
        var json = Encoding.UTF8.GetBytes($$"""{"model":"f",{{limit}}{{members}}}""");
        Failure failure;
        ChatCall call;
        var read = api switch
        {
            CallerApi.Embeddings => EmbeddingReader.TryRead(json, out call, out failure),
            CallerApi.Messages => MessagesReader.TryRead(json, out call, out failure),
            CallerApi.CountTokens => MessagesReader.TryReadCount(json, out call, out failure),
            CallerApi.Responses => ResponsesReader.TryRead(json, out call, out failure),
            _ => ChatCompletionReader.TryRead(json, out call, out failure),
        };
        Assert.True(read, failure?.Message);
        return call;
    }

    private static Need Chat(Capabilities bit, string field, string with, string without) => new(bit, field, with, without);

    private static string User(string content) => $$""" "messages":[{"role":"user","content":{{content}}}] """;

    private static string Parts(string? part) => User($$"""[{"type":"text","text":"look"}{{(part is null ? "" : "," + part)}}]""");

    private static string Turn(string more) =>
        $$""" "messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"yes?"{{more}}},{"role":"user","content":"go on"}] """;

    private static string Thought(string block) => $$""" "messages":[{"role":"user","content":"hi"},{"role":"assistant","content":[{{block}}{"type":"text","text":"yes?"}]},{"role":"user","content":"go on"}] """;

    private static string OwnResult(string more) =>
        $$$""" "messages":[{"role":"user","content":"hi"},{"role":"assistant","content":[{"type":"tool_use","id":"call_1","name":"look_up","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"call_1"{{{more}}}}]}],"tools":[{{{OwnTool}}}] """;

    private static string Result(string content) =>
        $$""" "messages":[{"role":"user","content":"hi"},{{Call}},{"role":"tool","tool_call_id":"call_1","content":{{content}}}],"tools":[{{Function}}] """;
}
