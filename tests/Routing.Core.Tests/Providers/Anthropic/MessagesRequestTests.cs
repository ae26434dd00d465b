using System.Text;
using Routing.Core.Llm;
using Routing.Core.Providers;

namespace Routing.Core.Tests.Providers.Anthropic;

public sealed class MessagesRequestTests
{
    private static readonly ModelTarget Model = new("claude-sonnet-4-5", "us-east5", "my-project", "", 4096);
    private static readonly IProviderAdapter Direct = ProviderAdapters.Of(ProviderKind.Anthropic);
    private static readonly IProviderAdapter OnVertex = ProviderAdapters.Of(ProviderKind.Vertex, ModelFamily.Claude);

    [Fact]
    public void WriteRequest_SystemApartAndTurnsMerged_IsMessages() => Assert.Equal(
        """{"model":"claude-sonnet-4-5","max_tokens":50,"temperature":0.5,"stop_sequences":["END","\n\n"],"system":[{"type":"text","text":"Be brief."},{"type":"text","text":"Be kind."}],"messages":[{"role":"user","content":[{"type":"text","text":"One \"<&>\" ü"},{"type":"text","text":"Two"}]},{"role":"assistant","content":[{"type":"text","text":"Three"}]},{"role":"user","content":[{"type":"text","text":"Four"}]}]}""",
        Calls.Written(Direct, Model, Calls.Conversation));

    [Fact]
    public void WriteRequest_ToolLoop_KeepsIdsArgumentsAndResults() => Assert.Equal(
        """{"model":"claude-sonnet-4-5","max_tokens":4096,"tools":[{"name":"weather","description":"Looks","strict":true,"input_schema":{"type":"object"}},{"name":"now","input_schema":{"type":"object","properties":{}},"cache_control":{"type":"ephemeral","ttl":"1h"}}],"tool_choice":{"type":"tool","name":"weather","disable_parallel_tool_use":true},"messages":[{"role":"user","content":[{"type":"text","text":"Oslo?","cache_control":{"type":"ephemeral"}}]},{"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"c2ln"},{"type":"redacted_thinking","data":"ZGF0YQ=="},{"type":"tool_use","id":"toolu_1","name":"weather","input":{"city":"Oslo"}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","is_error":true,"content":[{"type":"text","text":"none"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"aW1n"}}]}]}]}""",
        Calls.Written(Direct, Model, new ChatRequest
        {
            Messages =
            [
                new(ChatRole.User, [new TextPart("Oslo?") { Cache = new CacheMark(null) }]),
                new(ChatRole.Assistant, [new ReasoningPart("another maker's", "gemini:c2ln"), new ReasoningPart("hm", "c2ln"), new RedactedReasoningPart("ZGF0YQ=="), new ToolCallPart("toolu_1", "weather", """{"city":"Oslo"}""")]),
                new(ChatRole.Tool, [new ToolResultPart("toolu_1", "weather", [new TextPart("none"), new ImagePart("image/png", "aW1n")], IsError: true)]),
            ],
            Tools = [new("weather", "Looks", """{"type":"object"}""", Strict: true), new("now", "", null, Strict: false) { Cache = new CacheMark("1h") }],
            ToolChoice = new ToolChoice(ToolChoiceMode.Named, "weather"),
            ParallelToolCalls = false,
        }));

    [Fact]
    public void WriteRequest_ToolThatGaveNothing_HasNoEmptyText() => Assert.EndsWith(
        """{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":[]}]}]}""",
        Calls.Written(Direct, Model, new ChatRequest
        {
            Messages = [ChatMessage.Of(ChatRole.User, "Hi"), new(ChatRole.Assistant, [new ToolCallPart("c1", "t", "{}")]), new(ChatRole.Tool, [new ToolResultPart("c1", "t", [new TextPart("")], IsError: false)])],
        }), StringComparison.Ordinal);

    [Theory]
    [InlineData(ToolChoiceMode.Auto, true, "")]
    [InlineData(ToolChoiceMode.Auto, false, ""","tool_choice":{"type":"auto","disable_parallel_tool_use":true}""")]
    [InlineData(ToolChoiceMode.None, false, ""","tool_choice":{"type":"none"}""")]
    [InlineData(ToolChoiceMode.Required, true, ""","tool_choice":{"type":"any"}""")]
    public void WriteRequest_ToolChoice_IsSaidInItsWords(ToolChoiceMode mode, bool parallel, string choice) => Assert.Equal(
        """{"model":"claude-sonnet-4-5","max_tokens":4096,"tools":[{"name":"t","input_schema":{}}]""" + choice + ""","messages":[]}""",
        Calls.Written(Direct, Model, new ChatRequest
        {
            Messages = [], Tools = [new("t", "", "{}", false)], ToolChoice = new ToolChoice(mode), ParallelToolCalls = parallel,
        }));

    [Fact]
    public void WriteRequest_EverythingElse_HasItsPlace() => Assert.Equal(
        """{"model":"claude-sonnet-4-5","max_tokens":4096,"temperature":1,"metadata":{"user_id":"u-1"},"thinking":{"type":"enabled","budget_tokens":1024},"output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}},"messages":[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"https://example.org/a.png"}},{"type":"document","title":"a.pdf","source":{"type":"base64","media_type":"application/pdf","data":"cGRm"}},{"type":"document","source":{"type":"text","media_type":"text/plain","data":"plain"}}]}]}""",
        Calls.Written(Direct, Model, new ChatRequest
        {
            Messages =
            [
                new(ChatRole.User,
                [
                    new ImagePart("", "", "https://example.org/a.png"), new DocumentPart("application/pdf", "cGRm", "a.pdf"),
                    new DocumentPart("text/plain", Convert.ToBase64String("plain"u8), ""),
                ]),
            ],
            MaxOutputTokens = 4096, Temperature = 1.7, TopK = 7, EndUser = "u-1", Reasoning = new Reasoning("minimal", null),
            Format = new AnswerFormat(AnswerFormatKind.JsonSchema, "answer", null, """{"type":"object"}""", Strict: true),
        }));

    [Theory]
    [InlineData("")]
    [InlineData("gemini:c2ln")]
    public void WriteRequest_ReasoningOfOtherModels_IsLeftOut(string signature) => Assert.Contains(
        """{"role":"assistant","content":[{"type":"text","text":"yes"}]}""",
        Calls.Written(Direct, Model, new ChatRequest { Messages = [new(ChatRole.Assistant, [new ReasoningPart("hm", signature), new TextPart("yes")])] }), StringComparison.Ordinal);

    [Fact]
    public void WriteRequest_TurnOfNothingButOthersReasoning_IsNoEmptyTurn()
    {
        var call = Calls.Of(new ChatRequest
        {
            Messages = [ChatMessage.Of(ChatRole.User, "One"), new(ChatRole.Assistant, [new ReasoningPart("hm", "")]), ChatMessage.Of(ChatRole.User, "Two")],
        });
        Assert.Contains("""[{"role":"user","content":[{"type":"text","text":"One"},{"type":"text","text":"Two"}]}]""", Calls.Written(Direct, Model, call), StringComparison.Ordinal);
        Assert.Contains("""[{"role":"user","content":[{"text":"One"},{"text":"Two"}]}]""", Calls.Written(ProviderAdapters.Of(ProviderKind.Bedrock), Calls.AnyModel, call), StringComparison.Ordinal);
        Assert.Contains("""[{"role":"user","parts":[{"text":"One"},{"text":"Two"}]}]""", Calls.Written(ProviderAdapters.Of(ProviderKind.Vertex), Calls.AnyModel, call), StringComparison.Ordinal);
    }

    [Fact]
    public void WriteRequest_ReasoningBudget_IsThinking() => Assert.Contains("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2048}",
        Calls.Written(Direct, Model, new ChatRequest { Messages = [], Reasoning = new Reasoning(null, 2048) }), StringComparison.Ordinal);

    [Theory]
    [InlineData("claude-sonnet-4-5", "high", 7372, ""","thinking":{"type":"enabled","budget_tokens":3276}""")]
    [InlineData("claude-opus-4-6", "high", 7372, ""","thinking":{"type":"adaptive","display":"summarized"},"output_config":{"effort":"high"}""")]
    [InlineData("claude-opus-5", "xhigh", 7782, ""","thinking":{"type":"adaptive","display":"summarized"},"output_config":{"effort":"xhigh"}""")]
    [InlineData("claude-opus-5", "none", 4096, "")]
    [InlineData("claude-3-5-haiku", "high", 4096, "")]
    public void WriteRequest_ReasoningEffort_IsSaidAsTheModelTakesIt(string model, string effort, int limit, string said) => Assert.Equal(
        $$"""{"model":"{{model}}","max_tokens":{{limit}}{{said}},"messages":[]}""",
        Calls.Written(Direct, Model with { Model = model }, new ChatRequest { Messages = [], Reasoning = new Reasoning(effort, null) }));

    // The model endpoint's limit is for the answer; the caller's is all there is.
    [Theory]
    [InlineData(1024, null, "high", 2048, 1024)]
    [InlineData(100, null, "low", 1124, 1024)]
    [InlineData(30000, null, "high", 32000, 24000)]
    [InlineData(64000, null, "high", 64000, 51200)]
    [InlineData(1024, 4000, "high", 4000, 3200)]
    public void WriteRequest_Thinking_HasRoomBesideTheEndpointsLimit(int own, int? asked, string effort, int limit, int budget)
    {
        var call = Calls.Of(new ChatRequest { Messages = [], MaxOutputTokens = asked, Reasoning = new Reasoning(effort, null) });
        Assert.Null(Direct.Refuse(call, Model with { MaxOutputTokens = own }));
        Assert.Equal(
            $$$"""{"model":"claude-sonnet-4-5","max_tokens":{{{limit}}},"thinking":{"type":"enabled","budget_tokens":{{{budget}}}},"messages":[]}""",
            Calls.Written(Direct, Model with { MaxOutputTokens = own }, call));
    }

    [Fact]
    public void Refuse_CallersLimitTooSmallToThink_NamesIt() => Assert.Equal("max_tokens", Direct.Refuse(
        Calls.Of(new ChatRequest { Messages = [], MaxOutputTokens = 1024, Reasoning = new Reasoning("low", null) }), Model)?.Param);

    [Theory]
    [InlineData("claude-sonnet-4-5")]
    [InlineData("claude-opus-5")]
    public void Refuse_UnknownEffort_IsNeverTheDearest(string model) => Assert.Equal("reasoning_effort", Direct.Refuse(
        Calls.Of(new ChatRequest { Messages = [], Reasoning = new Reasoning("hgih", null) }), Model with { Model = model })?.Param);

    [Theory]
    [InlineData("claude-sonnet-4-5", false, false, "reasoning not sent; the thinking this turn began with was not handed back|earlier reasoning of other models not sent")]
    [InlineData("claude-sonnet-4-5", true, true, "reasoning effort sent as a thinking budget")]
    [InlineData("claude-opus-4-6", false, true, "earlier reasoning of other models not sent")]
    public void WriteRequest_StepOfAToolLoop_ThinksByABudgetOnlyBehindItsThinking(string name, bool handedBack, bool thinks, string warnings)
    {
        ContentPart[] thought = [new ReasoningPart("hm", "c2ln")];
        var call = Calls.Of(new ChatRequest
        {
            Messages =
            [
                ChatMessage.Of(ChatRole.User, "Oslo?"),
                new(ChatRole.Assistant, [.. handedBack ? thought : [new ReasoningPart("hm", "")], new ToolCallPart("c1", "t", "{}")]),
                new(ChatRole.Tool, [new ToolResultPart("c1", "t", [new TextPart("1")], IsError: false)]),
            ],
            Tools = [new("t", "", "{}", false)], Reasoning = new Reasoning("high", null),
        });
        foreach (var adapter in (IProviderAdapter[])[Direct, OnVertex, ProviderAdapters.Of(ProviderKind.Bedrock)])
        {
            var model = Model with { Model = "anthropic." + name, Family = ModelFamily.Claude };
            Assert.Equal(thinks, Calls.Written(adapter, model, call).Contains("\"thinking\":{", StringComparison.Ordinal));
            Assert.Equal(warnings, string.Join('|', adapter.Warnings(call, model)));
            Assert.Null(adapter.Refuse(call, model));
        }
    }

    [Theory]
    [InlineData("claude-3-5-haiku", null, 1.5, 0.5, ""","temperature":1,"top_p":0.5,"top_k":7""", "temperature lowered to 1")]
    [InlineData("claude-opus-4-1", null, 0.5, 0.5, ""","temperature":0.5,"top_k":7""", "top_p not sent")]
    [InlineData("claude-sonnet-4-5", null, null, 0.5, ""","top_p":0.5,"top_k":7""", "")]
    [InlineData("claude-sonnet-4-5", 1024, 0.5, 0.5, "", "temperature not sent|top_p not sent|top_k not sent")]
    [InlineData("claude-sonnet-4-5", 1024, null, 0.95, ""","top_p":0.95""", "top_k not sent")]
    [InlineData("claude-sonnet-4-5", 1024, 1.0, null, ""","temperature":1""", "top_k not sent")]
    [InlineData("claude-opus-4-7", null, 1.0, 1.0, "", "temperature not sent|top_p not sent|top_k not sent")]
    public void WriteRequest_Sampling_IsWhatTheModelTakes(string name, int? budget, double? temperature, double? topP, string sent, string warnings)
    {
        var model = Model with { Model = name };
        var call = Calls.Of(new ChatRequest { Messages = [], MaxOutputTokens = 4096, Temperature = temperature, TopP = topP, TopK = 7, Reasoning = budget is null ? null : new Reasoning(null, budget) });
        var written = Calls.Written(Direct, model, call);
        Assert.StartsWith($$"""{"model":"{{name}}","max_tokens":4096""" + sent + (budget is null ? ",\"messages\"" : ",\"thinking\""), written, StringComparison.Ordinal);
        Assert.Equal(warnings, string.Join('|', Direct.Warnings(call, model)));
    }

    [Theory]
    [InlineData("claude-sonnet-4-5", true)]
    [InlineData("claude-3-5-haiku", false)]
    public void Support_Reasoning_OnlyOfModelsThatThink(string model, bool thinks) => Assert.Equal(thinks,
        Direct.Support(CallerApi.ChatCompletions, Model with { Model = model }).Carries.HasFlag(Capabilities.Reasoning));

    [Fact]
    public void Refuse_ReasoningAndAForcedTool_NamesTheField() => Assert.Equal("tool_choice", OnVertex.Refuse(
        Calls.Of(new ChatRequest { Messages = [], Tools = [new("t", "", "{}", false)], ToolChoice = new ToolChoice(ToolChoiceMode.Required), Reasoning = new Reasoning("low", null) }),
        Model)?.Param);

    [Fact]
    public void WriteRequest_OnVertexStreamed_NamesTheVersionAndNoModel() => Assert.StartsWith(
        """{"anthropic_version":"vertex-2023-10-16","max_tokens":50,"stream":true,"temperature":0.5""",
        Calls.Written(OnVertex, Model, Calls.Conversation, stream: true), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"model":"f","max_tokens":5,"x":[1]}""", """{"model":"claude-sonnet-4-5","max_tokens":5,"x":[1]}""", """{"anthropic_version":"vertex-2023-10-16","max_tokens":5,"x":[1]}""")]
    [InlineData("""{ "messages" : ["\"model\""], "mod\u0065l" : "f" }""", """{ "messages" : ["\"model\""], "mod\u0065l" : "claude-sonnet-4-5" }""", """{ "messages" : ["\"model\""], "anthropic_version":"vertex-2023-10-16" }""")]
    public void WriteRequest_CallersOwnBytes_AreCopiedAroundTheModel(string body, string direct, string onVertex)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var at = bytes.AsSpan().LastIndexOf("\"f\""u8);
        var call = new ChatCall(() => throw new InvalidOperationException("The same wire needs no canonical request."))
        {
            Feature = "f", Stream = false, Api = CallerApi.Messages, Original = new OriginalBody(bytes, at..(at + 3), null, 1),
        };
        Assert.Equal(direct, Calls.Written(Direct, Model, call));
        Assert.Equal(onVertex, Calls.Written(OnVertex, Model, call));
    }

    [Theory]
    [InlineData("""{"type":"thinking","thinking":"a","signature":"gemini:c2ln"},{"type":"text","text":"x"}""", """{"type":"text","text":"x"}""")]
    [InlineData("""{"type":"text","text":"x"}, {"signature":"","type":"thinking","thinking":"a"} , {"type":"thinking","thinking":"b","signature":"gemini:"}""", """{"type":"text","text":"x"}""")]
    [InlineData("""{"type":"thinking","thinking":"a","signature":"c2ln"}, {"type":"thinking","thinking":"b","signature":"gemini:"}, {"type":"text","text":"gemini:"}""",
        """{"type":"thinking","thinking":"a","signature":"c2ln"}, {"type":"text","text":"gemini:"}""")]
    public void WriteRequest_ThinkingOfOtherModelsInTheCallersBytes_IsLeftOut(string blocks, string left)
    {
        Assert.Equal(Body("\"model\":\"claude-sonnet-4-5\"", left), WrittenWithout(Direct, Body("\"model\":\"f\"", blocks)));
        Assert.Equal(Body("\"anthropic_version\":\"vertex-2023-10-16\"", left), WrittenWithout(OnVertex, Body("\"model\":\"f\"", blocks)));

        static string Body(string model, string content) => $$"""{"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":[{{content}}]}],{{model}},"x":1}""";
    }

    [Fact]
    public void WriteRequest_MessageOfOtherModelsThinkingOnly_IsLeftOut() => Assert.Equal(
        """{"model":"claude-sonnet-4-5","messages":[{"role":"user","content":"hi"},{"role":"user","content":"go on"}]}""",
        WrittenWithout(Direct, """{"model":"f","messages":[{"role":"user","content":"hi"},{"role":"assistant","content":[{"type":"thinking","thinking":"a","signature":"gemini:"}]},{"role":"user","content":"go on"}]}"""));

    [Theory]
    [InlineData(CallerApi.Messages, false, "/v1/messages", "application/json")]
    [InlineData(CallerApi.ChatCompletions, true, "/v1/messages", "text/event-stream")]
    [InlineData(CallerApi.CountTokens, false, "/v1/messages/count_tokens", "application/json")]
    public void Target_Direct_HasPathAndVersion(CallerApi api, bool stream, string path, string accept)
    {
        var target = Direct.Target(Model, api, stream);
        Assert.Equal((path, accept), (target.PathAndQuery, target.Accept));
        Assert.Equal(new KeyValuePair<string, string>("anthropic-version", "2023-06-01"), Assert.Single(target.Headers));
    }

    [Theory]
    [InlineData(CallerApi.Messages, false, "claude-sonnet-4-5:rawPredict")]
    [InlineData(CallerApi.Responses, true, "claude-sonnet-4-5:streamRawPredict")]
    [InlineData(CallerApi.CountTokens, false, "count-tokens:rawPredict")]
    public void Target_OnVertex_IsThePublishersPath(CallerApi api, bool stream, string model) => Assert.Equal(
        "/v1/projects/my-project/locations/us-east5/publishers/anthropic/models/" + model, OnVertex.Target(Model, api, stream).PathAndQuery);

    private static string WrittenWithout(IProviderAdapter adapter, string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var at = bytes.AsSpan().IndexOf("\"f\""u8);
        return Calls.Written(adapter, Model, new ChatCall(() => throw new InvalidOperationException("The same wire needs no canonical request."))
        {
            Feature = "f", Stream = false, Api = CallerApi.Messages, Original = new OriginalBody(bytes, at..(at + 3), null, 1) { Rewrites = Rewrites.ForeignReasoning },
        });
    }
}
