using System.Text;
using System.Text.Json;
using Routing.Core.Llm;
using Routing.Core.Providers;
using Routing.Core.Tests.Providers;

namespace Routing.Core.Tests.Llm;

public sealed class ProviderSentenceTests
{
    [Theory]
    [InlineData(ProviderKind.Anthropic, """{"type":"error","error":{"type":"invalid_request_error","message":"messages.2: canary"}}""")]
    [InlineData(ProviderKind.Vertex, """[{"error":{"code":400,"status":"INVALID_ARGUMENT","message":"messages.2: canary"}}]""")]
    [InlineData(ProviderKind.Bedrock, """{"message":"messages.2: canary","__type":"ValidationException"}""")]
    [InlineData(ProviderKind.AzureOpenAI, """{"error":{"message":"messages.2: canary","type":"invalid_request_error","param":"messages","code":null}}""")]
    [InlineData(ProviderKind.OpenAICompatible, """{"error":{"message":"messages.2: canary","type":"invalid_request_error","param":"messages","code":null}}""")]
    public void ReadFailure_TheCallersMistake_SaysWhatTheProviderSaidToTheCallerOnly(ProviderKind kind, string body)
    {
        var failure = ProviderAdapters.Of(kind).ReadFailure(400, new ListedHeaders(), Encoding.UTF8.GetBytes(body));

        Assert.Equal((FailureKind.InvalidRequest, "messages.2: canary"), (failure.Kind, failure.Said?.ForCaller()));
        Assert.DoesNotContain("canary", failure.ToString() + failure.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", JsonSerializer.Serialize(failure), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    public void ReadFailure_NotTheCallersMistake_KeepsNothingOfIt(int status) =>
        Assert.Null(ProviderAdapters.Of(ProviderKind.OpenAICompatible).ReadFailure(status, new ListedHeaders(), """{"error":{"message":"canary"}}"""u8).Said);

    [Theory]
    [InlineData("`tool_use` ids were found without `tool_result` blocks: toolu_01AbC.", "`tool_use` ids were found without `tool_result` blocks: toolu_01AbC.")]
    [InlineData("messages.1.content.0.text: must be at most 4294967296 of 20.5", "messages.1.content.0.text: must be at most 4294967296 of 20.5")]
    [InlineData("a\r\nb\t\u0000c\u202Ed", "a b c d")]
    [InlineData("model arn:aws:bedrock:us-east-1:123456789012:inference-profile/x is not", "model (hidden) is not")]
    [InlineData("account 123456789012 has", "account (hidden) has")]
    [InlineData("see https://portal.example/x?y=z. Call 10.1.2.3:8080 or vllm-0.models.svc", "see (hidden) Call (hidden) or (hidden)")]
    [InlineData("host my-resource.openai.azure.com:443 said", "host (hidden) said")]
    [InlineData("robot@team-1.iam.gserviceaccount.com may not", "(hidden) may not")]
    [InlineData("projects/team-1/locations/x and project 'team-1' and the project has", "projects/(hidden)/locations/x and project '(hidden)' and the project has")]
    [InlineData("in organization org-a1b2c3d4e5 of 01234567-89ab-cdef-0123-456789abcdef, key sk-abc123456789", "in organization (hidden) of (hidden), key (hidden)")]
    [InlineData("at fd00:1:2:3::5 now", "at (hidden) now")]
    public void Of_WhatNamesSomebody_IsHidden(string text, string expected) => Assert.Equal(expected, ProviderSentence.Of(text)?.ForCaller());

    [Fact]
    public void Of_Overlong_IsCut()
    {
        var text = ProviderSentence.Of(string.Concat(Enumerable.Repeat("abcdefg ", 1000)))!.ForCaller();
        Assert.Equal((1000, '…'), (text.Length, text[^1]));
        Assert.Null(ProviderSentence.Of(new string('x', 5000)));
        Assert.Null(ProviderSentence.Of(" \r\n"));
    }

    [Fact]
    public void Of_CutInsideACharacter_LeavesNoHalfOfIt() =>
        Assert.Equal(new string('x', 998) + "…", ProviderSentence.Of(new string('x', 998) + "😀😀")?.ForCaller());
}
