using System.Net.Sockets;
using System.Text;

namespace Routing.Edge.Tests.OpenAI;

/// <summary>What no HTTP client would send. Oracle: a typed 4xx or a closed connection; never a 5xx, never a second answer.</summary>
public sealed class RawHttpTests
{
    private static string Post(string headers, string body) =>
        $"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {EdgeFixture.Key}\r\nContent-Type: application/json\r\nConnection: close\r\n{headers}\r\n\r\n{body}";

    public static TheoryData<string, string> Corpus => new()
    {
        { "bare line feed", $"POST /v1/chat/completions HTTP/1.1\nHost: x\nAuthorization: Bearer {EdgeFixture.Key}\nContent-Length: 2\n\n{{}}" },
        { "signed length", Post("Content-Length: +2", "{}") },
        { "two lengths", Post("Content-Length: 2\r\nContent-Length: 3", "{}x") },
        { "space before colon", Post("Content-Length : 2", "{}") },
        { "folded header", Post("X-A: b\r\n c\r\nContent-Length: 2", "{}") },
        { "huge chunk size", Post("Transfer-Encoding: chunked", "11111111111111111\r\n{}\r\n0\r\n\r\n") },
        { "negative chunk size", Post("Transfer-Encoding: chunked", "-2\r\n{}\r\n0\r\n\r\n") },
        { "unknown coding", Post("Transfer-Encoding: xchunked", "2\r\n{}\r\n0\r\n\r\n") },
        { "compressed body", Post("Content-Encoding: gzip\r\nContent-Length: 2", "{}") },
        { "many headers", Post(string.Concat(Enumerable.Range(0, 101).Select(i => $"X-{i}: 1\r\n")) + "Content-Length: 2", "{}") },
        { "long header", Post($"X-A: {new string('a', 40_000)}\r\nContent-Length: 2", "{}") },
        { "no host", "GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n" },
        { "not http", "hello\r\n\r\n" },
    };

    [Theory]
    [MemberData(nameof(Corpus))]
    public async Task Raw_BadRequest_TypedOrClosed(string name, string request)
    {
        await using var edge = await EdgeFixture.StartAsync();
        var answer = await SendAsync(edge, request);
        Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 4", StringComparison.Ordinal), $"{name}: {answer}");
        Assert.Equal(answer.Length == 0 ? 0 : 1, answer.Split("HTTP/1.1 ").Length - 1);
        Assert.Equal("ok\n", await edge.Client.GetStringAsync(new Uri("/healthz", UriKind.Relative)));
        Assert.Empty(edge.Provider.Bodies);
    }

    private static async Task<string> SendAsync(EdgeFixture edge, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", edge.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        client.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        try
        {
            return await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(15));
        }
        catch (IOException)
        {
            return ""; // Reset: closed without an answer.
        }
    }
}
