using System.Collections.Immutable;
using Routing.Core.Llm;
using Routing.Core.Providers;
using Routing.Core.Snapshots;

namespace Routing.Core.Tests.Providers.Bedrock;

/// <summary>Everything of a request beyond plain text, as its bytes.</summary>
public sealed class ConverseRequestTests
{
    private const string Head = """{"messages":[{"role":"user","content":[{"text":"Hi"}]}],"inferenceConfig":{"maxTokens":4096}""";

    private static readonly ModelTarget Sonnet = new("eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "eu-west-1", "", "", 4096);
    private static readonly ModelTarget Nova = Sonnet with { Model = "us.amazon.nova-2-lite-v1:0" };
    private static readonly ModelTarget Llama = Sonnet with { Model = "meta.llama4-scout-17b-instruct-v1:0" };
    private static readonly ToolDefinition Weather = new("weather", "Tells the weather.", """{"type":"object","properties":{"city":{"type":"string"}}}""", Strict: true);
    private static readonly ToolDefinition Now = new("now", "", null, Strict: false);
    private static readonly ChatRequest Hi = new() { Messages = [ChatMessage.Of(ChatRole.User, "Hi")] };

    [Fact]
    public void WriteRequest_Tools_AreSpecsWithRawSchemas() => Assert.Equal(
        Head + ""","toolConfig":{"tools":[{"toolSpec":{"name":"weather","description":"Tells the weather.","inputSchema":{"json":{"type":"object","properties":{"city":{"type":"string"}}}},"strict":true}},{"toolSpec":{"name":"now","inputSchema":{"json":{"type":"object","properties":{}}}}}]}}""",
        Written(Hi with { Tools = [Weather, Now] }));

    [Theory]
    [InlineData(ToolChoiceMode.Auto, null, "")]
    [InlineData(ToolChoiceMode.Required, null, ""","toolChoice":{"any":{}}""")]
    [InlineData(ToolChoiceMode.Named, "now", ""","toolChoice":{"tool":{"name":"now"}}""")]
    public void WriteRequest_ToolChoice_IsConverses(ToolChoiceMode mode, string? name, string expected) => Assert.Equal(
        Head + ""","toolConfig":{"tools":[{"toolSpec":{"name":"now","inputSchema":{"json":{"type":"object","properties":{}}}}}]""" + expected + "}}",
        Written(Hi with { Tools = [Now], ToolChoice = new ToolChoice(mode, name) }));

    // Converse refuses earlier calls without tools: each is declared, and no call is asked for.
    [Theory]
    [InlineData(true, """{"toolSpec":{"name":"now","inputSchema":{"json":{"type":"object","properties":{}}}}}""", "tool_choice none not sent; earlier tool calls need their tools declared")]
    [InlineData(false, """{"toolSpec":{"name":"w_1","inputSchema":{"json":{"type":"object","properties":{}}}}},{"toolSpec":{"name":"now","inputSchema":{"json":{"type":"object","properties":{}}}}}""", "tools of earlier calls declared by their names only")]
    public void WriteRequest_EarlierCallsWithoutToolsToCall_DeclaresTheirTools(bool hasTools, string tools, string warning)
    {
        var request = new ChatRequest
        {
            Messages =
            [
                new(ChatRole.Assistant, [new ToolCallPart("c1", "w_1", "{}"), new ToolCallPart("c2", "now", "{}")]),
                new(ChatRole.Tool, [new ToolResultPart("c1", "w_1", [new TextPart("1")], IsError: false), new ToolResultPart("c2", "now", [new TextPart("2")], IsError: false)]),
            ],
            Tools = hasTools ? [Now] : [], ToolChoice = hasTools ? new ToolChoice(ToolChoiceMode.None) : ToolChoice.Auto,
        };
        Assert.EndsWith($$$""","toolConfig":{"tools":[{{{tools}}}]}}""", Written(request), StringComparison.Ordinal);
        Assert.Equal([warning], Adapter.Warnings(Calls.Of(request), Calls.AnyModel).AsEnumerable(), StringComparer.Ordinal);
    }

    [Fact]
    public void WriteRequest_ToolChoiceNone_SendsNoTools() => Assert.Equal(Head + "}", Written(Hi with { Tools = [Now], ToolChoice = new ToolChoice(ToolChoiceMode.None) }));

    [Theory]
    [InlineData(ToolChoiceMode.Auto, null, """{"type":"auto","disable_parallel_tool_use":true}""")]
    [InlineData(ToolChoiceMode.Required, null, """{"type":"any","disable_parallel_tool_use":true}""")]
    [InlineData(ToolChoiceMode.Named, "now", """{"type":"tool","name":"now","disable_parallel_tool_use":true}""")]
    public void WriteRequest_OneCallAtMost_IsAnthropicsOwnChoice(ToolChoiceMode mode, string? name, string expected) => Assert.Equal(
        Head + ""","toolConfig":{"tools":[{"toolSpec":{"name":"now","inputSchema":{"json":{"type":"object","properties":{}}}}}]},"additionalModelRequestFields":{"tool_choice":""" + expected + "}}",
        Written(Hi with { Tools = [Now], ParallelToolCalls = false, ToolChoice = new ToolChoice(mode, name) }));

    [Fact]
    public void WriteRequest_ToolConversation_IsUseAndResultBlocks() => Assert.Equal(
        """{"messages":[{"role":"user","content":[{"text":"Hi"}]},{"role":"assistant","content":[{"text":"Wait."},{"toolUse":{"toolUseId":"call_1","name":"weather","input":{"city": "Köln"}}},{"toolUse":{"toolUseId":"call_2","name":"now","input":{}}}]},{"role":"user","content":[{"toolResult":{"toolUseId":"call_1","content":[{"text":"Rain"},{"image":{"format":"png","source":{"bytes":"iVBO/+8="}}}]}},{"toolResult":{"toolUseId":"call_2","content":[{"text":"no clock"}],"status":"error"}},{"text":"So?"}]}],"inferenceConfig":{"maxTokens":4096},"toolConfig":{"tools":[{"toolSpec":{"name":"now","inputSchema":{"json":{"type":"object","properties":{}}}}}]}}""",
        Written(Conversation));

    [Fact]
    public void WriteRequest_ToolErrorForAModelWithoutStatus_IsAPlainResult() =>
        Assert.DoesNotContain("status", Calls.Written(Adapter, Llama, Conversation), StringComparison.Ordinal);

    [Fact]
    public void WriteRequest_NamesAndIdsConverseRefuses_AreReplacedAlikeEverywhere()
    {
        var (id, name) = (new string('i', 80), "mcp.files/read");
        var body = Written(Hi with
        {
            Messages =
            [
                new ChatMessage(ChatRole.Assistant, [new ToolCallPart(id, name, "{}")]),
                new ChatMessage(ChatRole.Tool, [new ToolResultPart(id, name, [new TextPart("x")], IsError: false)]),
            ],
            Tools = [new ToolDefinition(name, "", null, false)], ToolChoice = new ToolChoice(ToolChoiceMode.Named, name),
        });
        var wireId = new string('i', 47) + "_62b6adb7894d1180";
        Assert.DoesNotContain(id, body, StringComparison.Ordinal);
        Assert.DoesNotContain(name, body, StringComparison.Ordinal);
        Assert.Equal(2, Count(body, $"\"toolUseId\":\"{wireId}\""));
        Assert.Equal(3, Count(body, "\"name\":\"mcp_files_read_6efd9b528294ad03\""));
    }

    [Theory]
    [InlineData("image/png", "png")]
    [InlineData("image/jpeg", "jpeg")]
    [InlineData("image/gif", "gif")]
    [InlineData("image/webp", "webp")]
    public void WriteRequest_Image_IsBytes(string mediaType, string format) => Assert.Contains(
        """{"image":{"format":"FORMAT","source":{"bytes":"AA+/"}}}""".Replace("FORMAT", format, StringComparison.Ordinal), Written(With(new ImagePart(mediaType, "AA+/"))), StringComparison.Ordinal);

    [Fact]
    public void WriteRequest_Documents_HaveNamesConverseAllowsAndNoneTwice() => Assert.Contains(
        """[{"document":{"format":"pdf","name":"Q3 2026 final (2) [draft] pdf","source":{"bytes":"JVBE"}}},{"document":{"format":"txt","name":"document","source":{"bytes":"SGk="}}},{"document":{"format":"txt","name":"document (2)","source":{"bytes":"SGk="}}},{"text":"Sum up"}]""",
        Written(With(new DocumentPart("application/pdf", "JVBE", "  Q3_2026…\n final (2) [draft].pdf"), new DocumentPart("text/plain", "SGk=", ""), new DocumentPart("text/plain", "SGk=", "ü"),
            new TextPart("Sum up"))), StringComparison.Ordinal);

    [Fact]
    public void WriteRequest_EarlierReasoning_GoesBackToAnthropicOnlyAndSigned()
    {
        var request = Hi with
        {
            Messages = [ChatMessage.Of(ChatRole.User, "Hi"), new ChatMessage(ChatRole.Assistant, [new ReasoningPart("hm", "s+g="), new ReasoningPart("unsigned", ""), new ReasoningPart("another", "gemini:c2ln"), new RedactedReasoningPart("QQ=="), new TextPart("Ho")])],
        };
        Assert.Contains("""[{"reasoningContent":{"reasoningText":{"text":"hm","signature":"s+g="}}},{"reasoningContent":{"redactedContent":"QQ=="}},{"text":"Ho"}]""", Written(request), StringComparison.Ordinal);
        Assert.Contains("""{"role":"assistant","content":[{"text":"Ho"}]}""", Calls.Written(Adapter, Nova, request), StringComparison.Ordinal);
    }

    [Fact]
    public void WriteRequest_CacheMarks_AreCachePoints()
    {
        var request = new ChatRequest
        {
            Messages =
            [
                new ChatMessage(ChatRole.System, [new TextPart("Rules") { Cache = new CacheMark("1h") }]),
                new ChatMessage(ChatRole.User, [new TextPart("Long") { Cache = new CacheMark(null) }, new TextPart("Hi")]),
                new ChatMessage(ChatRole.Assistant, [new ToolCallPart("c", "now", "")]),
                new ChatMessage(ChatRole.Tool, [new ToolResultPart("c", "now", [new TextPart("12:00") { Cache = new CacheMark("5m") }], IsError: false)]),
            ],
            Tools = [Now with { Cache = new CacheMark("1h") }],
        };
        Assert.Equal(
            """{"messages":[{"role":"user","content":[{"text":"Long"},{"cachePoint":{"type":"default"}},{"text":"Hi"}]},{"role":"assistant","content":[{"toolUse":{"toolUseId":"c","name":"now","input":{}}}]},{"role":"user","content":[{"toolResult":{"toolUseId":"c","content":[{"text":"12:00"}]}},{"cachePoint":{"type":"default","ttl":"5m"}}]}],"system":[{"text":"Rules"},{"cachePoint":{"type":"default","ttl":"1h"}}],"inferenceConfig":{"maxTokens":4096},"toolConfig":{"tools":[{"toolSpec":{"name":"now","inputSchema":{"json":{"type":"object","properties":{}}}}},{"cachePoint":{"type":"default","ttl":"1h"}}]}}""",
            Written(request));
        Assert.Equal(3, Count(Calls.Written(Adapter, Nova, request), """{"cachePoint":{"type":"default"}}"""));
        Assert.DoesNotContain("cachePoint", Calls.Written(Adapter, Llama, request), StringComparison.Ordinal);
    }

    [Fact]
    public void WriteRequest_AnswerSchema_IsAStringInOutputConfig() => Assert.Equal(
        Head + ""","outputConfig":{"textFormat":{"type":"json_schema","structure":{"jsonSchema":{"schema":"{\"type\":\"object\"}","name":"person","description":"Who"}}}}}""",
        Written(Hi with { Format = new AnswerFormat(AnswerFormatKind.JsonSchema, "person", "Who", """{"type":"object"}""", Strict: true) }));

    [Fact]
    public void WriteRequest_TopK_IsAnthropicsOwnField()
    {
        Assert.Equal(Head + ""","additionalModelRequestFields":{"top_k":40}}""", Written(Hi with { TopK = 40 }));
        Assert.Equal(Head + "}", Calls.Written(Adapter, Nova, Hi with { TopK = 40 }));
    }

    [Theory]
    [InlineData(CapacityClass.OnDemand, null, null)]
    [InlineData(CapacityClass.OnDemand, "auto", null)]
    [InlineData(CapacityClass.OnDemand, "default", "default")]
    [InlineData(CapacityClass.OnDemand, "standard_only", "default")]
    [InlineData(CapacityClass.OnDemand, "priority", "priority")]
    [InlineData(CapacityClass.OnDemand, "flex", "flex")]
    [InlineData(CapacityClass.Reserved, null, "reserved")]
    [InlineData(CapacityClass.Priority, null, "priority")]
    [InlineData(CapacityClass.Flex, "priority", "flex")]
    public void WriteRequest_Tier_IsTheEndpointsElseTheCallers(CapacityClass bought, string? asked, string? expected) => Assert.Equal(
        expected is null ? Head + "}" : Head + $$$""","serviceTier":{"type":"{{{expected}}}"}}""", Calls.Written(Adapter, Sonnet with { CapacityClass = bought }, Hi with { ServiceTier = asked }));

    [Fact]
    public void WriteRequest_ReservedByArn_HasNoTier() => Assert.Equal(Head + "}", Calls.Written(Adapter,
        Sonnet with { Model = "arn:aws:bedrock:eu-west-1:123456789012:provisioned-model/abcdefghijkl", CapacityClass = CapacityClass.Reserved }, Hi));

    [Fact]
    public void WriteRequest_MetadataAndUser_AreRequestMetadataOfItsCharacters() => Assert.Equal(
        Head + ""","requestMetadata":{"team":"Caf_ _1_","end_user":"user-7"}}""",
        Written(Hi with { Metadata = ImmutableDictionary<string, string>.Empty.Add("team", "Café \"1\""), EndUser = "user-7" }));

    [Fact]
    public void WriteRequest_LongMetadata_IsCut() => Assert.Contains(
        $"\"end_user\":\"{new string('u', 256)}\"", Written(Hi with { EndUser = new string('u', 300) }), StringComparison.Ordinal);

    private static readonly ChatRequest Conversation = Hi with
    {
        Messages =
        [
            ChatMessage.Of(ChatRole.User, "Hi"),
            new ChatMessage(ChatRole.Assistant, [new TextPart("Wait."), new ToolCallPart("call_1", "weather", """{"city": "Köln"}"""), new ToolCallPart("call_2", "now", "")]),
            new ChatMessage(ChatRole.Tool, [new ToolResultPart("call_1", "weather", [new TextPart("Rain"), new TextPart(""), new ImagePart("image/png", "iVBO/+8=")], IsError: false)]),
            new ChatMessage(ChatRole.Tool, [new ToolResultPart("call_2", "now", [new TextPart("no clock")], IsError: true)]),
            ChatMessage.Of(ChatRole.User, "So?"),
        ],
        Tools = [Now],
    };

    private static IProviderAdapter Adapter => ProviderAdapters.Of(ProviderKind.Bedrock);

    private static ChatRequest With(params ContentPart[] parts) => new() { Messages = [new ChatMessage(ChatRole.User, [.. parts])] };

    private static string Written(ChatRequest request) => Calls.Written(Adapter, Sonnet, request);

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
