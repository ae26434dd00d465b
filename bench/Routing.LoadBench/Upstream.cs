using System.Buffers;
using System.Text;

namespace Routing.LoadBench;

/// <summary>A provider that answers at once, or paced when the prompt asks for it with <c>"paced"</c>.</summary>
internal static class Upstream
{
    public const int Chunks = 60;
    public const int OutputTokens = Chunks;
    private static readonly TimeSpan PacedFirstToken = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PacedGap = TimeSpan.FromMilliseconds(20);

    private static readonly byte[] Unary = Encoding.UTF8.GetBytes(
        """{"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"bench","choices":[{"index":0,"message":{"role":"assistant","content":"@"},"finish_reason":"stop","logprobs":null}],"usage":{"prompt_tokens":200,"completion_tokens":60,"total_tokens":260}}"""
            .Replace("@", new string('a', 780), StringComparison.Ordinal));

    private static readonly byte[] Role = Chunk("""{"role":"assistant","content":""}""", "null");
    private static readonly byte[] Delta = Chunk("""{"content":" token"}""", "null");
    private static readonly byte[] Stop = Chunk("{}", "\"stop\"");

    private static readonly byte[] Tail = Encoding.UTF8.GetBytes(
        "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"bench\",\"choices\":[]," +
        "\"usage\":{\"prompt_tokens\":200,\"completion_tokens\":60,\"total_tokens\":260}}\n\ndata: [DONE]\n\n");

    public static async Task RunAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.ListenLocalhost(port));
        var app = builder.Build();
        app.MapPost("/v1/chat/completions", AnswerAsync);
        app.MapGet("/healthz", () => "ok");
        await app.RunAsync();
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        var (stream, paced) = await ReadAsync(context);
        if (!stream)
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = Unary.Length;
            await context.Response.Body.WriteAsync(Unary, context.RequestAborted);
            return;
        }

        context.Response.ContentType = "text/event-stream";
        if (paced) await Task.Delay(PacedFirstToken, context.RequestAborted);
        await context.Response.Body.WriteAsync(Role, context.RequestAborted);
        for (var i = 0; i < Chunks; i++)
        {
            await context.Response.Body.WriteAsync(Delta, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            if (paced) await Task.Delay(PacedGap, context.RequestAborted);
        }

        await context.Response.Body.WriteAsync(Stop, context.RequestAborted);
        await context.Response.Body.WriteAsync(Tail, context.RequestAborted);
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

    private static byte[] Chunk(string delta, string finish) => Encoding.UTF8.GetBytes(
        $"data: {{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"bench\",\"choices\":[{{\"index\":0,\"delta\":{delta},\"finish_reason\":{finish}}}]}}\n\n");
}
