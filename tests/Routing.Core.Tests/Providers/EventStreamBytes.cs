using System.Buffers.Binary;
using System.Text;

namespace Routing.Core.Tests.Providers;

/// <summary>Builds event-stream messages the slow and obvious way.</summary>
internal static class EventStreamBytes
{
    public static byte[] Event(string type, string json) => Message([(":message-type", "event"), (":event-type", type), (":content-type", "application/json")], json);

    public static byte[] Exception(string type, string json) => Message([(":message-type", "exception"), (":exception-type", type), (":content-type", "application/json")], json);

    public static byte[] Message((string Name, string Value)[] headers, string payload)
    {
        var head = new List<byte>();
        foreach (var (name, value) in headers)
        {
            head.Add((byte)name.Length);
            head.AddRange(Encoding.ASCII.GetBytes(name));
            head.Add(7);
            head.AddRange([(byte)(value.Length >> 8), (byte)value.Length]);
            head.AddRange(Encoding.ASCII.GetBytes(value));
        }

        return Message([.. head], Encoding.UTF8.GetBytes(payload));
    }

    public static byte[] Message(byte[] headers, byte[] payload)
    {
        var bytes = new byte[12 + headers.Length + payload.Length + 4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, bytes.Length);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), headers.Length);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), Crc(bytes.AsSpan(0, 8)));
        headers.CopyTo(bytes, 12);
        payload.CopyTo(bytes, 12 + headers.Length);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(bytes.Length - 4), Crc(bytes.AsSpan(0, bytes.Length - 4)));
        return bytes;
    }

    public static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
        }

        return ~crc;
    }
}
