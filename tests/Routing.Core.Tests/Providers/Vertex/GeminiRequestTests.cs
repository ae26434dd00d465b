using System.Collections.Immutable;
using Routing.Core.Llm;
using Routing.Core.Providers;

namespace Routing.Core.Tests.Providers.Vertex;

/// <summary>Every canonical member in Gemini's words, as literal bytes.</summary>
public sealed class GeminiRequestTests
{
    private const string Schema = """{"$schema":"x","type":"object","properties":{"n":{"type":["integer","null"]}},"additionalProperties":false}""";

    private static readonly IProviderAdapter Adapter = ProviderAdapters.Of(ProviderKind.Vertex);
    private static readonly ChatRequest Hi = new() { Messages = [ChatMessage.Of(ChatRole.User, "Hi")], MaxOutputTokens = 9 };

    [Fact]
    public void WriteRequest_Tools_GoWithTheCallersOwnSchema() => Assert.Equal(
        $$$"""{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"tools":[{"functionDeclarations":[{"name":"a","description":"Does a.","parametersJsonSchema":{{{Schema}}}},{"name":"b"}]}],"generationConfig":{"maxOutputTokens":9}}""",
        Written(Hi with { Tools = [new ToolDefinition("a", "Does a.", Schema, false), new ToolDefinition("b", "", null, true)] }));

    [Theory]
    [InlineData(ToolChoiceMode.None, null, """{"mode":"NONE"}""")]
    [InlineData(ToolChoiceMode.Required, null, """{"mode":"ANY"}""")]
    [InlineData(ToolChoiceMode.Named, "b", """{"mode":"ANY","allowedFunctionNames":["b"]}""")]
    public void WriteRequest_ToolChoice_IsACallingMode(ToolChoiceMode mode, string? name, string config) => Assert.Contains(
        $$$""","toolConfig":{"functionCallingConfig":{{{config}}}},"generationConfig":""",
        Written(Hi with { Tools = [new ToolDefinition("b", "", null, false)], ToolChoice = new ToolChoice(mode, name) }), StringComparison.Ordinal);

    [Theory]
    [InlineData("gemini-2.5-pro", ToolChoiceMode.Auto, "tools")]
    [InlineData("gemini-2.5-pro", ToolChoiceMode.None, null)]
    [InlineData("gemini-3-pro", ToolChoiceMode.Auto, null)]
    public void Refuse_ToolsBesideAJsonAnswer_BeforeTheThirdGeneration(string model, ToolChoiceMode mode, string? param)
    {
        var call = Calls.Of(Hi with
        {
            Tools = [new ToolDefinition("b", "", null, false)], ToolChoice = new ToolChoice(mode), Format = new AnswerFormat(AnswerFormatKind.JsonSchema, "s", null, Schema),
        });
        var target = new ModelTarget(model, "us-central1", "p", "", 9);
        Assert.Equal(param, Adapter.Refuse(call, target)?.Param);
        Assert.Equal(mode != ToolChoiceMode.None, Calls.Written(Adapter, target, call).Contains("functionDeclarations", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(5, null)]
    [InlineData(6, "stop_sequences")]
    public void Refuse_StopSequences_FiveAtMost(int count, string? param)
    {
        var failure = Adapter.Refuse(Calls.Of(Hi with { StopSequences = [.. Enumerable.Range(0, count).Select(i => $"s{i}")] }), Calls.AnyModel);
        Assert.Equal(param, failure?.Param);
        if (param is not null) Assert.Equal("Gemini takes 5 stop sequences at most; this call has 6.", failure?.Message);
    }

    [Fact]
    public void Refuse_PdfOfATool_ButATextIsSaid()
    {
        ChatMessage Given(string type) => new(ChatRole.Tool, [new ToolResultPart("c1", "w", [new TextPart("see"), new DocumentPart(type, "cGxhaW4=", "a.txt")], IsError: false)]);
        Assert.Equal("messages", Adapter.Refuse(Calls.Of(Hi with { Messages = [Given("application/pdf")] }), Calls.AnyModel)?.Param);
        Assert.Null(Adapter.Refuse(Calls.Of(Hi with { Messages = [Given("text/plain")] }), Calls.AnyModel));
        Assert.Equal("""[{"role":"user","parts":[{"functionResponse":{"name":"w","response":{"output":"see\na.txt\n\nplain"}}}]}]""", Contents("gemini-2.5-flash", Given("text/plain")));
    }

    [Fact]
    public void WriteRequest_ToolTurns_CarrySignaturesBack() => Assert.Equal(
        """
        [{"role":"user","parts":[{"text":"Weather?"}]},{"role":"model","parts":[{"text":"hm","thought":true,"thoughtSignature":"dGg="},{"functionCall":{"name":"w","args":{"c":"x"}},"thoughtSignature":"AbC+/w=="},{"functionCall":{"name":"w","args":{}}}]},{"role":"user","parts":[{"functionResponse":{"name":"w","response":{"t":3}}},{"functionResponse":{"name":"w","response":{"error":"no such city"}}}]}]
        """,
        Contents("gemini-2.5-flash",
            new ChatMessage(ChatRole.User, [new TextPart("Weather?")]),
            new ChatMessage(ChatRole.Assistant,
            [
                new ReasoningPart("hm", "gemini:dGg="), new ReasoningPart("another maker's", "EqQB"), new RedactedReasoningPart("xx"),
                new ToolCallPart("gcall_a_0_AbC-_w", "w", """{"c":"x"}"""), new ToolCallPart("gcall_a_1", "w", ""),
            ]),
            new ChatMessage(ChatRole.Tool, [Result("""{"t":3}""")]),
            new ChatMessage(ChatRole.Tool, [Result("no such city", isError: true)])));

    // Only from the third generation on is the first call of each step refused without a signature.
    [Theory]
    [InlineData("gemini-3-flash-preview", ""","thoughtSignature":"skip_thought_signature_validator"}""")]
    [InlineData("gemini-2.5-pro", "}")]
    public void WriteRequest_CallsOfAnotherModel_AreMarkedAtTheFirstOfEachStep(string model, string mark) => Assert.Equal(
        $$$$"""
        [{"role":"model","parts":[{"functionCall":{"name":"w","args":{}}{{{{mark}}}},{"functionCall":{"name":"w","args":{}}}]},{"role":"user","parts":[{"functionResponse":{"name":"w","response":{"output":"1"}}},{"functionResponse":{"name":"w","response":{"output":"2"}}}]},{"role":"model","parts":[{"functionCall":{"name":"w","args":{}}{{{{mark}}}}]}]
        """,
        Contents(model,
            new ChatMessage(ChatRole.Assistant, [new ToolCallPart("call_1", "w", "{}"), new ToolCallPart("call_2", "w", "{}")]),
            new ChatMessage(ChatRole.Tool, [Result("1"), Result("2")]),
            new ChatMessage(ChatRole.Assistant, [new ToolCallPart("call_3", "w", "{}")])));

    [Theory]
    [InlineData("""{"a":[1.5,{"b":null}]}""", """{"a":[1.5,{"b":null}]}""")]
    [InlineData("plain \"text\"", """{"output":"plain \"text\""}""")]
    [InlineData("[1]", """{"output":"[1]"}""")]
    [InlineData("{broken", """{"output":"{broken"}""")]
    [InlineData("", """{"output":""}""")]
    [InlineData("""{"id":12345678901234567}""", """{"output":"{\"id\":12345678901234567}"}""")] // a double would change it
    public void WriteRequest_ToolResult_IsAnObject(string text, string response) => Assert.Contains(
        $$$"""{"functionResponse":{"name":"w","response":{{{response}}}}}""", Contents("gemini-2.5-pro", new ChatMessage(ChatRole.Tool, [Result(text)])), StringComparison.Ordinal);

    [Fact]
    public void WriteRequest_ArgumentsThatAreNoObject_AreWrapped() => Assert.Contains(
        """{"functionCall":{"name":"w","args":{"arguments":"[1"}}}""", Contents("gemini-2.5-pro", new ChatMessage(ChatRole.Assistant, [new ToolCallPart("c", "w", "[1")])), StringComparison.Ordinal);

    [Fact]
    public void WriteRequest_ImageInAToolResult_IsAPartOfIt() => Assert.Contains(
        """{"functionResponse":{"name":"w","response":{"output":"See:\nabove"},"parts":[{"inlineData":{"mimeType":"image/png","data":"aW1n"}}]}}""",
        Contents("gemini-3-pro-preview", new ChatMessage(ChatRole.Tool,
            [new ToolResultPart("c", "w", [new TextPart("See:"), new ImagePart("image/png", "aW1n"), new TextPart("above")], false)])), StringComparison.Ordinal);

    [Fact]
    public void WriteRequest_ImagesAndDocuments_ArePartsInTheirPlace() => Assert.Equal(
        """
        [{"role":"user","parts":[{"text":"What is"},{"inlineData":{"mimeType":"image/png","data":"aW1n"}},{"fileData":{"mimeType":"image/webp","fileUri":"https://x.example/a.WEBP?b=.png#c"}},{"fileData":{"mimeType":"image/jpeg","fileUri":"https://x.example/a"}},{"inlineData":{"mimeType":"application/pdf","data":"cGRm"}},{"text":"this?"}]}]
        """,
        Contents("gemini-2.5-pro", new ChatMessage(ChatRole.User,
        [
            new TextPart("What is"), new ImagePart("image/png", "aW1n"), new ImagePart("", "", "https://x.example/a.WEBP?b=.png#c"), new ImagePart("", "", "https://x.example/a"),
            new DocumentPart("application/pdf", "cGRm", "a.pdf"), new TextPart("this?"),
        ])));

    [Fact]
    public void WriteRequest_Sampling_IsAllThere() => Assert.Equal(
        Config("""{"maxOutputTokens":9,"temperature":1.9,"topP":0.5,"topK":40,"stopSequences":["a","b","c","d","e"],"seed":-1,"presencePenalty":-0.5,"frequencyPenalty":1.5}"""),
        Written(Hi with
        {
            Temperature = 1.9, TopP = 0.5, TopK = 40, StopSequences = ["a", "b", "c", "d", "e"], Seed = 0xFFFF_FFFF, PresencePenalty = -0.5, FrequencyPenalty = 1.5,
        }));

    [Fact]
    public void WriteRequest_AnswerFormats_AreMimeTypeAndSchema()
    {
        Assert.Equal(Config("""{"maxOutputTokens":9,"responseMimeType":"application/json"}"""), Written(Hi with { Format = new AnswerFormat(AnswerFormatKind.JsonObject) }));
        Assert.Equal(
            Config($$$"""{"maxOutputTokens":9,"responseMimeType":"application/json","responseJsonSchema":{{{Schema}}}}"""),
            Written(Hi with { Format = new AnswerFormat(AnswerFormatKind.JsonSchema, "n", "d", Schema, true) }));
    }

    [Theory]
    [InlineData("gemini-2.5-flash", "none", """{"thinkingBudget":0}""")]
    [InlineData("gemini-2.5-pro", "none", """{"thinkingBudget":128}""")]
    [InlineData("gemini-2.5-flash", "minimal", """{"thinkingBudget":1024,"includeThoughts":true}""")]
    [InlineData("gemini-2.5-flash", "low", """{"thinkingBudget":1024,"includeThoughts":true}""")]
    [InlineData("gemini-2.5-flash-lite", "medium", """{"thinkingBudget":8192,"includeThoughts":true}""")]
    [InlineData("gemini-2.5-pro", "high", """{"thinkingBudget":24576,"includeThoughts":true}""")]
    [InlineData("gemini-2.5-pro", "xhigh", """{"thinkingBudget":24576,"includeThoughts":true}""")]
    [InlineData("gemini-3-pro-preview", "none", """{"thinkingLevel":"LOW"}""")]
    [InlineData("gemini-3-pro-preview", "medium", """{"thinkingLevel":"HIGH","includeThoughts":true}""")]
    [InlineData("gemini-3.1-pro-preview", "medium", """{"thinkingLevel":"MEDIUM","includeThoughts":true}""")]
    [InlineData("gemini-3-flash-preview", "none", """{"thinkingLevel":"MINIMAL"}""")]
    [InlineData("gemini-3.6-flash", "minimal", """{"thinkingLevel":"MINIMAL","includeThoughts":true}""")]
    [InlineData("gemini-3.7-flash", "minimal", """{"thinkingLevel":"LOW","includeThoughts":true}""")]
    [InlineData("gemini-flash-latest", "xhigh", """{"thinkingLevel":"HIGH","includeThoughts":true}""")]
    public void WriteRequest_Effort_IsWhatTheModelCanDo(string model, string effort, string thinking) =>
        Assert.Equal(Thinking(thinking, 60000), Written(Hi with { MaxOutputTokens = 60000, Reasoning = new Reasoning(effort, null) }, model));

    // Thoughts count against the limit: what is all of it is billed for an empty answer.
    [Theory]
    [InlineData("gemini-2.5-flash", "high", 1000, """{"thinkingBudget":800,"includeThoughts":true}""", true)]
    [InlineData("gemini-2.5-flash", "low", 2000, """{"thinkingBudget":1024,"includeThoughts":true}""", false)]
    [InlineData("gemini-2.5-flash-lite", "high", 1000, """{"thinkingBudget":800,"includeThoughts":true}""", true)]
    [InlineData("gemini-2.5-flash-lite", "high", 500, """{"thinkingBudget":0}""", true)]
    [InlineData("gemini-2.5-pro", "high", 100, """{"thinkingBudget":128,"includeThoughts":true}""", true)] // Pro always thinks.
    [InlineData("gemini-3-pro-preview", "high", 1000, """{"thinkingLevel":"HIGH","includeThoughts":true}""", false)]
    public void WriteRequest_EffortBesideTheCallersLimit_LeavesRoomForTheAnswer(string model, string effort, int limit, string thinking, bool isTold)
    {
        var request = Hi with { MaxOutputTokens = limit, Reasoning = new Reasoning(effort, null) };
        Assert.Equal(Thinking(thinking, limit), Written(request, model));
        Assert.Equal(isTold, Adapter.Warnings(Calls.Of(request), Target(model)).Contains("thinking budget lowered to leave room for the answer", StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(2000, 2001, 2000)]
    [InlineData(2000, 2000, 1600)]
    [InlineData(9000, 1000, 800)]
    public void WriteRequest_BudgetBesideTheCallersLimit_IsKeptWhileItIsLess(int tokens, int limit, int sent) => Assert.Equal(
        Thinking($$"""{"thinkingBudget":{{sent}},"includeThoughts":true}""", limit), Written(Hi with { MaxOutputTokens = limit, Reasoning = new Reasoning(null, tokens) }));

    // The model endpoint's limit, 4096, is for the answer.
    [Theory]
    [InlineData("gemini-2.5-flash", "high", 28672)]
    [InlineData("gemini-2.5-flash", "none", 4096)]
    [InlineData("gemini-2.5-pro", null, 12288)]
    [InlineData("gemini-2.5-flash-lite", null, 4096)]
    [InlineData("gemini-3-pro-preview", "low", 36864)]
    [InlineData("gemini-2.0-flash-001", null, 4096)]
    public void WriteRequest_NoLimitOfTheCaller_ThoughtsHaveRoomBesideTheAnswer(string model, string? effort, int limit) => Assert.Contains(
        $$"""{"maxOutputTokens":{{limit}}""", Written(Hi with { MaxOutputTokens = null, Reasoning = effort is null ? null : new Reasoning(effort, null) }, model), StringComparison.Ordinal);

    [Theory]
    [InlineData(60000, 65536)]
    [InlineData(100000, 100000)]
    public void WriteRequest_LargeLimitOfTheEndpoint_IsRaisedAsFarAsTheModelWrites(int own, int limit) => Assert.Contains(
        $$"""{"maxOutputTokens":{{limit}}""", Calls.Written(Adapter, Target("gemini-2.5-pro") with { MaxOutputTokens = own }, Hi with { MaxOutputTokens = null }), StringComparison.Ordinal);

    [Theory]
    [InlineData("gemini-2.5-flash")]
    [InlineData("gemini-3-pro-preview")]
    public void Refuse_UnknownEffort_IsNeverTheDearest(string model)
    {
        var failure = Adapter.Refuse(Calls.Of(Hi with { Reasoning = new Reasoning("hgih", null) }), Target(model));
        Assert.Equal(("reasoning_effort", "'hgih' is no reasoning effort that Gemini knows."), (failure?.Param, failure?.Message));
    }

    [Theory]
    [InlineData("gemini-2.5-flash", 2000, """{"thinkingBudget":2000,"includeThoughts":true}""")]
    [InlineData("gemini-2.5-flash", 99999, """{"thinkingBudget":24576,"includeThoughts":true}""")]
    [InlineData("gemini-2.5-pro", 99999, """{"thinkingBudget":32768,"includeThoughts":true}""")]
    [InlineData("gemini-2.5-flash-lite", 100, """{"thinkingBudget":512,"includeThoughts":true}""")]
    [InlineData("gemini-3-flash-preview", 1024, """{"thinkingLevel":"LOW","includeThoughts":true}""")]
    [InlineData("gemini-3-flash-preview", 4000, """{"thinkingLevel":"MEDIUM","includeThoughts":true}""")]
    [InlineData("gemini-3-flash-preview", 30000, """{"thinkingLevel":"HIGH","includeThoughts":true}""")]
    public void WriteRequest_Budget_IsFittedToTheModel(string model, int tokens, string thinking) =>
        Assert.Equal(Thinking(thinking, 200000), Written(Hi with { MaxOutputTokens = 200000, Reasoning = new Reasoning(null, tokens) }, model));

    [Fact]
    public void WriteRequest_ThinkingNotToBeShown_IsNotAskedFor() =>
        Assert.Equal(Thinking("""{"thinkingBudget":1024}""", 2000), Written(Hi with { MaxOutputTokens = 2000, Reasoning = new Reasoning("low", null, Show: false) }));

    [Fact]
    public void WriteRequest_EndUserAndMetadata_AreLabelsGoogleTakes()
    {
        var metadata = ImmutableDictionary<string, string>.Empty
            .Add("Team.Name", "Zürich/Ops").Add("1st", new string('V', 70)).Add("a_b", "first").Add("a.b", "kept, since '.' comes before '_'");
        Assert.EndsWith(
            $$$""","labels":{"end_user":"u-42_x_example","x1st":"{{{new string('v', 63)}}}","team_name":"z_rich_ops","a_b":"kept__since_____comes_before____"}}""",
            Written(Hi with { EndUser = "U-42@x.example", Metadata = metadata }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("end_user", "u", "metadata")]
    [InlineData("End.User", "u", "metadata")]
    [InlineData("end_user", null, null)]
    public void Refuse_KeyThatTheUserTakes_NamesTheField(string key, string? user, string? param) => Assert.Equal(
        param, Adapter.Refuse(Calls.Of(Hi with { EndUser = user, Metadata = ImmutableDictionary<string, string>.Empty.Add(key, "x") }), Calls.AnyModel)?.Param);

    [Fact]
    public void WriteRequest_MoreMetadataThanLabels_StopsAtSixtyFour()
    {
        var metadata = Enumerable.Range(0, 100).ToImmutableDictionary(i => $"k{i}", i => "v", StringComparer.Ordinal);
        Assert.Equal(64, Written(Hi with { Metadata = metadata }).Split("\":\"v\"").Length - 1);
    }

    private static string Config(string config) => $$$"""{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"generationConfig":{{{config}}}}""";

    private static string Thinking(string thinking, int limit) => Config($$$"""{"maxOutputTokens":{{{limit}}},"thinkingConfig":{{{thinking}}}}""");

    private static ToolResultPart Result(string text, bool isError = false) => new("c", "w", [new TextPart(text)], isError);

    private static string Contents(string model, params ImmutableArray<ChatMessage> messages)
    {
        var written = Written(new ChatRequest { Messages = messages, MaxOutputTokens = 9 }, model);
        const string Before = "{\"contents\":", After = ",\"generationConfig\":{\"maxOutputTokens\":9}}";
        Assert.StartsWith(Before, written, StringComparison.Ordinal);
        Assert.EndsWith(After, written, StringComparison.Ordinal);
        return written[Before.Length..^After.Length];
    }

    private static string Written(ChatRequest request, string model = "gemini-2.5-flash") =>
        Calls.Written(Adapter, Target(model), request);

    private static ModelTarget Target(string model) => new(model, "europe-west4", "my-project", "", 4096);
}
