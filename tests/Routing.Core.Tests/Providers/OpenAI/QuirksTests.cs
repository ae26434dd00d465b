using System.Text;
using Routing.Core.Llm;
using Routing.Core.Providers;
using Routing.Core.Providers.OpenAI;
using Routing.Core.Snapshots;

namespace Routing.Core.Tests.Providers.OpenAI;

public sealed class QuirksTests
{
    private static readonly IProviderAdapter Adapter = ProviderAdapters.Of(ProviderKind.OpenAICompatible);

    [Theory]
    [InlineData("openai", "{\"stream_options\":{\"include_usage\":true},\"model\":@, \"messages\":[{\"role\":\"developer\",\"content\":\"x\"}],\"max_completion_tokens\":5,\"seed\":1,\"user\":\"u\",\"stream\":true }")]
    [InlineData("mistral", "{\"model\":@,\"messages\":[{\"role\":\"system\",\"content\":\"x\"}],\"max_tokens\":5,\"random_seed\":1,\"stream\":true}")]
    [InlineData("vllm", "{\"stream_options\":{\"include_usage\":true},\"model\":@,\"messages\":[{\"role\":\"system\",\"content\":\"x\"}],\"max_tokens\":5,\"seed\":1,\"user\":\"u\",\"stream\":true}")]
    [InlineData("ollama", "{\"stream_options\":{\"include_usage\":true},\"model\":@,\"messages\":[{\"role\":\"system\",\"content\":\"x\"}],\"max_tokens\":5,\"seed\":1,\"stream\":true}")]
    public void WriteRequest_SameWire_ChangesOnlyWhatTheHostWantsOtherwise(string preset, string expected) => Assert.Equal(
        expected.Replace("@", "\"m\"", StringComparison.Ordinal),
        Written(preset, """{"model":"f", "messages":[{"role":"developer","content":"x"}],"max_completion_tokens":5,"seed":1,"user":"u","stream":true }"""));

    [Fact]
    public void WriteRequest_KeptMembers_AreTheirOwnBytes() => Assert.Equal(
        """{"messages" : [ {"content":"\"user\": \u00fc","role" : "user"} , 7 ],"m\u0065tadata" : { "user":"x" },"model":"m"}""",
        Written("mistral", """ { "messages" : [ {"content":"\"user\": \u00fc","role" : "user"} , 7 ] , "m\u0065tadata" : { "user":"x" }, "us\u0065r":"u", "model":"f" , "stream_options":null} """));

    [Theory]
    [InlineData("openai")]
    [InlineData("mistral")]
    public void WriteRequest_WhatTheHostDidNotMake_IsLeftOutOfTheHistory(string preset) => Assert.Equal(
        """{"model":"m","messages":[{"role":"assistant","content":"x","tool_calls":[{"id":"abcDEF123","function":{"name":"f","arguments":"{}"}}]},{"role":"assistant", "content":"y"},{}]}""",
        Written(preset, """{"model":"f","messages":[{"role":"assistant","parsed":{"a":[1]},"content":"x","thinking_blocks":[{"type":"thinking"}],"tool_calls":[{"id":"abcDEF123","function":{"parsed_arguments":{},"name":"f","arguments":"{}"}}]},{"parsed":null, "thinking_blocks":[], "role":"assistant", "content":"y"},{"parsed":1}]}""",
            Rewrites.HelperMembers | Rewrites.ForeignReasoning));

    [Theory]
    [InlineData("openai", true)]
    [InlineData("vllm", false)]
    public void WriteRequest_WhatOnlySomeHostsKnow_GoesToThose(string preset, bool isLeftOut)
    {
        const string Plain = """{"model":"m","messages":[{"role":"assistant","content":[{"type":"text","text":"x"MARK}]REASONING}],"tools":[{"type":"function"MARK}]}""";
        const string Full = """{"model":"f","messages":[{"role":"assistant","content":[{"type":"text","text":"x"MARK}]REASONING}],"tools":[{"type":"function"MARK}]}""";
        string With(string body, bool all) => body.Replace("MARK", all ? ",\"cache_control\":{\"type\":\"ephemeral\"}" : "", StringComparison.Ordinal)
            .Replace("REASONING", all ? ",\"reasoning_content\":\"hm\"" : "", StringComparison.Ordinal);
        Assert.Equal(With(Plain, all: !isLeftOut), Written(preset, With(Full, all: true), Rewrites.Extensions));
    }

    [Theory]
    [InlineData("openai", "call_1", "call_1")]
    [InlineData("openai", "gcall_answer1_0_c2lnbmF0dXJlLXNpZ25hdHVyZS1zaWduYXR1cmU", "gcall_answer1_0")]
    [InlineData("openai", "0123456789012345678901234567890123456789x", "01234567890123456789012_14e06e26460223e3")]
    [InlineData("vllm", "0123456789012345678901234567890123456789x", "0123456789012345678901234567890123456789x")]
    [InlineData("mistral", "abcDEF123", "abcDEF123")]
    [InlineData("mistral", "call_1", null)]
    [InlineData("mistral", "gcall_answer1_0_c2lnbmF0dXJl", null)]
    public void WriteRequest_IdOfAToolCall_FitsTheHostInCallAndResult(string preset, string id, string? expected)
    {
        var own = Written(preset, $$"""{"model":"f","messages":[{"role":"assistant","tool_calls":[{"id":"{{id}}"}]},{"role":"tool","tool_call_id":"{{id}}","content":""}]}""", Rewrites.LongCallIds);
        var translated = Calls.Written(Adapter, Of(preset), new ChatRequest
        {
            Messages = [new(ChatRole.Assistant, [new ToolCallPart(id, "f", "{}")]), new(ChatRole.Tool, [new ToolResultPart(id, "f", [new TextPart("x")], IsError: false)])],
        });
        var ids = new[] { own, translated }.SelectMany(body => System.Text.RegularExpressions.Regex.Matches(body, "\"(?:id|tool_call_id)\":\"([^\"]*)\"").Select(m => m.Groups[1].Value)).ToList();
        Assert.Equal(4, ids.Count);
        var fitting = Assert.Single(ids.Distinct(StringComparer.Ordinal));
        if (expected is null) Assert.Matches("^[A-Za-z0-9]{9}$", fitting);
        else Assert.Equal(expected, fitting);
    }

    [Theory]
    [InlineData("openai", "{\"model\":\"m\",\"max_completion_tokens\":5}")]
    [InlineData("mistral", "{\"model\":\"m\",\"max_tokens\":5}")]
    public void WriteRequest_BothNamesOfTheLimit_OneArrives(string preset, string expected) =>
        Assert.Equal(expected, Written(preset, """{"max_tokens":5,"model":"f","max_completion_tokens":5}""", Rewrites.BothLimits));

    [Fact]
    public void WriteRequest_OneNameOfTheLimitIsNull_TheOtherArrives() =>
        Assert.Equal("""{"max_tokens":5,"model":"m"}""", Written("mistral", """{"max_tokens":5,"model":"f","max_completion_tokens":null}"""));

    [Theory]
    [InlineData("openai", """{"max_completion_tokens":700,"model":"m","messages":[]}""")]
    [InlineData("mistral", """{"max_tokens":700,"model":"m","messages":[]}""")]
    public void WriteRequest_CostIsLimitedAndTheCallerSetsNone_HasTheEndpointsLimit(string preset, string expected)
    {
        var bound = Of(preset) with { MaxOutputTokens = 700, BoundsAnswer = true };
        foreach (var json in new[] { """{"model":"f","messages":[]}""", """{"max_tokens":null,"model":"f","messages":[],"max_completion_tokens":null}""" })
        {
            Assert.Equal(expected, Calls.Written(Adapter, bound, Call(json)));
        }
    }

    [Fact]
    public void WriteRequest_CostIsLimitedAndTheCallerSetsItself_GoesOnAsItCame()
    {
        const string Body = """{"model":"m","messages":[],"max_completion_tokens":5}""";
        Assert.Equal(Body, Calls.Written(Adapter, Of("openai") with { MaxOutputTokens = 700, BoundsAnswer = true }, Call(Body.Replace("\"m\"", "\"f\"", StringComparison.Ordinal), limit: 5)));
    }

    [Fact]
    public void WriteRequest_CostOfAResponsesCallIsLimited_HasTheEndpointsLimitUnderItsName() => Assert.Equal(
        """{"store":false,"max_output_tokens":700,"model":"m","input":"hi"}""",
        Calls.Written(Adapter, Of("openai") with { MaxOutputTokens = 700, BoundsAnswer = true }, Call("""{"model":"f","store":null,"input":"hi","max_output_tokens":null}""", api: CallerApi.Responses)));

    [Theory]
    [InlineData("", "api.openai.com", true, MaxTokensField.MaxCompletionTokens)]
    [InlineData("", "llm.example", false, MaxTokensField.MaxCompletionTokens)]
    [InlineData("", "API.mistral.ai", false, MaxTokensField.MaxTokens)]
    [InlineData("openai", "llm.example", true, MaxTokensField.MaxCompletionTokens)]
    [InlineData("vllm", "api.openai.com", false, MaxTokensField.MaxTokens)]
    public void Of_Preset_IsTheNamedOneElseTheHosts(string preset, string host, bool responses, MaxTokensField maxTokens)
    {
        var quirks = QuirkPresets.Of(new() { Preset = preset }, host);
        Assert.Equal((responses, maxTokens), (quirks.Responses, quirks.MaxTokens));
    }

    [Fact]
    public void Of_OwnSettings_LieOverThePreset()
    {
        var quirks = QuirkPresets.Of(new() { Preset = "vllm", BasePath = "/", TopK = false, Seed = SeedField.RandomSeed, Refuses = ["n", "verbosity"] }, "");
        Assert.Equal(("", false, SeedField.RandomSeed, PrefillMode.ContinueFinalMessage), (quirks.BasePath, quirks.TopK, quirks.Seed, quirks.Prefill));
        Assert.Equal(["service_tier", "verbosity", "n"], quirks.Refuses, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(true, CallerApi.Responses, "/openai/v1/responses")]
    [InlineData(false, CallerApi.Responses, "/openai/deployments/gpt/chat/completions?api-version=2024-10-21")]
    [InlineData(true, CallerApi.Messages, "/openai/v1/chat/completions")]
    public void Target_OnAzure_HasResponsesAtItsV1PathOnly(bool isV1, CallerApi api, string path)
    {
        var target = new ModelTarget("gpt", "", "", isV1 ? "" : "2024-10-21", 1) { Quirks = QuirkPresets.OfAzure(null, isV1) };
        Assert.Equal(path, ProviderAdapters.Of(ProviderKind.AzureOpenAI).Target(target, api, stream: false).PathAndQuery);
    }

    [Theory]
    [InlineData("openai", CallerApi.Responses, "/v1/responses")]
    [InlineData("vllm", CallerApi.Responses, "/v1/chat/completions")]
    [InlineData("openai", CallerApi.Messages, "/v1/chat/completions")]
    [InlineData("openai", CallerApi.Embeddings, "/v1/embeddings")]
    public void Target_Api_HasItsPath(string preset, CallerApi api, string path) => Assert.Equal(path, Adapter.Target(Of(preset), api, stream: false).PathAndQuery);

    [Fact]
    public void Target_BasePath_StandsBeforeIt() => Assert.Equal("/serving/v2/chat/completions",
        Adapter.Target(Calls.AnyModel with { Quirks = QuirkPresets.Of(new() { BasePath = "/serving/v2" }, "") }, CallerApi.ChatCompletions, stream: true).PathAndQuery);

    [Fact]
    public void Support_RefusedField_IsLeftOutWithAWarningOrSendsTheCallElsewhere()
    {
        var support = Adapter.Support(CallerApi.ChatCompletions, Of("ollama"));
        Assert.True(support.Carries.HasFlag(Capabilities.EndUser | Capabilities.Metadata | Capabilities.Tools));
        Assert.Equal(Capabilities.None, support.Carries & (Capabilities.MultipleChoices | Capabilities.LogitBias | Capabilities.SerialToolCalls | Capabilities.Verbosity));
        Assert.Equal(["user not sent", "metadata not sent"], support.Approximations.Select(a => a.Warning), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("openai", Capabilities.None)]
    [InlineData("together", Capabilities.TopK)]
    [InlineData("mistral", Capabilities.AssistantPrefill)]
    [InlineData("vllm", Capabilities.TopK | Capabilities.AssistantPrefill)]
    public void Support_OfTranslatedCalls_KnowsWhatTheHostAdds(string preset, Capabilities added) =>
        Assert.Equal(added, Adapter.Support(CallerApi.Messages, Of(preset)).Carries & (Capabilities.TopK | Capabilities.AssistantPrefill | Capabilities.SameWireFields | Capabilities.Logprobs));

    [Theory]
    [InlineData("openai", "earlier reasoning not sent")]
    [InlineData("vllm", "earlier reasoning sent without its signature")]
    public void Support_OfTranslatedCalls_SaysWhatBecomesOfEarlierReasoning(string preset, string warning) =>
        Assert.Contains(new Approximation(Capabilities.ReasoningHistory, warning), Adapter.Support(CallerApi.Messages, Of(preset)).Approximations);

    private static ModelTarget Of(string preset) => Calls.AnyModel with { Quirks = QuirkPresets.Of(new QuirksConfig { Preset = preset }, "") };

    private static string Written(string preset, string json, Rewrites rewrites = Rewrites.None) => Calls.Written(Adapter, Of(preset), Call(json, rewrites));

    private static ChatCall Call(string json, Rewrites rewrites = Rewrites.None, int? limit = null, CallerApi api = CallerApi.ChatCompletions)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var at = bytes.AsSpan().LastIndexOf("\"f\""u8);
        return new ChatCall(() => throw new InvalidOperationException("The same wire needs no canonical request."))
        {
            Feature = "f", Api = api, MaxOutputTokens = limit, Stream = json.Contains("\"stream\":true", StringComparison.Ordinal),
            Original = new OriginalBody(bytes, at..(at + 3), null, bytes.AsSpan().IndexOf((byte)'{') + 1) { Rewrites = rewrites },
        };
    }
}
