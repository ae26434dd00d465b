using System.ClientModel;
using System.ClientModel.Primitives;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;

namespace Clients.Tests.Dialects;

/// <summary>OpenAI's chat completions. Reasoning is no part of the client's types: it is read and handed back through what they keep of the JSON.</summary>
internal sealed class ChatDialect(EdgeAndClouds edge) : IDialect
{
    public async Task<Answer> AskAsync(string feature, Ask ask)
    {
        var (messages, options) = (Messages(ask), Options(ask));
        return ask.Stream ? await StreamedAsync(Client(feature), messages, options) : await WholeAsync(Client(feature), messages, options);
    }

    public async IAsyncEnumerable<string> PiecesAsync(string feature, string text, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var update in Client(feature).CompleteChatStreamingAsync([new UserChatMessage(text)], cancellationToken: ct))
        {
            foreach (var part in update.ContentUpdate)
                if (part.Text is { Length: > 0 }) yield return part.Text;
        }
    }

    private ChatClient Client(string feature) => new(feature, new ApiKeyCredential(EdgeAndClouds.CallerKey), new OpenAIClientOptions
    {
        Endpoint = new Uri(edge.Edge, "/v1"), Transport = edge.Transport,
        RetryPolicy = new ClientRetryPolicy(maxRetries: 0), // A retry would hide what the edge failed to do.
    });

    private static List<ChatMessage> Messages(Ask ask)
    {
        List<ChatMessageContentPart> parts = [ChatMessageContentPart.CreateTextPart(ask.Text)];
        if (ask.WithImage) parts.Add(ChatMessageContentPart.CreateImagePart(BinaryData.FromBytes(Convert.FromBase64String(Ask.Png)), "image/png"));
        List<ChatMessage> messages = [new SystemChatMessage("Be brief."), new UserChatMessage(parts)];
        if (ask.Before is not { } before) return messages;
        messages.Add((ChatMessage)before.Turn);
        messages.AddRange(before.Calls.Select(c => new ToolChatMessage(c.Id, $"{c.Name} says 42")));
        return messages;
    }

    private static ChatCompletionOptions Options(Ask ask)
    {
        var options = new ChatCompletionOptions { MaxOutputTokenCount = 4000 };
        if (ask.WithTools) Ask.Tools.ToList().ForEach(t => options.Tools.Add(ChatTool.CreateFunctionTool(t, $"Tool {t}", BinaryData.FromString(Ask.ToolSchema))));
        if (ask.WithSchema) options.ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("bill", BinaryData.FromString(Ask.AnswerSchema), jsonSchemaIsStrict: true);
        if (ask.WithReasoning) options.ReasoningEffortLevel = ChatReasoningEffortLevel.Low;
        if (ask.Effort is { } effort) options.ReasoningEffortLevel = effort;
        return options;
    }

    private static async Task<Answer> WholeAsync(ChatClient client, List<ChatMessage> messages, ChatCompletionOptions options)
    {
        var result = await client.CompleteChatAsync(messages, options);
        var completion = result.Value;
        using var raw = JsonDocument.Parse(result.GetRawResponse().Content);
        var message = raw.RootElement.GetProperty("choices")[0].GetProperty("message");
        var calls = completion.ToolCalls.Select((c, index) => new ToolCall(index, c.Id, c.FunctionName, c.FunctionArguments.ToString(), 1)).ToList();
        return Answer(
            string.Concat(completion.Content.Select(c => c.Text)), Text(message, "reasoning_content"), Elements(message), calls, completion.FinishReason.ToString(), completion.Usage);
    }

    private static async Task<Answer> StreamedAsync(ChatClient client, List<ChatMessage> messages, ChatCompletionOptions options)
    {
        var (text, reasoning, thinking, stop) = (new StringBuilder(), new StringBuilder(), new List<string>(), "");
        var calls = new SortedDictionary<int, ToolCall>();
        ChatTokenUsage? usage = null;
        await foreach (var update in client.CompleteChatStreamingAsync(messages, options))
        {
            foreach (var part in update.ContentUpdate) text.Append(part.Text);
            foreach (var piece in update.ToolCallUpdates) calls[piece.Index] = Longer(calls.GetValueOrDefault(piece.Index), piece);
            usage = update.Usage ?? usage;
            stop = update.FinishReason?.ToString() ?? stop;
            using var raw = JsonDocument.Parse(ModelReaderWriter.Write(update));
            if (!raw.RootElement.TryGetProperty("choices", out var choices) || choices.GetArrayLength() == 0 || !choices[0].TryGetProperty("delta", out var delta)) continue;
            reasoning.Append(Text(delta, "reasoning_content"));
            thinking.AddRange(Elements(delta));
        }

        Assert.NotNull(usage); // Asked for by the client on its own.
        return Answer(text.ToString(), reasoning.ToString(), thinking, [.. calls.Values], stop, usage);
    }

    private static ToolCall Longer(ToolCall? call, StreamingChatToolCallUpdate piece)
    {
        var arguments = piece.FunctionArgumentsUpdate?.ToString() ?? "";
        call ??= new ToolCall(piece.Index, piece.ToolCallId, piece.FunctionName, "", 0);
        return call with { Arguments = call.Arguments + arguments, Pieces = call.Pieces + (arguments.Length > 0 ? 1 : 0) };
    }

    private static Answer Answer(string text, string reasoning, IReadOnlyList<string> thinking, IReadOnlyList<ToolCall> calls, string stop, ChatTokenUsage usage)
    {
        Assert.Equal(usage.InputTokenCount + usage.OutputTokenCount, usage.TotalTokenCount);
        Assert.InRange(usage.OutputTokenDetails?.ReasoningTokenCount ?? 0, 0, usage.OutputTokenCount);
        return new Answer
        {
            Text = text, Reasoning = reasoning, Calls = calls, Stop = stop, Turn = Turn(text, thinking, calls),
            Input = usage.InputTokenCount, Output = usage.OutputTokenCount, CacheRead = usage.InputTokenDetails?.CachedTokenCount ?? 0,
            Reasoned = usage.OutputTokenDetails?.ReasoningTokenCount ?? 0,
        };
    }

    private static AssistantChatMessage Turn(string text, IReadOnlyList<string> thinking, IReadOnlyList<ToolCall> calls)
    {
        var turn = new AssistantChatMessage(text);
        foreach (var call in calls) turn.ToolCalls.Add(ChatToolCall.CreateFunctionToolCall(call.Id, call.Name, BinaryData.FromString(call.Arguments)));
        if (thinking.Count > 0) turn.Patch.Set("$.thinking_blocks"u8, Encoding.UTF8.GetBytes($"[{string.Join(',', thinking)}]"));
        return turn;
    }

    private static string Text(JsonElement parent, string name) => parent.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() ?? "" : "";

    private static IReadOnlyList<string> Elements(JsonElement parent) =>
        parent.TryGetProperty("thinking_blocks", out var blocks) ? [.. blocks.EnumerateArray().Select(b => b.GetRawText())] : [];
}
