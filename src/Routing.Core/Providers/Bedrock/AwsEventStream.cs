using System.Buffers.Binary;
using System.Text;

namespace Routing.Core.Providers.Bedrock;

/// <summary>
/// Takes binary event-stream frames out of bytes that arrive split anywhere. Frame: total length (4), header length (4), CRC of these (4),
/// headers, payload, CRC of everything before it (4); all big-endian.
/// </summary>
internal sealed class AwsEventStream
{
    private const int PreludeBytes = 12;
    private const int TrailerBytes = 4;

    // The protocol's own limits.
    private const int LargestFrameBytes = 16 * 1024 * 1024;
    private const int LargestHeaderBytes = 128 * 1024;

    private byte[] _kept = [];
    private int _keptLength;

    /// <summary>Bytes of a frame that has begun and not ended.</summary>
    public bool HasPartialFrame => _keptLength > 0;

    public ReadOnlyMemory<byte> Append(ReadOnlyMemory<byte> bytes)
    {
        if (_keptLength == 0) return bytes;
        var joined = new byte[_keptLength + bytes.Length];
        _kept.AsSpan(0, _keptLength).CopyTo(joined);
        bytes.Span.CopyTo(joined.AsSpan(_keptLength));
        _keptLength = 0;
        return joined;
    }

    public void Keep(ReadOnlySpan<byte> rest)
    {
        if (rest.Length > _kept.Length) _kept = new byte[Math.Max(rest.Length, 1024)];
        rest.CopyTo(_kept);
        _keptLength = rest.Length;
    }

    /// <summary>Reads the next frame. False with a null <paramref name="fault"/>: more bytes are needed.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, out AwsFrame frame, out string? fault)
    {
        frame = default;
        fault = null;
        var span = bytes.Span;
        if (span.Length < PreludeBytes) return false;
        var total = BinaryPrimitives.ReadUInt32BigEndian(span);
        var headers = BinaryPrimitives.ReadUInt32BigEndian(span[4..]);
        if (Crc32.Of(span[..8]) != BinaryPrimitives.ReadUInt32BigEndian(span[8..])) fault = "a frame whose prelude checksum is wrong";
        else if (total > LargestFrameBytes || headers > LargestHeaderBytes || total < PreludeBytes + headers + TrailerBytes) fault = "a frame whose lengths make no sense";
        if (fault is not null || span.Length < total) return false;

        var body = span[..((int)total - TrailerBytes)];
        if (Crc32.Of(body) != BinaryPrimitives.ReadUInt32BigEndian(span[body.Length..]))
        {
            fault = "a frame whose checksum is wrong";
            return false;
        }

        var start = PreludeBytes + (int)headers;
        frame = new AwsFrame((int)total, bytes.Slice(start, body.Length - start));
        if (ReadHeaders(span.Slice(PreludeBytes, (int)headers), ref frame)) return true;
        fault = "a frame whose headers cannot be read";
        return false;
    }

    private static bool ReadHeaders(ReadOnlySpan<byte> span, ref AwsFrame frame)
    {
        while (!span.IsEmpty)
        {
            var nameLength = span[0];
            if (span.Length < nameLength + 2) return false;
            var name = span.Slice(1, nameLength);
            var type = span[1 + nameLength];
            span = span[(nameLength + 2)..];
            var length = ValueLength(type, span, out var skip);
            if (length < 0 || span.Length < skip + length) return false;
            if (type == StringType) Set(name, span.Slice(skip, length), ref frame);
            span = span[(skip + length)..];
        }

        return true;
    }

    private const byte BytesType = 6;
    private const byte StringType = 7;

    private static int ValueLength(byte type, ReadOnlySpan<byte> span, out int skip)
    {
        skip = type is BytesType or StringType ? 2 : 0;
        return type switch
        {
            0 or 1 => 0,
            2 => 1,
            3 => 2,
            4 => 4,
            5 or 8 => 8,
            9 => 16,
            BytesType or StringType => span.Length < 2 ? -1 : BinaryPrimitives.ReadUInt16BigEndian(span),
            _ => -1,
        };
    }

    private static void Set(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ref AwsFrame frame)
    {
        if (name.SequenceEqual(":message-type"u8)) frame = frame with { IsException = !value.SequenceEqual("event"u8) };
        else if (name.SequenceEqual(":event-type"u8) || name.SequenceEqual(":exception-type"u8) || name.SequenceEqual(":error-code"u8))
        {
            frame = frame with { Type = Known(value) };
        }
    }

    // The event types of every chunk, without a string per chunk.
    private static string Known(ReadOnlySpan<byte> value) =>
        value.SequenceEqual("contentBlockDelta"u8) ? "contentBlockDelta" : Encoding.UTF8.GetString(value);
}

/// <summary>One frame: its whole length, its payload, and what its headers say it is.</summary>
internal readonly record struct AwsFrame(int Length, ReadOnlyMemory<byte> Payload, bool IsException = false, string Type = "");
