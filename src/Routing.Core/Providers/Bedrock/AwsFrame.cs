using System.Buffers.Binary;

namespace Routing.Core.Providers.Bedrock;

internal enum FrameState : byte
{
    /// <summary>More bytes are needed.</summary>
    Partial,
    Whole,

    /// <summary>Lengths or checksums do not fit: what follows cannot be trusted either.</summary>
    Broken,
}

/// <summary>
/// One message of AWS's event-stream encoding:
/// total length, headers length, checksum of these two | headers | payload | checksum of everything before it.
/// </summary>
internal readonly ref struct AwsFrame
{
    private const int PreludeBytes = 12;
    private const int TrailerBytes = 4;

    // AWS's own limits: 16 MB a message, 128 KB of headers.
    private const uint LargestFrame = 16 * 1024 * 1024;
    private const uint LargestHeaders = 128 * 1024;

    private const byte StringType = 7;

    public int Length { get; private init; }
    public ReadOnlySpan<byte> MessageType { get; private init; }

    /// <summary>Name of the event, the exception or the error.</summary>
    public ReadOnlySpan<byte> Type { get; private init; }
    public int PayloadStart { get; private init; }
    public int PayloadLength { get; private init; }

    /// <summary>Reads the message that begins the span.</summary>
    public static FrameState TryRead(ReadOnlySpan<byte> span, out AwsFrame frame)
    {
        frame = default;
        if (span.Length < PreludeBytes) return FrameState.Partial;
        var total = BinaryPrimitives.ReadUInt32BigEndian(span);
        var headers = BinaryPrimitives.ReadUInt32BigEndian(span[4..]);
        if (Crc32.Of(span[..8]) != BinaryPrimitives.ReadUInt32BigEndian(span[8..])) return FrameState.Broken;
        if (total > LargestFrame || headers > LargestHeaders || total < PreludeBytes + TrailerBytes + headers) return FrameState.Broken;
        if (span.Length < total) return FrameState.Partial;

        span = span[..(int)total];
        if (Crc32.Of(span[..^TrailerBytes]) != BinaryPrimitives.ReadUInt32BigEndian(span[^TrailerBytes..])) return FrameState.Broken;
        var start = PreludeBytes + (int)headers;
        return TryReadHeaders(span[PreludeBytes..start], out var messageType, out var type)
            ? Whole(new AwsFrame
            {
                Length = (int)total, MessageType = messageType, Type = type, PayloadStart = start, PayloadLength = (int)total - start - TrailerBytes,
            }, out frame)
            : FrameState.Broken;
    }

    private static FrameState Whole(AwsFrame read, out AwsFrame frame)
    {
        frame = read;
        return FrameState.Whole;
    }

    private static bool TryReadHeaders(ReadOnlySpan<byte> headers, out ReadOnlySpan<byte> messageType, out ReadOnlySpan<byte> type)
    {
        messageType = type = default;
        while (!headers.IsEmpty)
        {
            var nameLength = headers[0];
            if (headers.Length < 2 + nameLength) return false;
            var name = headers.Slice(1, nameLength);
            var kind = headers[1 + nameLength];
            headers = headers[(2 + nameLength)..];
            var (start, length) = ValueAt(kind, headers);
            if (length < 0 || headers.Length < start + length) return false;
            var value = headers.Slice(start, length);
            headers = headers[(start + length)..];
            if (kind != StringType) continue;
            if (name.SequenceEqual(":message-type"u8)) messageType = value;
            else if (name.SequenceEqual(":event-type"u8) || name.SequenceEqual(":exception-type"u8) || name.SequenceEqual(":error-code"u8)) type = value;
        }

        return true;
    }

    /// <summary>Where a header's value lies; a negative length for a type that does not exist.</summary>
    private static (int Start, int Length) ValueAt(byte type, ReadOnlySpan<byte> rest) => type switch
    {
        0 or 1 => (0, 0),
        2 => (0, 1),
        3 => (0, 2),
        4 => (0, 4),
        5 or 8 => (0, 8),
        9 => (0, 16),
        6 or StringType when rest.Length >= 2 => (2, BinaryPrimitives.ReadUInt16BigEndian(rest)),
        _ => (0, -1),
    };
}
