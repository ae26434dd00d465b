namespace Routing.Core.Providers;

/// <summary>
/// The unfinished end of what has been read. While reads end at event borders, which most do, nothing is copied;
/// else the rest is put before the next read in a buffer that is used again.
/// </summary>
internal struct WireTail()
{
    private const int SmallestBuffer = 1024;

    private byte[] _tail = [];
    private byte[] _joined = [];

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Bytes => _tail.AsSpan(0, Length);

    /// <summary>What was left over and what came now, in one piece. Valid until the next call.</summary>
    public ReadOnlyMemory<byte> Join(ReadOnlyMemory<byte> bytes)
    {
        if (Length == 0) return bytes;
        var total = Length + bytes.Length;
        if (_joined.Length < total) _joined = new byte[Size(total)];
        _tail.AsSpan(0, Length).CopyTo(_joined);
        bytes.Span.CopyTo(_joined.AsSpan(Length));
        return _joined.AsMemory(0, total);
    }

    /// <summary>What was joined stays valid although more is joined: should there be a rest even now, it goes into another buffer.</summary>
    public void LeaveJoined()
    {
        if (Length > 0) _joined = [];
    }

    public void Keep(ReadOnlySpan<byte> rest)
    {
        if (rest.Length > _tail.Length) _tail = new byte[Size(rest.Length)];
        rest.CopyTo(_tail);
        Length = rest.Length;
    }

    // Doubling, so that one large event arriving in small reads is not copied into a new array each time.
    private static int Size(int needed) => Math.Max(needed + needed / 2, SmallestBuffer);
}
