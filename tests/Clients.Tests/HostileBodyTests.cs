using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Clients.Tests;

/// <summary>Bodies no client of good will sends, over real HTTP: served, or refused in the words of the API that was called; never a 5xx, never a hang.</summary>
[Collection(OneEdge.Name)]
public sealed class HostileBodyTests(EdgeAndClouds edge)
{
    private const string Chat = "/v1/chat/completions";
    private const string Messages = "/v1/messages";
    private const string Responses = "/v1/responses";
    private const string Refused = "invalid_request_error";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Paths() => [Chat, Messages, Responses];

    [Theory]
    [InlineData(Chat, 100_000)]
    [InlineData(Chat, 1_000_000)]
    [InlineData(Chat, 20_000_000)]
    [InlineData(Messages, 100_000)]
    [InlineData(Messages, 1_000_000)]
    [InlineData(Messages, 20_000_000)]
    [InlineData(Responses, 100_000)]
    [InlineData(Responses, 1_000_000)]
    [InlineData(Responses, 20_000_000)]
    public async Task Post_LongText_ServedOrTooLongForTheModel(string path, int length)
    {
        var (status, error) = await PostAsync(path, Encoding.UTF8.GetBytes(Body(path, new string('x', length))));

        Assert.True(status == 200 || (status == 400 && error == Refused), $"{status} {error}");
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Post_LargerThanTheLimit_TooLargeInItsWords(string path)
    {
        var (status, error) = await PostAsync(path, Encoding.UTF8.GetBytes(Body(path, new string('x', 21 * 1024 * 1024))));

        Assert.Equal((413, path == Messages ? "request_too_large" : "invalid_request_error"), (status, error));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Post_ThousandTools_ServedOrRefused(string path)
    {
        const string Schema = """{"type":"object","properties":{}}""";
        var tools = Enumerable.Range(0, 1000).Select(n => path switch
        {
            Chat => "{\"type\":\"function\",\"function\":{\"name\":\"t" + n + "\",\"parameters\":" + Schema + "}}",
            Messages => "{\"name\":\"t" + n + "\",\"input_schema\":" + Schema + "}",
            _ => "{\"type\":\"function\",\"name\":\"t" + n + "\",\"parameters\":" + Schema + "}",
        });

        var (status, error) = await PostAsync(path, Encoding.UTF8.GetBytes(Body(path, "without tools", $",\"tools\":[{string.Join(',', tools)}]")));

        Assert.True(status == 200 || (status == 400 && error == Refused), $"{status} {error}");
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Post_BrokenJson_RefusedInItsWords(string path)
    {
        var good = Body(path, "hi");
        byte[][] bodies =
        [
            [.. Encoding.UTF8.GetBytes(good[..^1]), .. ",\"metadata\":"u8, .. Enumerable.Repeat((byte)'[', 100_000)],
            Encoding.UTF8.GetBytes(Body(path, "hi", $",\"metadata\":{string.Concat(Enumerable.Repeat("{\"a\":", 65))}1{new string('}', 65)}")),
            Encoding.UTF8.GetBytes(good[..^1] + ",\"model\":\"vertex-claude\"}"),
            [.. Encoding.UTF8.GetBytes(good[..^2]), 0xC3, 0x28, .. "}"u8],
            Encoding.UTF8.GetBytes(Body(path, "\\ud800")),
            [0xC3, 0x28],
            [],
            "[]"u8.ToArray(),
            "{\"model\":"u8.ToArray(),
        ];

        foreach (var body in bodies)
        {
            var answer = await PostAsync(path, body);
            Assert.Equal((400, Refused), answer);
        }
    }

    private async Task<(int Status, string? Error)> PostAsync(string path, byte[] body)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        // Who is refused by the length alone is told before sending.
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content, Headers = { ExpectContinue = true } };
        using var answer = await edge.Http.SendAsync(request, patience.Token);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(patience.Token));
        if ((int)answer.StatusCode < 400) return ((int)answer.StatusCode, null);
        // Anthropic's errors say that they are.
        if (path == Messages) Assert.Equal("error", json.RootElement.GetProperty("type").GetString());
        return ((int)answer.StatusCode, json.RootElement.GetProperty("error").GetProperty("type").GetString());
    }

    private static string Body(string path, string text, string more = "") => path switch
    {
        Responses => $$"""{"model":"vertex-gemini","max_output_tokens":50,"input":"{{text}}"{{more}}}""",
        _ => $$"""{"model":"vertex-gemini","max_tokens":50,"messages":[{"role":"user","content":"{{text}}"}]{{more}}}""",
    };
}
