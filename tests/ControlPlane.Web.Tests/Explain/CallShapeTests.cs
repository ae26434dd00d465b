using System.Text.Json.Nodes;
using ControlPlane.Web.Explain;
using Routing.Core.Llm;

namespace ControlPlane.Web.Tests.Explain;

public sealed class CallShapeTests
{
    [Fact]
    public void Parse_Nothing_IsAStreamedChatOfAThousandTokens()
    {
        ChatCall call = CallShape.Parse(null, null, null, null, null).ToCall("recap");

        Assert.Equal(("recap", CallerApi.ChatCompletions, true, 4_000), (call.Feature, call.Api, call.Stream, call.Bytes));
        Assert.Equal(Capabilities.Text | Capabilities.Streaming, call.Needs);
        Assert.Null(call.MaxOutputTokens);
    }

    [Fact]
    public void Parse_AllOfIt_IsThatCall()
    {
        CallShape shape = CallShape.Parse("messages", "0", "20000", "300", "tools,image_urls");
        ChatCall call = shape.ToCall("recap");

        Assert.Equal((CallerApi.Messages, false, 80_000, 300), (call.Api, call.Stream, call.Bytes, call.MaxOutputTokens));
        Assert.Equal(Capabilities.Text | Capabilities.Tools | Capabilities.Vision | Capabilities.ImageUrls, call.Needs);
        Assert.Equal("tools,image_urls", shape.NeedsKey);
    }

    [Theory]
    [InlineData("chat", "x", "-4", "99999999999", "flying,tools;drop")]
    [InlineData("CHAT_COMPLETIONS", "", "1e9", " 7", "text,embeddings")]
    public void Parse_WhatIsNoShape_IsAsUsual(string api, string stream, string input, string limit, string needs) =>
        Assert.Equal(new CallShape(), CallShape.Parse(api, stream, input, limit, needs));

    [Fact]
    public void Parse_NeedTheApiCannotSay_IsLeftOut()
    {
        Assert.Equal(Capabilities.None, CallShape.Parse("messages", null, null, null, "logprobs,seed").Needs);
        Assert.Equal(Capabilities.Embeddings, CallShape.Parse("embeddings", null, null, "5", "tools").ToCall("recap").Needs);
    }

    [Fact]
    public void ToCall_Reasoning_IsInTheRequestThatAdaptersLookInto()
    {
        ChatCall call = CallShape.Parse(null, null, null, "500", "reasoning").ToCall("recap");

        Assert.Equal(("medium", 500), (call.Request.Reasoning!.Effort, call.Request.MaxOutputTokens));
        Assert.Null(call.Embedding);
        Assert.NotNull(CallShape.Parse("embeddings", null, null, null, null).ToCall("recap").Embedding);
    }

    [Fact]
    public void ToCall_TwoAnswers_CountsThemBoth() =>
        Assert.Equal(2, CallShape.Parse(null, null, null, null, "multiple_choices").ToCall("recap").Choices);

    [Fact]
    public void Curl_EachApi_NamesItAndHasItsOwnBody()
    {
        string chat = ExampleCall.Curl("recap", CallShape.Parse(null, null, null, "64", "tools,vision"));
        JsonObject messages = ExampleCall.Body("recap", CallShape.Parse("messages", "0", null, null, "json_schema"));

        Assert.StartsWith("curl -s \"$EDGE/v1/routing/explain?api=chat_completions\" \\\n", chat, StringComparison.Ordinal);
        Assert.Contains("\"max_completion_tokens\":64", chat, StringComparison.Ordinal);
        Assert.Equal(2, chat.Count(c => c == '\'')); // The shell's own, around the body.
        Assert.Equal(1_024, (int)messages["max_tokens"]!);
        Assert.Null(messages["stream"]);
        Assert.Equal("json_schema", (string?)messages["output_config"]!["format"]!["type"]);
        Assert.Equal("""["model","input"]""", new JsonArray([.. ExampleCall.Body("recap", CallShape.Parse("embeddings", null, null, null, null)).Select(m => JsonValue.Create(m.Key))]).ToJsonString());
    }
}
