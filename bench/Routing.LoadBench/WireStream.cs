using System.Buffers.Binary;
using System.Text;

namespace Routing.LoadBench;

/// <summary>One answer of 60 tokens as a provider streams it: what comes before the deltas, one delta, and the end with its usage.</summary>
internal sealed record WireStream(string ContentType, byte[] Head, byte[] Delta, byte[] Tail)
{
    public static readonly WireStream OpenAI = new(
        "text/event-stream",
        Chunk("""{"role":"assistant","content":""}""", "null"),
        Chunk("""{"content":" token"}""", "null"),
        [
            .. Chunk("{}", "\"stop\""),
            .. Data("""{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"bench","choices":[],"usage":{"prompt_tokens":200,"completion_tokens":60,"total_tokens":260}}"""),
            .. Data("[DONE]"),
        ]);

    public static readonly WireStream Bedrock = new(
        "application/vnd.amazon.eventstream",
        Frame("messageStart", """{"p":"abcdefgh","role":"assistant"}"""),
        Frame("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":" token"},"p":"abcdefghijklmnop"}"""),
        [
            .. Frame("contentBlockStop", """{"contentBlockIndex":0,"p":"abcdefghijkl"}"""),
            .. Frame("messageStop", """{"p":"abcdefghij","stopReason":"end_turn"}"""),
            .. Frame("metadata", """{"metrics":{"latencyMs":400},"p":"abcd","usage":{"inputTokens":200,"outputTokens":60,"totalTokens":260}}"""),
        ]);

    public static readonly WireStream Vertex = new(
        "text/event-stream",
        [],
        Data("""{"candidates":[{"content":{"role":"model","parts":[{"text":" token"}]}}],"usageMetadata":{"trafficType":"ON_DEMAND"},"modelVersion":"bench","createTime":"2026-01-01T00:00:00Z","responseId":"r1"}""", "\r\n\r\n"),
        Data("""{"candidates":[{"content":{"role":"model","parts":[{"text":""}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":200,"candidatesTokenCount":60,"totalTokenCount":260,"trafficType":"ON_DEMAND"},"modelVersion":"bench","createTime":"2026-01-01T00:00:00Z","responseId":"r1"}""", "\r\n\r\n"));

    private static byte[] Data(string json, string end = "\n\n") => Encoding.UTF8.GetBytes($"data: {json}{end}");

    private static byte[] Chunk(string delta, string finish) => Data(
        $"{{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"bench\",\"choices\":[{{\"index\":0,\"delta\":{delta},\"finish_reason\":{finish}}}]}}");

    /// <summary>A message of AWS's event stream: lengths and their CRC, headers, payload, CRC of the whole.</summary>
    private static byte[] Frame(string type, string payload)
    {
        byte[] headers = [.. Header(":event-type", type), .. Header(":content-type", "application/json"), .. Header(":message-type", "event")];
        var body = Encoding.UTF8.GetBytes(payload);
        var frame = new byte[16 + headers.Length + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), headers.Length);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(8), Crc32(frame.AsSpan(0, 8)));
        headers.CopyTo(frame, 12);
        body.CopyTo(frame, 12 + headers.Length);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(frame.Length - 4), Crc32(frame.AsSpan(0, frame.Length - 4)));
        return frame;
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }

        return ~crc;
    }

    private static byte[] Header(string name, string value) =>
        [(byte)name.Length, .. Encoding.UTF8.GetBytes(name), 7, 0, (byte)value.Length, .. Encoding.UTF8.GetBytes(value)];
}
