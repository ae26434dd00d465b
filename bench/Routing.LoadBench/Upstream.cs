using System.Buffers;
using System.Text;

namespace Routing.LoadBench;

/// <summary>
/// A provider that answers at once, or paced when the prompt asks for it with <c>"paced"</c>: whole (paced: after 50 ms) on OpenAI's wire,
/// streamed also on Bedrock's and Vertex AI's.
/// </summary>
internal static class Upstream
{
    public const int Chunks = 60;
    private static readonly TimeSpan PacedFirstToken = TimeSpan.FromMilliseconds(200);
    public static readonly TimeSpan PacedWhole = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PacedGap = TimeSpan.FromMilliseconds(20);

    private static readonly byte[] Unary = Encoding.UTF8.GetBytes(
        """{"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"bench","choices":[{"index":0,"message":{"role":"assistant","content":"@"},"finish_reason":"stop","logprobs":null}],"usage":{"prompt_tokens":200,"completion_tokens":60,"total_tokens":260}}"""
            .Replace("@", new string('a', 780), StringComparison.Ordinal));

    public static async Task RunAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.ListenLocalhost(port));
        var app = builder.Build();
        app.MapPost("/v1/chat/completions", context => AnswerAsync(context, WireStream.OpenAI));
        app.MapPost("/model/{model}/converse-stream", context => AnswerAsync(context, WireStream.Bedrock));
        app.MapPost("/v1/projects/{**path}", context => AnswerAsync(context, WireStream.Vertex));
        app.MapPost("/token", () => Results.Json(new { access_token = "bench", expires_in = 3600, token_type = "Bearer" }));
        app.MapGet("/healthz", () => "ok");
        await app.RunAsync();
    }

    private static async Task AnswerAsync(HttpContext context, WireStream wire)
    {
        var (stream, paced) = await ReadAsync(context);
        if (!stream && wire == WireStream.OpenAI)
        {
            if (paced) await Task.Delay(PacedWhole, context.RequestAborted);
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = Unary.Length;
            await context.Response.Body.WriteAsync(Unary, context.RequestAborted);
            return;
        }

        context.Response.ContentType = wire.ContentType;
        if (paced) await Task.Delay(PacedFirstToken, context.RequestAborted);
        await context.Response.Body.WriteAsync(wire.Head, context.RequestAborted);
        for (var i = 0; i < Chunks; i++)
        {
            await context.Response.Body.WriteAsync(wire.Delta, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            if (paced) await Task.Delay(PacedGap, context.RequestAborted);
        }

        await context.Response.Body.WriteAsync(wire.Tail, context.RequestAborted);
    }

    private static async Task<(bool Stream, bool Paced)> ReadAsync(HttpContext context)
    {
        while (true)
        {
            var read = await context.Request.BodyReader.ReadAsync(context.RequestAborted);
            if (!read.IsCompleted)
            {
                context.Request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            var body = read.Buffer.ToArray().AsSpan();
            var result = (body.IndexOf("\"stream\":true"u8) >= 0, body.IndexOf("paced"u8) >= 0);
            context.Request.BodyReader.AdvanceTo(read.Buffer.End);
            return result;
        }
    }
}
