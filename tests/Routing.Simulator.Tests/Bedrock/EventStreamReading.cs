using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Routing.Simulator.Bedrock;

namespace Routing.Simulator.Tests.Bedrock;

/// <summary>Reads frames back, checking both checksums.</summary>
internal static class EventStreamReading
{
    public static List<(Dictionary<string, string> Headers, JsonElement Payload)> Read(ReadOnlySpan<byte> bytes)
    {
        var frames = new List<(Dictionary<string, string>, JsonElement)>();
        while (!bytes.IsEmpty)
        {
            var total = (int)BinaryPrimitives.ReadUInt32BigEndian(bytes);
            var headersLength = (int)BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
            Assert.Equal(Crc32.Of(bytes[..8]), BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]));
            Assert.Equal(Crc32.Of(bytes[..(total - 4)]), BinaryPrimitives.ReadUInt32BigEndian(bytes[(total - 4)..]));
            frames.Add((Headers(bytes.Slice(12, headersLength)), JsonDocument.Parse(bytes[(12 + headersLength)..(total - 4)].ToArray()).RootElement));
            bytes = bytes[total..];
        }

        return frames;
    }

    private static Dictionary<string, string> Headers(ReadOnlySpan<byte> bytes)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        while (!bytes.IsEmpty)
        {
            var name = Encoding.UTF8.GetString(bytes.Slice(1, bytes[0]));
            bytes = bytes[(1 + bytes[0])..];
            Assert.Equal(7, bytes[0]);
            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]);
            headers[name] = Encoding.UTF8.GetString(bytes.Slice(3, length));
            bytes = bytes[(3 + length)..];
        }

        return headers;
    }
}
