using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace Routing.Edge.Usage;

/// <summary>Reads what <see cref="EventBytes"/> wrote, in its order. What cannot be read is told once, at the end: everything behind it is zero.</summary>
internal ref struct EventBytesReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _left = bytes;

    /// <summary>Something was missing, or is no value of its kind.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>All of it was read, and nothing was missing.</summary>
    public readonly bool IsWhole => !IsBroken && _left.IsEmpty;

    public byte Byte() => Take(1) is [var value] ? value : (byte)0;

    public bool Flag() => Byte() switch
    {
        0 => false,
        1 => true,
        _ => Broken<bool>(),
    };

    public Guid Id() => Take(16) is { Length: 16 } id ? new Guid(id) : default;

    public DateTimeOffset Time() => Take(8) is { Length: 8 } ticks ? At(BinaryPrimitives.ReadInt64LittleEndian(ticks)) : default;

    public DateTimeOffset TimeAfter(DateTimeOffset start) => At(start.UtcTicks + Number());

    public long Number()
    {
        var value = Unsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public long? NumberOrNull() => Flag() ? Number() : null;

    public string? Text()
    {
        var length = Unsigned();
        if (length == 0) return null;
        return length <= int.MaxValue ? Encoding.UTF8.GetString(Take((int)length - 1)) : Broken<string>();
    }

    public T Word<T>()
        where T : struct, Enum => Word<T>(Byte());

    public T? WordOrNull<T>()
        where T : struct, Enum => Byte() is > 0 and var number ? Word<T>((byte)(number - 1)) : null;

    private T Word<T>(byte number)
        where T : struct, Enum => Enum.IsDefined(Unsafe.BitCast<byte, T>(number)) ? Unsafe.BitCast<byte, T>(number) : Broken<T>();

    private DateTimeOffset At(long ticks) =>
        ticks >= DateTimeOffset.MinValue.Ticks && ticks <= DateTimeOffset.MaxValue.Ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : Broken<DateTimeOffset>();

    private ulong Unsigned()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next <= 0x7F) return value;
        }

        return Broken<ulong>();
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _left.Length)
        {
            Broken<byte>();
            return [];
        }

        var taken = _left[..length];
        _left = _left[length..];
        return taken;
    }

    private T? Broken<T>()
    {
        IsBroken = true;
        _left = [];
        return default;
    }
}
