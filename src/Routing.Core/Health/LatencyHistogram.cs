using System.Numerics;

namespace Routing.Core.Health;

/// <summary>
/// Counts of milliseconds in log-linear buckets: exact below 32 ms, then 16 buckets per doubling, so a bucket is 3 to 6 % wide,
/// up to 70 minutes. Merges without loss, which averages and quantiles do not. Not thread-safe.
/// </summary>
public sealed class LatencyHistogram
{
    public const int BucketCount = 304;
    private const int Exact = 32;
    private const int PerOctave = 16;
    private const int MaxMs = (1 << 22) - 1;
    private const byte Version = 1;

    private readonly int[] _counts = new int[BucketCount];

    public long Count { get; private set; }

    public void Add(TimeSpan value) => Add((long)value.TotalMilliseconds);

    public void Add(long milliseconds, int times = 1)
    {
        if (times <= 0) return;
        AddToBucket(BucketOf(milliseconds), times);
    }

    public void Merge(LatencyHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (var i = 0; i < BucketCount; i++)
        {
            if (other._counts[i] != 0) AddToBucket(i, other._counts[i]);
        }
    }

    /// <summary>Takes out what was merged in before.</summary>
    public void Subtract(LatencyHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (var i = 0; i < BucketCount; i++)
        {
            var taken = Math.Min(_counts[i], other._counts[i]);
            _counts[i] -= taken;
            Count -= taken;
        }
    }

    public void Clear()
    {
        if (Count == 0) return;
        Array.Clear(_counts);
        Count = 0;
    }

    /// <summary>The value below which this share of the samples lies, interpolated inside its bucket; null without samples.</summary>
    public int? Quantile(double share)
    {
        if (Count == 0) return null;
        var rank = Math.Clamp(share, 0, 1) * Count;
        long seen = 0;
        for (var i = 0; i < BucketCount; i++)
        {
            var count = _counts[i];
            if (count == 0 || seen + count < rank) { seen += count; continue; }
            var (low, width) = BoundsOf(i);
            return (int)(low + ((width - 1) * Math.Clamp((rank - seen) / count, 0, 1)));
        }
        return MaxMs;
    }

    public int? P50 => Quantile(0.5);

    public int? P90 => Quantile(0.9);

    /// <summary>Samples in the bucket's range and above it. Exact where <paramref name="milliseconds"/> is a bucket's end.</summary>
    public long CountAbove(long milliseconds)
    {
        long above = 0;
        for (var i = BucketOf(milliseconds) + 1; i < BucketCount; i++) above += _counts[i];
        return above;
    }

    /// <summary>Version byte, then pairs of variable-length numbers: buckets skipped, count. An empty histogram is one byte.</summary>
    public byte[] ToBytes()
    {
        var buffer = new byte[1 + (BucketCount * 7)];
        buffer[0] = Version;
        var at = 1;
        var skipped = 0u;
        foreach (var count in _counts)
        {
            if (count == 0) { skipped++; continue; }
            WriteNumber(buffer, ref at, skipped);
            WriteNumber(buffer, ref at, (uint)count);
            skipped = 0;
        }
        return buffer[..at];
    }

    /// <returns>False when the bytes are not a histogram of a known version; the histogram is then empty.</returns>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out LatencyHistogram histogram)
    {
        histogram = new LatencyHistogram();
        if (bytes.IsEmpty || bytes[0] != Version) return false;
        bytes = bytes[1..];
        long bucket = 0;
        while (!bytes.IsEmpty)
        {
            if (!TryReadNumber(ref bytes, out var skipped) || !TryReadNumber(ref bytes, out var count)) return Refuse(histogram);
            bucket += skipped;
            if (bucket >= BucketCount || count is 0 or > int.MaxValue) return Refuse(histogram);
            histogram.AddToBucket((int)bucket++, (int)count);
        }
        return true;
    }

    public string ToBase64() => Convert.ToBase64String(ToBytes());

    public static bool TryParseBase64(string? text, out LatencyHistogram histogram)
    {
        var bytes = new byte[1 + (BucketCount * 7)];
        if (text is not null && Convert.TryFromBase64String(text, bytes, out var length)) return TryParse(bytes.AsSpan(0, length), out histogram);
        histogram = new LatencyHistogram();
        return false;
    }

    internal static int BucketOf(long milliseconds)
    {
        var value = (uint)Math.Clamp(milliseconds, 0, MaxMs);
        if (value < Exact) return (int)value;
        var octave = BitOperations.Log2(value);
        return Exact + ((octave - 5) * PerOctave) + (int)((value >> (octave - 4)) - PerOctave);
    }

    internal static (int Low, int Width) BoundsOf(int bucket)
    {
        if (bucket < Exact) return (bucket, 1);
        var (octave, part) = Math.DivRem(bucket - Exact, PerOctave);
        return ((PerOctave + part) << (octave + 1), 1 << (octave + 1));
    }

    // Saturates: a minute can never hold 2^31 answers, a merged year of a busy bucket could.
    private void AddToBucket(int bucket, int times)
    {
        var added = Math.Min(times, int.MaxValue - _counts[bucket]);
        _counts[bucket] += added;
        Count += added;
    }

    private static bool Refuse(LatencyHistogram histogram)
    {
        histogram.Clear();
        return false;
    }

    private static void WriteNumber(byte[] buffer, ref int at, uint value)
    {
        for (; value >= 0x80; value >>= 7) buffer[at++] = (byte)(value | 0x80);
        buffer[at++] = (byte)value;
    }

    private static bool TryReadNumber(ref ReadOnlySpan<byte> bytes, out uint value)
    {
        value = 0;
        for (var i = 0; i < bytes.Length && i < 5; i++)
        {
            if (i == 4 && bytes[i] > 0x0F) return false;
            value |= (uint)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] >= 0x80) continue;
            bytes = bytes[(i + 1)..];
            return true;
        }
        return false;
    }
}
