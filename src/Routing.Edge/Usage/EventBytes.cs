using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace Routing.Edge.Usage;

/// <summary>
/// Bytes of an event under construction; used again, it allocates nothing once it is warm. Numbers take as many bytes as they need (seven
/// bits each, small negative ones short too), texts their length before them, and what may be missing a mark of zero.
/// </summary>
internal sealed class EventBytes
{
    private const int LongestNumber = 10;
    private byte[] _bytes = new byte[1024];
    private int _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void Clear() => _length = 0;

    public void Add(byte value)
    {
        Room(1)[0] = value;
        _length++;
    }

    public void Add(bool value) => Add(value ? (byte)1 : (byte)0);

    public void Add(Guid value)
    {
        value.TryWriteBytes(Room(16));
        _length += 16;
    }

    /// <summary>The moment; its offset from UTC is not kept.</summary>
    public void Add(DateTimeOffset value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Room(8), value.UtcTicks);
        _length += 8;
    }

    public void Add(long value) => AddUnsigned((ulong)((value << 1) ^ (value >> 63)));

    public void Add(long? value)
    {
        Add(value is not null);
        if (value is { } there) Add(there);
    }

    public void Add(string? value)
    {
        if (value is null)
        {
            Add((byte)0);
            return;
        }

        var length = Encoding.UTF8.GetByteCount(value);
        AddUnsigned((ulong)length + 1);
        _length += Encoding.UTF8.GetBytes(value, Room(length));
    }

    /// <summary>The number of a word of an enum of one byte.</summary>
    public void AddWord<T>(T value)
        where T : struct, Enum => Add(Unsafe.BitCast<T, byte>(value));

    public void AddWord<T>(T? value)
        where T : struct, Enum => Add(value is { } there ? (byte)(Unsafe.BitCast<T, byte>(there) + 1) : (byte)0);

    private void AddUnsigned(ulong value)
    {
        var room = Room(LongestNumber);
        var at = 0;
        for (; value > 0x7F; value >>= 7) room[at++] = (byte)(value | 0x80);
        room[at++] = (byte)value;
        _length += at;
    }

    private Span<byte> Room(int bytes)
    {
        if (_bytes.Length - _length < bytes) Array.Resize(ref _bytes, Math.Max(_length + bytes, _bytes.Length * 2));
        return _bytes.AsSpan(_length);
    }
}
