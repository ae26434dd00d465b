using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Anthropic;
using Anthropic.Models.Messages;

namespace Clients.Tests.Dialects;

/// <summary>Anthropic's messages. A streamed answer is put together here, block by block, and handed back as a whole one is.</summary>
internal sealed class MessagesDialect(EdgeAndClouds edge) : IDialect
{
    private static readonly JsonSerializerOptions Plain = new(JsonSerializerDefaults.Web);

    public async Task<Answer> AskAsync(string feature, Ask ask)
    {
        var client = Client();
        var parameters = Parameters(feature, ask);
        return ask.Stream ? await StreamedAsync(client, parameters) : Whole(await client.Messages.Create(parameters));
    }

    public async IAsyncEnumerable<string> PiecesAsync(string feature, string text, [EnumeratorCancellation] CancellationToken ct)
    {
        var client = Client();
        await foreach (var streamed in client.Messages.CreateStreaming(Parameters(feature, new Ask(text)), ct))
        {
            if (streamed.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var piece)) yield return piece.Text;
        }
    }

    public async Task<long> CountAsync(string feature, Ask ask)
    {
        var client = Client();
        var parameters = new MessageCountTokensParams { Model = feature, Messages = Messages(ask) };
        if (ask.WithTools) parameters = parameters with { Tools = [.. Tools().Select(t => (MessageCountTokensTool)t)] };
        return (await client.Messages.CountTokens(parameters)).InputTokens;
    }

    // Not disposed: its HTTP client is shared.
    private AnthropicClient Client() => new() { BaseUrl = edge.Edge.ToString().TrimEnd('/'), ApiKey = EdgeAndClouds.CallerKey, MaxRetries = 0, HttpClient = edge.ClientHttp };

    private static MessageCreateParams Parameters(string feature, Ask ask)
    {
        var parameters = new MessageCreateParams { Model = feature, MaxTokens = 4000, Messages = Messages(ask) };
        if (ask.WithTools) parameters = parameters with { Tools = [.. Tools().Select(t => (ToolUnion)t)] };
        if (ask.WithSchema) parameters = parameters with { OutputConfig = new OutputConfig { Format = new JsonOutputFormat { Schema = Members(Ask.AnswerSchema) } } };
        if (ask.WithReasoning) parameters = parameters with { Thinking = new ThinkingConfigEnabled(1024) };
        return parameters;
    }

    private static IEnumerable<Tool> Tools() => Ask.Tools.Select(t => new Tool { Name = t, InputSchema = new InputSchema(Members(Ask.ToolSchema)) });

    private static List<MessageParam> Messages(Ask ask)
    {
        List<ContentBlockParam> parts = [new TextBlockParam(ask.Text)];
        if (ask.WithImage) parts.Add(new ImageBlockParam(new Base64ImageSource { Data = Ask.Png, MediaType = MediaType.ImagePng }));
        List<MessageParam> messages = [new UserMessageParam(parts)];
        if (ask.Before is not { } before) return messages;
        messages.Add((MessageParam)before.Turn);
        messages.Add(new UserMessageParam(before.Calls.Select(c => (ContentBlockParam)new ToolResultBlockParam(c.Id) { Content = $"{c.Name} says 42" }).ToList()));
        return messages;
    }

    private static Answer Whole(Message message)
    {
        var blocks = message.Content.Select(c => JsonNode.Parse(c.Json.GetRawText())!.AsObject()).ToList(); // A block is an object.
        return Answer(blocks, [.. blocks.Select(_ => 1)], message.StopReason?.Raw() ?? "", message.Usage);
    }

    private static async Task<Answer> StreamedAsync(AnthropicClient client, MessageCreateParams parameters)
    {
        var (blocks, pieces, stop) = (new List<JsonObject>(), new List<int>(), "");
        Usage? usage = null;
        await foreach (var streamed in client.Messages.CreateStreaming(parameters))
        {
            if (streamed.TryPickStart(out var start)) usage = start.Message.Usage;
            if (streamed.TryPickContentBlockStart(out var begun))
            {
                Assert.Equal(blocks.Count, begun.Index); // Blocks come in turn, each with the next index.
                blocks.Add(JsonNode.Parse(begun.ContentBlock.Json.GetRawText())!.AsObject()); // A block is an object.
                pieces.Add(0);
            }

            if (streamed.TryPickContentBlockDelta(out var delta))
            {
                Add(blocks[(int)delta.Index], delta.Delta);
                pieces[(int)delta.Index]++;
            }

            if (streamed.TryPickDelta(out var end)) (stop, usage) = (end.Delta.StopReason?.Raw() ?? "", With(usage, end.Usage));
        }

        foreach (var block in blocks) EndInput(block);
        Assert.NotNull(usage);
        return Answer(blocks, pieces, stop, usage);
    }

    private static void Add(JsonObject block, RawContentBlockDelta delta)
    {
        if (delta.TryPickText(out var text)) block["text"] = Text(block, "text") + text.Text;
        else if (delta.TryPickThinking(out var thinking)) block["thinking"] = Text(block, "thinking") + thinking.Thinking;
        else if (delta.TryPickSignature(out var signature)) block["signature"] = signature.Signature;
        else if (delta.TryPickInputJson(out var json)) block["pieces"] = Text(block, "pieces") + json.PartialJson;
        else Assert.Fail($"A delta nobody knows: {delta.Json}");
    }

    private static void EndInput(JsonObject block)
    {
        if (Text(block, "type") != "tool_use") return;
        block["input"] = JsonNode.Parse(Text(block, "pieces"));
        block.Remove("pieces");
    }

    // The figures of the end are the whole answer's; what it leaves out stays as told at the start.
    private static Usage? With(Usage? start, MessageDeltaUsage end) => start is null ? null : new Usage(start)
    {
        InputTokens = end.InputTokens ?? start.InputTokens, OutputTokens = end.OutputTokens,
        CacheReadInputTokens = end.CacheReadInputTokens ?? start.CacheReadInputTokens, CacheCreationInputTokens = end.CacheCreationInputTokens ?? start.CacheCreationInputTokens,
    };

    private static Answer Answer(List<JsonObject> blocks, List<int> pieces, string stop, Usage usage) => new()
    {
        Text = Joined(blocks, "text", "text"), Reasoning = Joined(blocks, "thinking", "thinking"), Stop = stop,
        Calls = [.. blocks.Select((b, index) => (b, index)).Where(p => Text(p.b, "type") == "tool_use").Select(p => new ToolCall(p.index, Text(p.b, "id"), Text(p.b, "name"), p.b["input"]?.ToJsonString() ?? "", pieces[p.index]))],
        Input = usage.InputTokens + (usage.CacheReadInputTokens ?? 0) + (usage.CacheCreationInputTokens ?? 0), Output = usage.OutputTokens, CacheRead = usage.CacheReadInputTokens ?? 0,
        Turn = new MessageParam(JsonSerializer.SerializeToElement(new { role = "assistant", content = blocks }, Plain)),
    };

    private static string Joined(List<JsonObject> blocks, string type, string member) => string.Concat(blocks.Where(b => Text(b, "type") == type).Select(b => Text(b, member)));

    private static string Text(JsonObject block, string name) => block[name]?.GetValue<string>() ?? "";

    private static Dictionary<string, JsonElement> Members(string json) => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json, Plain)!; // An object.
}
