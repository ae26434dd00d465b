using Routing.Core.Llm;
using Routing.Core.Providers;
using Routing.Core.Providers.OpenAI;

namespace Routing.Core.Tests.Providers.OpenAI;

public sealed class ChatRequestBuilderTests
{
    private static readonly IProviderAdapter Adapter = ProviderAdapters.Of(ProviderKind.OpenAICompatible);
    private static readonly ModelTarget Model = new("m", "", "", "", 4096);
    private static readonly ModelTarget Mistral = Of("mistral");
    private static readonly ModelTarget Vllm = Of("vllm");

    [Fact]
    public void WriteRequest_Conversation_KeepsItsOrder() => Assert.Equal(
        """{"model":"m","max_completion_tokens":50,"stream":true,"stream_options":{"include_usage":true},"temperature":0.5,"top_p":0.25,"stop":["END","\n\n"],"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"One \"<&>\" ü"},{"role":"user","content":"Two"},{"role":"assistant","content":"Three"},{"role":"system","content":"Be kind."},{"role":"user","content":""},{"role":"user","content":"Four"}]}""",
        Calls.Written(Adapter, Model, Calls.Conversation, stream: true));

    [Fact]
    public void WriteRequest_ToolLoop_KeepsIdsArgumentsAndResults() => Assert.Equal(
        """{"model":"m","max_completion_tokens":4096,"tools":[{"type":"function","function":{"name":"weather","description":"Looks","strict":true,"parameters":{"type":"object"}}},{"type":"function","function":{"name":"now"}}],"tool_choice":{"type":"function","function":{"name":"weather"}},"parallel_tool_calls":false,"messages":[{"role":"user","content":"Oslo?"},{"role":"assistant","content":"Let me see.","tool_calls":[{"id":"toolu_1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}},{"id":"toolu_2","type":"function","function":{"name":"now","arguments":"{}"}}]},{"role":"tool","tool_call_id":"toolu_1","content":"none"},{"role":"tool","tool_call_id":"toolu_2","content":""},{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,aW1n"}}]},{"role":"user","content":"And?"}]}""",
        Calls.Written(Adapter, Model, ToolLoop));

    [Fact]
    public void WriteRequest_EarlierReasoning_GoesBackOnlyWhereTheHostTakesIt()
    {
        var request = new ChatRequest { Messages = [new(ChatRole.Assistant, [new ReasoningPart("hm", "c2ln"), new RedactedReasoningPart("eA=="), new TextPart("Hi")]), ChatMessage.Of(ChatRole.User, "Go on")] };
        Assert.Contains("""[{"role":"assistant","content":"Hi"},""", Calls.Written(Adapter, Model, request), StringComparison.Ordinal);
        Assert.Contains("""[{"role":"assistant","reasoning_content":"hm","content":"Hi"},""", Calls.Written(Adapter, Vllm, request), StringComparison.Ordinal);
        Assert.Contains("""[{"role":"assistant","reasoning":"hm","content":"Hi"},""", Calls.Written(Adapter, Of("together"), request), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ToolChoiceMode.Auto, "")]
    [InlineData(ToolChoiceMode.None, ",\"tool_choice\":\"none\"")]
    [InlineData(ToolChoiceMode.Required, ",\"tool_choice\":\"required\"")]
    public void WriteRequest_ToolChoice_IsSaidInItsWords(ToolChoiceMode mode, string choice) => Assert.Equal(
        """{"model":"m","max_completion_tokens":4096,"tools":[{"type":"function","function":{"name":"t","parameters":{}}}]""" + choice + ""","messages":[]}""",
        Calls.Written(Adapter, Model, new ChatRequest { Messages = [], Tools = [new("t", "", "{}", false)], ToolChoice = new ToolChoice(mode) }));

    [Fact]
    public void WriteRequest_EverythingElse_HasItsPlace() => Assert.Equal(
        """{"model":"m","max_completion_tokens":4096,"temperature":1.7,"seed":7,"presence_penalty":0.5,"frequency_penalty":-0.5,"response_format":{"type":"json_schema","json_schema":{"name":"answer","schema":{"type":"object"}}},"reasoning_effort":"minimal","user":"u-1","service_tier":"flex","verbosity":"low","metadata":{"team":"a"},"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://example.org/a.png","detail":"low"}},{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,cGRm"}},{"type":"text","text":"notes.txt\n\nplain"}]}]}""",
        Calls.Written(Adapter, Model, Everything));

    [Fact]
    public void WriteRequest_JsonObject_IsSaid() => Assert.Contains(""","response_format":{"type":"json_object"},""",
        Calls.Written(Adapter, Model, new ChatRequest { Messages = [], Format = new AnswerFormat(AnswerFormatKind.JsonObject) }), StringComparison.Ordinal);

    [Theory]
    [InlineData(0, "none")]
    [InlineData(1024, "low")]
    [InlineData(4096, "medium")]
    [InlineData(32_000, "high")]
    public void WriteRequest_ReasoningBudget_IsAnEffort(int budget, string effort) => Assert.Contains($"\"reasoning_effort\":\"{effort}\"",
        Calls.Written(Adapter, Model, new ChatRequest { Messages = [], Reasoning = new Reasoning(null, budget) }), StringComparison.Ordinal);

    [Fact]
    public void WriteRequest_AnthropicsStandardTier_IsTheDefaultOne() => Assert.Contains("\"service_tier\":\"default\"",
        Calls.Written(Adapter, Model, new ChatRequest { Messages = [], ServiceTier = "standard_only" }), StringComparison.Ordinal);

    [Fact]
    public void WriteRequest_ForMistral_UsesItsNamesAndLeavesOutWhatItRefuses() => Assert.Equal(
        """{"model":"m","max_tokens":9,"stream":true,"random_seed":7,"metadata":{"team":"a"},"messages":[{"role":"system","content":"s"},{"role":"user","content":"u"},{"role":"assistant","content":"It is","prefix":true}]}""",
        Calls.Written(Adapter, Mistral, Prefilled, stream: true));

    [Fact]
    public void WriteRequest_ForVllm_ContinuesTheLastMessage() => Assert.Equal(
        """{"model":"m","max_tokens":9,"stream":true,"stream_options":{"include_usage":true},"seed":7,"user":"u-1","metadata":{"team":"a"},"continue_final_message":true,"add_generation_prompt":false,"messages":[{"role":"system","content":"s"},{"role":"user","content":"u"},{"role":"assistant","content":"It is"}]}""",
        Calls.Written(Adapter, Vllm, Prefilled, stream: true));

    [Fact]
    public void WriteRequest_TopK_IsSaidToWhoTakesIt() =>
        Assert.Contains("\"top_k\":5", Calls.Written(Adapter, Vllm, new ChatRequest { Messages = [], TopK = 5 }), StringComparison.Ordinal);

    [Theory]
    [InlineData("max", Capabilities.Reasoning, "high", "reasoning effort max sent as high")]
    [InlineData("xhigh", Capabilities.Reasoning, "xhigh", "")]
    [InlineData("none", Capabilities.Reasoning, "none", "")]
    [InlineData("none", Capabilities.None, null, "thinking disabled not sent")]
    public void WriteRequest_Effort_IsOneTheWireKnows(string effort, Capabilities needs, string? sent, string warnings)
    {
        var call = new ChatCall(() => new ChatRequest { Messages = [], Reasoning = new Reasoning(effort, null) }) { Feature = "f", Stream = false, Api = CallerApi.Messages, Needs = needs };
        var written = Calls.Written(Adapter, Model, call);
        if (sent is null) Assert.DoesNotContain("reasoning_effort", written, StringComparison.Ordinal);
        else Assert.Contains($"\"reasoning_effort\":\"{sent}\"", written, StringComparison.Ordinal);
        Assert.Equal(warnings, string.Join('|', Adapter.Warnings(call, Model)));
    }

    [Theory]
    [InlineData("application/pdf", "messages")]
    [InlineData("text/plain", null)]
    public void Refuse_DocumentOfATool_UnlessItIsText(string type, string? param)
    {
        var request = new ChatRequest { Messages = [new(ChatRole.Tool, [new ToolResultPart("c1", "t", [new DocumentPart(type, "cGxhaW4=", "")], IsError: false)])] };
        var call = new ChatCall(() => request) { Feature = "f", Stream = false, Api = CallerApi.Messages, Needs = Capabilities.Tools | Capabilities.Documents };
        Assert.Equal(param, Adapter.Refuse(call, Model)?.Param);
        if (param is null) Assert.Contains("""{"role":"tool","tool_call_id":"c1","content":[{"type":"text","text":"plain"}]}""", Calls.Written(Adapter, Model, call), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(5, true)]
    public void Refuse_StopSequences_FourAtMost(int count, bool refused)
    {
        var request = new ChatRequest { Messages = [], StopSequences = [.. Enumerable.Range(0, count).Select(i => $"s{i}")] };
        var call = new ChatCall(() => request) { Feature = "f", Stream = false, Api = CallerApi.Messages, Needs = Capabilities.StopSequences };
        var failure = Adapter.Refuse(call, Model);
        Assert.Equal(refused ? FailureKind.CapabilityUnsupported : null, failure?.Kind);
        if (refused) Assert.Equal("OpenAI's wire takes 4 stop sequences at most; this call has 5.", failure!.Message);
    }

    private static ModelTarget Of(string preset) => Model with { Quirks = QuirkPresets.Of(new() { Preset = preset }, "") };

    private static ChatRequest ToolLoop => new()
    {
        Messages =
        [
            ChatMessage.Of(ChatRole.User, "Oslo?"),
            new(ChatRole.Assistant, [new TextPart("Let me see."), new ToolCallPart("toolu_1", "weather", """{"city":"Oslo"}"""), new ToolCallPart("toolu_2", "now", "{}")]),
            new(ChatRole.Tool, [new ToolResultPart("toolu_1", "weather", [new TextPart("none"), new ImagePart("image/png", "aW1n")], IsError: true)]),
            new(ChatRole.User, [new ToolResultPart("toolu_2", "now", [], IsError: false), new TextPart("And?")]),
        ],
        Tools = [new("weather", "Looks", """{"type":"object"}""", Strict: true), new("now", "", null, Strict: false) { Cache = new CacheMark("1h") }],
        ToolChoice = new ToolChoice(ToolChoiceMode.Named, "weather"),
        ParallelToolCalls = false,
    };

    private static ChatRequest Everything => new()
    {
        Messages =
        [
            new(ChatRole.User,
            [
                new ImagePart("", "", "https://example.org/a.png", "low"), new DocumentPart("application/pdf", "cGRm", "a.pdf"),
                new DocumentPart("text/plain", Convert.ToBase64String("plain"u8), "notes.txt"),
            ]),
        ],
        Temperature = 1.7, Seed = 7, PresencePenalty = 0.5, FrequencyPenalty = -0.5, EndUser = "u-1", ServiceTier = "flex", Verbosity = "low",
        Metadata = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add("team", "a"), Reasoning = new Reasoning("minimal", null),
        Format = new AnswerFormat(AnswerFormatKind.JsonSchema, "", null, """{"type":"object"}"""),
    };

    private static ChatRequest Prefilled => new()
    {
        Messages = [ChatMessage.Of(ChatRole.System, "s"), ChatMessage.Of(ChatRole.User, "u"), ChatMessage.Of(ChatRole.Assistant, "It is")],
        MaxOutputTokens = 9, Seed = 7, EndUser = "u-1", Metadata = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add("team", "a"),
    };
}
