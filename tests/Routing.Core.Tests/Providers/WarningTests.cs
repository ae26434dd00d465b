using System.Collections.Immutable;
using Routing.Core.Llm;
using Routing.Core.Providers;

namespace Routing.Core.Tests.Providers;

/// <summary>What depends on a value is told only where it happened.</summary>
public sealed class WarningTests
{
    private const string Sonnet = "claude-sonnet-4-5";
    private const string Flash = "gemini-2.5-flash";
    private const string Third = "gemini-3-pro-preview";

    private static readonly ChatRequest Hi = new() { Messages = [ChatMessage.Of(ChatRole.User, "Hi")], MaxOutputTokens = 8000 };

    public static TheoryData<string, ChatRequest, string> Told => new()
    {
        { Sonnet, Hi with { Reasoning = new Reasoning("none", null) }, "" },
        { Sonnet, Hi with { Reasoning = new Reasoning("low", null) }, "reasoning effort sent as a thinking budget" },
        { Sonnet, Hi with { Reasoning = new Reasoning(null, 1024) }, "" },
        { Sonnet, Hi with { Reasoning = new Reasoning("low", null) { Thinks = false } }, "effort not sent; this model has none apart from its thinking" },
        { "claude-opus-4-6", Hi with { Reasoning = new Reasoning("high", null) }, "" },
        { "claude-opus-4-6", Hi with { Reasoning = new Reasoning("minimal", null) }, "reasoning effort sent as the nearest the model has" },
        { "claude-opus-5", Hi with { Reasoning = new Reasoning(null, 2000) }, "thinking budget sent as an effort" },
        { "claude-opus-5", Hi with { Temperature = 1.5 }, "temperature not sent" },
        { Sonnet, Hi with { Temperature = 1.5 }, "temperature lowered to 1" },
        { Sonnet, Hi with { Temperature = 1 }, "" },
        { Sonnet, Handed("c2lnbmVk"), "" },
        { Sonnet, Handed("gemini:c2ln"), "earlier reasoning of other models not sent" },
        { Sonnet, Hi with { Messages = [ChatMessage.Of(ChatRole.System, "a"), ChatMessage.Of(ChatRole.System, "b"), .. Hi.Messages] }, "" },
        { Sonnet, Hi with { Messages = [.. Hi.Messages, ChatMessage.Of(ChatRole.System, "a"), .. Hi.Messages] }, "system messages moved to the top of the conversation" },
        { Flash, Hi with { Messages = [.. Hi.Messages, ChatMessage.Of(ChatRole.System, "a"), .. Hi.Messages] }, "system messages moved to the top of the conversation" },
        { Flash, Hi with { Reasoning = new Reasoning("low", null) }, "reasoning effort translated to a thinking budget" },
        { Flash, Hi with { Reasoning = new Reasoning("none", null) }, "" },
        { Flash, Hi with { Reasoning = new Reasoning(null, 2000) }, "" },
        { Flash, Hi with { MaxOutputTokens = 60000, Reasoning = new Reasoning(null, 50000) }, "reasoning budget fitted to the range of the model" },
        { "gemini-2.5-pro", Hi with { Reasoning = new Reasoning("none", null) }, "thinking cannot be switched off; the least of the model is asked for" },
        { Third, Hi with { Reasoning = new Reasoning("none", null) }, "thinking cannot be switched off; the least of the model is asked for" },
        { Third, Hi with { Reasoning = new Reasoning(null, 2000) }, "reasoning budget translated to a thinking level" },
        { Third, Handed("gemini:c2ln"), "" },
        { Third, Handed("c2lnbmVk"), "earlier reasoning of other models left out" },
        { "us.amazon.nova-2-lite-v1:0", Hi with { Reasoning = new Reasoning("low", null) }, "" },
        { "us.amazon.nova-2-lite-v1:0", Hi with { Reasoning = new Reasoning("minimal", null) }, "reasoning effort sent as the nearest the model has" },
        { "us.amazon.nova-2-lite-v1:0", Marked(null), "" },
        { "us.amazon.nova-2-lite-v1:0", Marked("1h"), "cache_control sent without ttl and not on tools" },
        { "us.amazon.nova-2-lite-v1:0", Hi with { Metadata = Pair("short") }, "" },
        { "us.amazon.nova-2-lite-v1:0", Hi with { Metadata = Pair(new string('v', 257)) }, "metadata values cut to 256 characters of those Bedrock allows" },
        { "us.amazon.nova-2-lite-v1:0", Hi with { Metadata = Pair("zürich") }, "metadata values cut to 256 characters of those Bedrock allows" },
    };

    [Theory]
    [MemberData(nameof(Told))]
    public void Warnings_OfAValue_OnlyWhereItHappened(string model, ChatRequest request, string warning)
    {
        var vertex = model.StartsWith("gemini", StringComparison.Ordinal);
        if (model.StartsWith("claude", StringComparison.Ordinal)) AssertTold(ProviderKind.Anthropic, model, request, warning);
        AssertTold(vertex ? ProviderKind.Vertex : ProviderKind.Bedrock, vertex || model.StartsWith("us.", StringComparison.Ordinal) ? model : "anthropic." + model, request, warning);
    }

    private static void AssertTold(ProviderKind provider, string model, ChatRequest request, string warning) => Assert.Equal(
        warning, string.Join(" | ", ProviderAdapters.Of(provider).Warnings(Calls.Of(request), new ModelTarget(model, "r", "p", "", 4096))));

    private static ChatRequest Handed(string signature) => Hi with
    {
        Messages = [.. Hi.Messages, new ChatMessage(ChatRole.Assistant, [new ReasoningPart("hm", signature), new TextPart("yes")]), .. Hi.Messages],
    };

    private static ChatRequest Marked(string? ttl) => Hi with { Messages = [new ChatMessage(ChatRole.User, [new TextPart("x") { Cache = new CacheMark(ttl) }])] };

    private static ImmutableDictionary<string, string> Pair(string value) => ImmutableDictionary<string, string>.Empty.Add("team", value);
}
