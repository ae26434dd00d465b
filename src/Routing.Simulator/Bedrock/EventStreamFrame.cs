using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Routing.Simulator.Bedrock;

/// <summary>
/// Writes frames of <c>application/vnd.amazon.eventstream</c>: total length, headers length, CRC of those two, headers, payload,
/// CRC of everything before. All numbers are big-endian.
/// </summary>
internal static class EventStreamFrame
{
    private const int PreludeLength = 12;
    private const int TrailerLength = 4;
    private const byte StringHeader = 7;

    /// <summary>The three headers of an event, encoded once per event type.</summary>
    public static byte[] EventHeaders(string eventType) =>
        Headers((":event-type", eventType), (":content-type", "application/json"), (":message-type", "event"));

    public static byte[] ExceptionHeaders(string exceptionType) =>
        Headers((":exception-type", exceptionType), (":content-type", "application/json"), (":message-type", "exception"));

    public static byte[] Headers(params ReadOnlySpan<(string Name, string Value)> headers)
    {
        var bytes = new ArrayBufferWriter<byte>(128);
        foreach (var (name, value) in headers)
        {
            bytes.Write([(byte)Encoding.UTF8.GetByteCount(name)]);
            bytes.Write(Encoding.UTF8.GetBytes(name));
            bytes.Write([StringHeader]);
            BinaryPrimitives.WriteUInt16BigEndian(bytes.GetSpan(2), (ushort)Encoding.UTF8.GetByteCount(value));
            bytes.Advance(2);
            bytes.Write(Encoding.UTF8.GetBytes(value));
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <param name="damage">True writes a wrong message CRC (fault <c>malformed</c>).</param>
    public static void Write(IBufferWriter<byte> to, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload, bool damage = false)
    {
        var total = PreludeLength + headers.Length + payload.Length + TrailerLength;
        var frame = to.GetSpan(total)[..total];
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)total);
        BinaryPrimitives.WriteUInt32BigEndian(frame[4..], (uint)headers.Length);
        BinaryPrimitives.WriteUInt32BigEndian(frame[8..], Crc32.Of(frame[..8]));
        headers.CopyTo(frame[PreludeLength..]);
        payload.CopyTo(frame[(PreludeLength + headers.Length)..]);
        var crc = Crc32.Of(frame[..(total - TrailerLength)]);
        BinaryPrimitives.WriteUInt32BigEndian(frame[(total - TrailerLength)..], damage ? ~crc : crc);
        to.Advance(total);
    }
}
