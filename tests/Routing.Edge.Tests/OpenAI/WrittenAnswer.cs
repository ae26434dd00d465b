using System.Text;
using Microsoft.AspNetCore.Http;
using Routing.Core.Dispatch;
using Routing.Core.Llm;
using Routing.Edge.Anthropic;
using Routing.Edge.Calls;
using Routing.Edge.OpenAI;
using Routing.Edge.Responses;

namespace Routing.Edge.Tests.OpenAI;

/// <summary>What a caller gets for the canonical events of an answer.</summary>
internal static class WrittenAnswer
{
    public static async Task<string> OfChatAsync(bool stream, params ChatEvent[] events)
    {
        var json = EdgeFixture.Body(stream, stream ? ",\"stream_options\":{\"include_usage\":true}" : "");
        Assert.True(ChatCompletionReader.TryRead(Encoding.UTF8.GetBytes(json), out var call, out _));
        return await WriteAsync(new ChatCompletionsEndpoint(null!), call, events); // The pipeline is not asked.
    }

    public static async Task<string> OfEmbeddingsAsync(string json, params ChatEvent[] events)
    {
        Assert.True(EmbeddingReader.TryRead(Encoding.UTF8.GetBytes(json), out var call, out _));
        return await WriteAsync(new EmbeddingsEndpoint(null!), call, events); // The pipeline is not asked.
    }

    public static async Task<string> OfMessagesAsync(bool stream, params ChatEvent[] events)
    {
        var json = $$"""{"model":"chat","max_tokens":10,"stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"hi"}]}""";
        Assert.True(MessagesReader.TryRead(Encoding.UTF8.GetBytes(json), out var call, out _));
        return await WriteAsync(new MessagesEndpoint(null!), call, events); // The pipeline is not asked.
    }

    public static async Task<string> OfResponsesAsync(bool stream, string more, params ChatEvent[] events)
    {
        var json = $$"""{"model":"chat","stream":{{(stream ? "true" : "false")}},"input":"hi"{{more}}}""";
        Assert.True(ResponsesReader.TryRead(Encoding.UTF8.GetBytes(json), out var call, out var failure), failure?.Message);
        return await WriteAsync(new ResponsesEndpoint(null!), call, events); // The pipeline is not asked.
    }

    /// <summary>What the caller has when a stream that has begun breaks.</summary>
    public static async Task<string> OfBrokenResponseAsync(Failure failure, params ChatEvent[] events)
    {
        Assert.True(ResponsesReader.TryRead("""{"model":"chat","stream":true,"input":"hi"}"""u8.ToArray(), out var call, out _));
        var body = new MemoryStream();
        var context = new DefaultHttpContext();
        context.Response.Body = body;
        using var answer = new ResponsesEndpoint(null!).Answer(context, call, "0", DateTimeOffset.UnixEpoch); // The pipeline is not asked.
        foreach (var e in events) answer.Write([e]);
        await Assert.ThrowsAsync<AnswerCutException>(async () => await answer.FailAsync(new DispatchResult(null!, failure, Committed: true))); // No ledger here.
        return Encoding.UTF8.GetString(body.ToArray());
    }

    private static async Task<string> WriteAsync(IInboundApi api, ChatCall call, ChatEvent[] events)
    {
        var body = new MemoryStream();
        var context = new DefaultHttpContext();
        context.Response.Body = body;
        using var answer = api.Answer(context, call, "0", DateTimeOffset.UnixEpoch);
        foreach (var e in events) answer.Write([e]);
        await answer.CompleteAsync();
        await context.Response.BodyWriter.FlushAsync();
        return Encoding.UTF8.GetString(body.ToArray());
    }
}
