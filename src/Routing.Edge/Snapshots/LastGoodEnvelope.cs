using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Routing.Edge.Snapshots;

/// <summary>An envelope exactly as it was received; secrets in it are still sealed.</summary>
internal sealed record SealedEnvelope(byte[] Signature, byte[] Body);

/// <summary>
/// The last good envelope and the one before it, for a start without the control plane. A damaged file, whichever byte it is, counts as
/// absent; the signature is checked again on reading.
/// </summary>
internal sealed class LastGoodEnvelope(string folder)
{
    // mark, body length, signature length, SHA-256 of the rest
    private const int HeadBytes = 8 + 4 + 4 + SHA256.HashSizeInBytes;
    private static ReadOnlySpan<byte> FileMark => "RENVEL01"u8;

    private string Newest => Path.Combine(folder, "envelope.1");
    private string Older => Path.Combine(folder, "envelope.2");

    public void Write(SealedEnvelope envelope)
    {
        Directory.CreateDirectory(folder);
        if (TryRead(Newest) is not null) File.Move(Newest, Older, overwrite: true);
        SafeFile.Write(Newest, Encode(envelope));
    }

    /// <summary>Newest first; only whole ones.</summary>
    public IEnumerable<SealedEnvelope> Read()
    {
        foreach (var path in new[] { Newest, Older })
        {
            if (TryRead(path) is { } envelope) yield return envelope;
        }
    }

    internal static byte[] Encode(SealedEnvelope envelope)
    {
        var file = new byte[HeadBytes + envelope.Signature.Length + envelope.Body.Length];
        FileMark.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8), envelope.Body.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(12), envelope.Signature.Length);
        envelope.Signature.CopyTo(file.AsSpan(HeadBytes));
        envelope.Body.CopyTo(file.AsSpan(HeadBytes + envelope.Signature.Length));
        SHA256.HashData(file.AsSpan(HeadBytes), file.AsSpan(16, SHA256.HashSizeInBytes));
        return file;
    }

    internal static SealedEnvelope? Decode(ReadOnlySpan<byte> file)
    {
        if (file.Length < HeadBytes || !file.StartsWith(FileMark)) return null;
        var body = BinaryPrimitives.ReadInt32LittleEndian(file[8..]);
        var signature = BinaryPrimitives.ReadInt32LittleEndian(file[12..]);
        if (body < 0 || signature < 0 || (long)body + signature + HeadBytes != file.Length) return null;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(file[HeadBytes..], hash);
        return hash.SequenceEqual(file.Slice(16, SHA256.HashSizeInBytes))
            ? new SealedEnvelope(file.Slice(HeadBytes, signature).ToArray(), file[(HeadBytes + signature)..].ToArray())
            : null;
    }

    private static SealedEnvelope? TryRead(string path)
    {
        try
        {
            return File.Exists(path) ? Decode(File.ReadAllBytes(path)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
