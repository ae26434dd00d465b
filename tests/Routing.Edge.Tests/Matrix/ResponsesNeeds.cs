using Routing.Core.Llm;

namespace Routing.Edge.Tests.Matrix;

/// <summary>The rows of OpenAI's Responses API.</summary>
internal static class ResponsesNeeds
{
    private const string Hi = """ "input":"hi" """;
    private const string Function = """{"type":"function","name":"look_up","parameters":{"type":"object","properties":{"a":{"type":"string"}}}}""";
    private const string Tools = $$"""{{Hi}},"tools":[{{Function}}]""";
    private const string Picture = "data:image/png;base64,iVBORw0KGgo=";

    public static readonly Need[] All =
    [
        new(Capabilities.Text, "`input`", """ "input":"hello" """, """ "input":"good-bye" """),
        new(Capabilities.Streaming, "`stream`", $"{Hi},\"stream\":true", Hi),
        new(Capabilities.SystemPrompt, "`instructions`, `system` and `developer` messages", $"{Hi},\"instructions\":\"Be brief.\"", Hi),
        new(Capabilities.HighTemperature, "`temperature` above 1", $"{Hi},\"temperature\":1.5", $"{Hi},\"temperature\":1"),
        new(Capabilities.Logprobs, "`top_logprobs`, `include`: `message.output_text.logprobs`", $"{Hi},\"top_logprobs\":2", Hi),
        new(Capabilities.Tools, "`tools`, `function_call`, `function_call_output`", Tools, Hi),
        new(Capabilities.ToolChoiceNone, "`tool_choice`: `none`", $"{Tools},\"tool_choice\":\"none\"", Tools),
        new(Capabilities.ToolChoiceForced, "`tool_choice`: `required` or a name", $"{Tools},\"tool_choice\":\"required\"", Tools),
        new(Capabilities.SerialToolCalls, "`parallel_tool_calls`: `false`", $"{Tools},\"parallel_tool_calls\":false", Tools),
        new(Capabilities.StrictTools, "`tools[].strict`: `true`", Tools.Replace("\"look_up\"", "\"look_up\",\"strict\":true", StringComparison.Ordinal), Tools),
        new(Capabilities.ToolResultImages, "`input_image` in `function_call_output`",
            Result($$"""[{"type":"input_text","text":"x"},{"type":"input_image","image_url":"{{Picture}}"}]"""), Result("""[{"type":"input_text","text":"x"}]""")),
        new(Capabilities.JsonObject, "`text.format`: `json_object`", Hi + ""","text":{"format":{"type":"json_object"}}""", Hi),
        new(Capabilities.JsonSchema, "`text.format`: `json_schema`",
            Hi + ""","text":{"format":{"type":"json_schema","name":"s","strict":true,"schema":{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}}}""", Hi),
        new(Capabilities.Verbosity, "`text.verbosity`", Hi + ""","text":{"verbosity":"low"}""", Hi),
        new(Capabilities.Vision, "`input_image` by `data:`", Parts($$"""{"type":"input_image","image_url":"{{Picture}}"}"""), Parts(null)),
        new(Capabilities.ImageUrls, "`input_image` by `https:`", Parts("""{"type":"input_image","image_url":"https://example.com/a.png"}"""), Parts(null)),
        new(Capabilities.ImageDetail, "`input_image.detail`",
            Parts($$"""{"type":"input_image","image_url":"{{Picture}}","detail":"low"}"""), Parts($$"""{"type":"input_image","image_url":"{{Picture}}"}""")),
        new(Capabilities.Documents, "`input_file.file_data`", Parts("""{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,JVBERg=="}"""), Parts(null)),
        new(Capabilities.Audio, "`input_audio`", Parts("""{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}"""), Parts(null)),
        new(Capabilities.AssistantPrefill, "last item is the `assistant`'s message",
            """ "input":[{"role":"user","content":"hi"},{"role":"assistant","content":"The answer is"}] """, """ "input":[{"role":"user","content":"hi"}] """),
        new(Capabilities.EmptyTurns, "a `user` message without content", "\"input\":\"\"", Hi),
        new(Capabilities.UnknownEffort, "`reasoning.effort`: a word that is not known here", Hi + ""","reasoning":{"effort":"colossal"}""", Hi + ""","reasoning":{"effort":"high"}"""),
        new(Capabilities.Reasoning, "`reasoning.effort`", Hi + ""","reasoning":{"effort":"high"}""", Hi),
        new(Capabilities.ReasoningSummary, "`reasoning.summary`", Hi + ""","reasoning":{"summary":"auto"}""", Hi),
        new(Capabilities.ReasoningHistory, "`reasoning` items of other wires handed back",
            Turn("""{"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}],"encrypted_content":"route.signed:c2lnbmVk"},"""), Turn("")),
        new(Capabilities.PromptCacheKey, "`prompt_cache_key`", $"{Hi},\"prompt_cache_key\":\"k\"", Hi),
        new(Capabilities.EndUser, "`user`, `safety_identifier`", $"{Hi},\"user\":\"u1\"", Hi),
        new(Capabilities.Metadata, "`metadata`", Hi + ""","metadata":{"team":"search"}""", Hi),
        new(Capabilities.ServiceTier, "`service_tier`", $"{Hi},\"service_tier\":\"flex\"", Hi),
        new(Capabilities.SameWireFields, "tools that OpenAI runs, `reasoning` items of its models, `truncation`: `auto`, `file_id`, `file_url`, and any other field",
            $"{Hi},\"truncation\":\"auto\"", Hi),
    ];

    private static string Parts(string? part) =>
        $$""" "input":[{"role":"user","content":[{"type":"input_text","text":"look"}{{(part is null ? "" : "," + part)}}]}] """;

    private static string Turn(string more) =>
        $$""" "input":[{"role":"user","content":"hi"},{{more}}{"role":"assistant","content":"yes?"},{"role":"user","content":"go on"}] """;

    private static string Result(string output) =>
        $$""" "input":[{"role":"user","content":"hi"},{"type":"function_call","call_id":"call_1","name":"look_up","arguments":"{}"},{"type":"function_call_output","call_id":"call_1","output":{{output}}}],"tools":[{{Function}}] """;
}
