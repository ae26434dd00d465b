using System.Text;

namespace Routing.Simulator.Answers;

/// <summary>SplitMix64: tiny, seedable, the same on every machine and version (System.Random promises none of that).</summary>
internal struct StableRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15UL;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    public int Below(int limit) => (int)(Next() % (uint)limit);

    /// <summary>Uniform in [0, 1).</summary>
    public double Fraction() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Standard normal (Box-Muller).</summary>
    public double Normal()
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - Fraction()));
        return radius * Math.Cos(2 * Math.PI * Fraction());
    }

    /// <summary>FNV-1a over UTF-8, so that a seed can be made of texts.</summary>
    public static ulong Hash(ulong seed, ReadOnlySpan<char> text)
    {
        Span<byte> utf8 = stackalloc byte[256];
        var hash = 14695981039346656037UL ^ seed;
        while (!text.IsEmpty)
        {
            var part = text[..Math.Min(text.Length, 64)];
            text = text[part.Length..];
            var written = Encoding.UTF8.GetBytes(part, utf8);
            foreach (var b in utf8[..written]) hash = (hash ^ b) * 1099511628211UL;
        }

        return hash;
    }
}
