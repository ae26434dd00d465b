using System.Text.Json;
using System.Text.Json.Nodes;

namespace Routing.Simulator.Calls;

/// <summary>A refusal, ready to send.</summary>
internal sealed record ErrorReply(int Status, JsonNode Body)
{
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public byte[] BodyBytes() => JsonSerializer.SerializeToUtf8Bytes(Body, SimulatorJson.Readable);

    public async Task SendAsync(HttpResponse response)
    {
        response.StatusCode = Status;
        response.ContentType = "application/json";
        foreach (var (name, value) in Headers) response.Headers[name] = value;
        var bytes = BodyBytes();
        response.ContentLength = bytes.Length;
        await response.BodyWriter.WriteAsync(bytes, response.HttpContext.RequestAborted);
    }
}
