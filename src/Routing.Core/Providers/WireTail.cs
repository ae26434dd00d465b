namespace Routing.Core.Providers;

/// <summary>
/// The unfinished end of what has been read. While reads end at event borders, which most do, nothing is copied; else what comes is put
/// behind the rest in a buffer that is used again, so that an event of many reads is copied once and not with every read.
/// </summary>
internal struct WireTail()
{
    private const int SmallestBuffer = 1024;

    private byte[] _tail = [];
    private byte[] _spare = []; // For a rest while slices of the other are still being read.

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Bytes => _tail.AsSpan(0, Length);

    /// <summary>What was left over and what came now, in one piece. Valid until the next call.</summary>
    public ReadOnlyMemory<byte> Join(ReadOnlyMemory<byte> bytes)
    {
        if (Length == 0) return bytes;
        var total = Length + bytes.Length;
        if (_tail.Length < total) Array.Resize(ref _tail, Size(total));
        bytes.Span.CopyTo(_tail.AsSpan(Length));
        return _tail.AsMemory(0, total);
    }

    /// <summary>What was joined stays valid although more is joined or kept.</summary>
    public void LeaveJoined()
    {
        if (Length == 0) (_tail, _spare) = (_spare, _tail);
        else _spare = [];
    }

    /// <param name="rest">The end of what was joined.</param>
    public void Keep(ReadOnlySpan<byte> rest)
    {
        Length = rest.Length;
        if (rest.IsEmpty) return;
        var isOwn = _tail.AsSpan().Overlaps(rest, out var at);
        if (isOwn && at == 0) return;
        if (isOwn) (_tail, _spare) = (_spare, _tail);
        if (_tail.Length < rest.Length) _tail = new byte[Size(rest.Length)];
        rest.CopyTo(_tail);
    }

    // Doubling, so that one large event arriving in small reads is not copied into a new array each time.
    private static int Size(int needed) => Math.Max(needed + needed / 2, SmallestBuffer);
}
