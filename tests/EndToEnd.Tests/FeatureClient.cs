using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using OpenAI;
using OpenAI.Chat;

namespace EndToEnd.Tests;

/// <summary>A product team's code: OpenAI's own client, of which only the base address and the key are ours.</summary>
internal sealed class FeatureClient(RunningProduct product, string feature)
{
    private readonly ChatClient _chat = new(feature, new ApiKeyCredential(product.CallerKey), new OpenAIClientOptions
    {
        Endpoint = new Uri(product.Edge, "/v1"),
        RetryPolicy = new ClientRetryPolicy(maxRetries: 0), // a retry of the client would hide what the edge failed to do
    });

    public async Task<FeatureAnswer> AskAsync(string question)
    {
        var result = await _chat.CompleteChatAsync([new UserChatMessage(question)]);
        return Answer(result.GetRawResponse(), string.Concat(result.Value.Content.Select(c => c.Text)), result.Value.Usage);
    }

    public async Task<FeatureAnswer> StreamAsync(string question)
    {
        var stream = _chat.CompleteChatStreamingAsync([new UserChatMessage(question)]);
        var text = new StringBuilder();
        ChatTokenUsage? usage = null;
        await foreach (var update in stream)
        {
            foreach (var part in update.ContentUpdate) text.Append(part.Text);
            usage = update.Usage ?? usage;
        }

        return Answer(null, text.ToString(), usage);
    }

    private static FeatureAnswer Answer(PipelineResponse? response, string text, ChatTokenUsage? usage) =>
        new(text, Header(response, "x-route-endpoint"), Header(response, "x-route-request-id"), usage?.InputTokenCount, usage?.OutputTokenCount);

    private static string Header(PipelineResponse? response, string name) => response is not null && response.Headers.TryGetValue(name, out var value) ? value ?? "" : "";
}

internal sealed record FeatureAnswer(string Text, string Endpoint, string RequestId, int? InputTokens, int? OutputTokens);
