using Routing.Edge.Snapshots;

namespace Routing.Edge.Tests.Snapshots;

public sealed class LastGoodEnvelopeTests
{
    private static SealedEnvelope Envelope(byte seed) => new([.. Enumerable.Repeat(seed, 64)], [.. Enumerable.Range(0, 400).Select(i => (byte)(i * seed))]);

    [Fact]
    public void Decode_EveryLengthAndEveryBit_WholeOrAbsent()
    {
        var file = LastGoodEnvelope.Encode(Envelope(3));
        Assert.NotNull(LastGoodEnvelope.Decode(file));
        for (var length = 0; length < file.Length; length++) Assert.Null(LastGoodEnvelope.Decode(file.AsSpan(0, length)));
        for (var bit = 0; bit < file.Length * 8; bit++)
        {
            var copy = file.ToArray();
            copy[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(LastGoodEnvelope.Decode(copy));
        }
    }

    [Fact]
    public void Read_NewestDamaged_PreviousGeneration()
    {
        using var folder = new TempFolder();
        var kept = new LastGoodEnvelope(folder.Path);
        kept.Write(Envelope(1));
        kept.Write(Envelope(2));
        Assert.Equal([2, 1], kept.Read().Select(e => (int)e.Signature[0]));
        File.WriteAllBytes(folder.File("envelope.1"), File.ReadAllBytes(folder.File("envelope.1"))[..100]);
        Assert.Equal([1], kept.Read().Select(e => (int)e.Signature[0]));
        kept.Write(Envelope(3));
        Assert.Equal([3, 1], kept.Read().Select(e => (int)e.Signature[0]));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File("envelope.1")));
    }
}
