namespace Routing.Simulator.Calls;

/// <summary>Images are not looked at, but bytes that are none are refused, as by every cloud.</summary>
internal static class ImageCheck
{
    // Enough to tell the four formats apart, in whole base64 groups.
    private const int HeadCharacters = 16;

    public static bool IsImage(string? base64)
    {
        if (base64 is null || base64.Length < HeadCharacters) return false;
        Span<byte> head = stackalloc byte[HeadCharacters * 3 / 4];
        if (!Convert.TryFromBase64String(base64[..HeadCharacters], head, out var read)) return false;
        ReadOnlySpan<byte> seen = head[..read];
        return seen.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']) || seen.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])
            || seen.StartsWith("GIF8"u8) || (seen.StartsWith("RIFF"u8) && seen[8..].StartsWith("WEBP"u8));
    }

    /// <summary>A <c>data:</c> address must hold an image; other addresses are taken as they are and never fetched.</summary>
    public static bool IsImageAddress(string? url)
    {
        if (url is null) return false;
        if (!url.StartsWith("data:", StringComparison.Ordinal)) return Uri.TryCreate(url, UriKind.Absolute, out _);
        var comma = url.IndexOf(";base64,", StringComparison.Ordinal);
        return comma > 0 && IsImage(url[(comma + ";base64,".Length)..]);
    }
}
