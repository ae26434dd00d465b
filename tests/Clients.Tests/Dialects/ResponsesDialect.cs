using System.ClientModel;
using System.ClientModel.Primitives;
using System.Runtime.CompilerServices;
using OpenAI.Responses;

namespace Clients.Tests.Dialects;

/// <summary>OpenAI's responses, stateless: the items of an answer are handed back as they came.</summary>
internal sealed class ResponsesDialect(EdgeAndClouds edge) : IDialect
{
    public async Task<Answer> AskAsync(string feature, Ask ask)
    {
        if (!ask.Stream) return Answer((await Client().CreateResponseAsync(Options(feature, ask))).Value, []);
        var (pieces, text) = (new Dictionary<int, int>(), "");
        ResponseResult? whole = null;
        var options = Options(feature, ask);
        options.StreamingEnabled = true;
        await foreach (var update in await Client().CreateResponseStreamingAsync(options))
        {
            if (update is StreamingResponseOutputTextDeltaUpdate delta) text += delta.Delta;
            else if (update is StreamingResponseFunctionCallArgumentsDeltaUpdate arguments) pieces[arguments.OutputIndex] = pieces.GetValueOrDefault(arguments.OutputIndex) + 1;
            else if (update is StreamingResponseCompletedUpdate completed) whole = completed.Response;
        }

        Assert.NotNull(whole);
        Assert.Equal(whole.GetOutputText() ?? "", text);
        return Answer(whole, pieces);
    }

    public async IAsyncEnumerable<string> PiecesAsync(string feature, string text, [EnumeratorCancellation] CancellationToken ct)
    {
        var options = Options(feature, new Ask(text));
        options.StreamingEnabled = true;
        await foreach (var update in (await Client().CreateResponseStreamingAsync(options, ct)).WithCancellation(ct))
        {
            if (update is StreamingResponseOutputTextDeltaUpdate { Delta.Length: > 0 } delta) yield return delta.Delta;
        }
    }

    private ResponsesClient Client() => new(new ApiKeyCredential(EdgeAndClouds.CallerKey), new ResponsesClientOptions
    {
        Endpoint = new Uri(edge.Edge, "/v1"), RetryPolicy = new ClientRetryPolicy(maxRetries: 0), Transport = edge.Transport,
    });

    private static CreateResponseOptions Options(string feature, Ask ask)
    {
        List<ResponseContentPart> parts = [ResponseContentPart.CreateInputTextPart(ask.Text)];
        if (ask.WithImage) parts.Add(ResponseContentPart.CreateInputImagePart(BinaryData.FromBytes(Convert.FromBase64String(Ask.Png), "image/png")));
        List<ResponseItem> items = [ResponseItem.CreateUserMessageItem(parts)];
        if (ask.Before is { } before)
        {
            items.AddRange((IEnumerable<ResponseItem>)before.Turn);
            items.AddRange(before.Calls.Select(c => ResponseItem.CreateFunctionCallOutputItem(c.Id, $"{c.Name} says 42")));
        }

        var options = new CreateResponseOptions(feature, items) { MaxOutputTokenCount = 4000, Instructions = "Be brief." };
        if (ask.WithTools) Ask.Tools.ToList().ForEach(t => options.Tools.Add(ResponseTool.CreateFunctionTool(t, BinaryData.FromString(Ask.ToolSchema), strictModeEnabled: false, $"Tool {t}")));
        if (ask.WithSchema) options.TextOptions = new ResponseTextOptions { TextFormat = ResponseTextFormat.CreateJsonSchemaFormat("bill", BinaryData.FromString(Ask.AnswerSchema), jsonSchemaIsStrict: true) };
        if (ask.WithReasoning) options.ReasoningOptions = new ResponseReasoningOptions { ReasoningEffortLevel = ResponseReasoningEffortLevel.Low, ReasoningSummaryVerbosity = ResponseReasoningSummaryVerbosity.Auto };
        if (ask.Effort is { } effort) options.ReasoningOptions = new ResponseReasoningOptions { ReasoningEffortLevel = effort };
        return options;
    }

    private static Answer Answer(ResponseResult response, Dictionary<int, int> pieces)
    {
        var usage = response.Usage;
        Assert.Equal(usage.InputTokenCount + usage.OutputTokenCount, usage.TotalTokenCount);
        return new Answer
        {
            Text = response.GetOutputText() ?? "", Reasoning = string.Concat(response.OutputItems.OfType<ReasoningResponseItem>().Select(r => r.GetSummaryText())), Stop = response.Status?.ToString() ?? "",
            Calls = [.. response.OutputItems.Select((item, index) => (item, index)).Where(p => p.item is FunctionCallResponseItem).Select(p => Call((FunctionCallResponseItem)p.item, p.index, pieces.GetValueOrDefault(p.index, 1)))],
            Input = usage.InputTokenCount, Output = usage.OutputTokenCount, CacheRead = usage.InputTokenDetails?.CachedTokenCount ?? 0,
            Reasoned = usage.OutputTokenDetails?.ReasoningTokenCount ?? 0, Turn = response.OutputItems,
        };
    }

    private static ToolCall Call(FunctionCallResponseItem item, int index, int pieces) => new(index, item.CallId, item.FunctionName, item.FunctionArguments.ToString(), pieces);
}
