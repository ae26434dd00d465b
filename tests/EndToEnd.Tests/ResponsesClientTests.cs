// The whole namespace is marked as a preview.
#pragma warning disable OPENAI001
using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using System.Text.Json;
using OpenAI.Responses;

namespace EndToEnd.Tests;

/// <summary>OpenAI's own client of the Responses API, in front of clouds that do not have it.</summary>
[Collection(CallingCollection.Name)]
public sealed class ResponsesClientTests(RunningProduct product)
{
    private const string Question = "Summarise: we ship on Friday, Zürich joins at three.";

    private static readonly ResponseTool Weather = ResponseTool.CreateFunctionTool("get_weather",
        BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}"""), strictModeEnabled: true);

    [Theory]
    [InlineData("huddle-notes", "vertex")]
    [InlineData("thread-summary", "bedrock")]
    public async Task Responses_EachCloud_StreamAndWholeAnswerAgree(string feature, string wire)
    {
        var client = Client();
        var before = await product.Clouds.LastAsync();

        ResponseResult whole = await client.CreateResponseAsync(Ask(feature, Question));
        var (streamed, text) = await StreamAsync(client, Ask(feature, Question));

        Assert.NotEmpty(whole.GetOutputText());
        Assert.Equal((whole.GetOutputText(), whole.GetOutputText()), (streamed.GetOutputText(), text));
        Assert.Equal((ResponseStatus.Completed, ResponseStatus.Completed), (whole.Status, streamed.Status));
        var calls = await product.Clouds.CallsAfterAsync(before);
        Assert.Equal([(wire, false), (wire, true)], calls.Select(c => (c.Wire, c.Streamed)));
        Assert.Equal((calls[0].InputTokens, calls[0].OutputTokens), (whole.Usage.InputTokenCount, whole.Usage.OutputTokenCount));
        Assert.Equal((calls[1].InputTokens, calls[1].OutputTokens), (streamed.Usage.InputTokenCount, streamed.Usage.OutputTokenCount));
    }

    [Theory]
    [InlineData("huddle-notes", false)]
    [InlineData("huddle-notes", true)]
    [InlineData("thread-summary", false)]
    [InlineData("thread-summary", true)]
    public async Task Responses_ToolLoop_EndsInAnAnswer(string feature, bool stream)
    {
        var client = Client();
        var ask = Ask(feature, "What is the weather in Zürich?");
        ask.Tools.Add(Weather);

        var first = stream ? (await StreamAsync(client, ask)).Response : (await client.CreateResponseAsync(ask)).Value;
        var call = Assert.Single(first.OutputItems.OfType<FunctionCallResponseItem>());
        using var arguments = JsonDocument.Parse(call.FunctionArguments);
        Assert.Equal(("get_weather", JsonValueKind.String), (call.FunctionName, arguments.RootElement.GetProperty("city").ValueKind));

        foreach (var item in first.OutputItems) ask.InputItems.Add(item);
        ask.InputItems.Add(ResponseItem.CreateFunctionCallOutputItem(call.CallId, """{"celsius":21}"""));
        var second = stream ? (await StreamAsync(client, ask)).Response : (await client.CreateResponseAsync(ask)).Value;

        Assert.Empty(second.OutputItems.OfType<FunctionCallResponseItem>());
        Assert.NotEmpty(second.GetOutputText());
    }

    [Theory]
    [InlineData("huddle-notes")]
    [InlineData("thread-summary")]
    public async Task Responses_StructuredOutput_FollowsTheSchema(string feature)
    {
        var ask = Ask(feature, Question);
        ask.TextOptions = new ResponseTextOptions
        {
            TextFormat = ResponseTextFormat.CreateJsonSchemaFormat("notes",
                BinaryData.FromString("""{"type":"object","properties":{"title":{"type":"string"},"people":{"type":"integer"}},"required":["title","people"],"additionalProperties":false}"""),
                jsonSchemaIsStrict: true),
        };

        ResponseResult answer = await Client().CreateResponseAsync(ask);

        using var json = JsonDocument.Parse(answer.GetOutputText());
        Assert.Equal(["people", "title"], json.RootElement.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Equal(JsonValueKind.Number, json.RootElement.GetProperty("people").ValueKind);
    }

    [Fact]
    public async Task Responses_WhatNeedsAStore_IsRefused()
    {
        var client = Client();
        var ask = Ask("huddle-notes", Question);
        ask.StoredOutputEnabled = true;

        var stored = await Assert.ThrowsAsync<ClientResultException>(() => client.CreateResponseAsync(ask));
        var fetched = await Assert.ThrowsAsync<ClientResultException>(() => client.GetResponseAsync("resp_1"));

        Assert.Contains("'store' must be false", stored.Message, StringComparison.Ordinal);
        Assert.Equal((400, 400), (stored.Status, fetched.Status));
    }

    private static CreateResponseOptions Ask(string feature, string question) => new(feature, [ResponseItem.CreateUserMessageItem(question)]);

    private static async Task<(ResponseResult Response, string Text)> StreamAsync(ResponsesClient client, CreateResponseOptions ask)
    {
        ask.StreamingEnabled = true;
        var text = new StringBuilder();
        ResponseResult? response = null;
        await foreach (var update in await client.CreateResponseStreamingAsync(ask))
        {
            if (update is StreamingResponseOutputTextDeltaUpdate delta) text.Append(delta.Delta);
            if (update is StreamingResponseCompletedUpdate completed) response = completed.Response;
        }

        Assert.NotNull(response);
        return (response, text.ToString());
    }

    private ResponsesClient Client() => new(new ApiKeyCredential(product.CallerKey), new ResponsesClientOptions
    {
        Endpoint = new Uri(product.Edge, "/v1"),
        RetryPolicy = new ClientRetryPolicy(maxRetries: 0), // a retry of the client would hide what the edge failed to do
    });
}
