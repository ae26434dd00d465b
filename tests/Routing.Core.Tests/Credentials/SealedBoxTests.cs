using System.Security.Cryptography;
using Routing.Core.Credentials;

namespace Routing.Core.Tests.Credentials;

public sealed class SealedBoxTests : IDisposable
{
    private static readonly byte[] Secret = "{\"key\":\"canary-4711\"}"u8.ToArray();
    private static readonly byte[] Context = SealedBox.Context("edge-1", "azure", 3);
    private readonly ECDiffieHellman _edge = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose() => _edge.Dispose();

    [Fact]
    public void TryOpen_OwnBox_ReturnsThePlaintext()
    {
        Assert.True(SealedBox.TryOpen(_edge, Sealed(), Context, out var opened));
        Assert.Equal(Secret, opened);
    }

    [Fact]
    public void Seal_Twice_GivesDifferentBoxes() => Assert.NotEqual(Sealed(), Sealed());

    [Fact]
    public void Seal_EmptyPlaintext_RoundTrips()
    {
        var box = SealedBox.Seal(_edge.ExportSubjectPublicKeyInfo(), [], Context);
        Assert.True(SealedBox.TryOpen(_edge, box, Context, out var opened));
        Assert.Empty(opened);
    }

    [Fact]
    public void TryOpen_AnyBitFlipped_Refuses()
    {
        var box = Sealed();
        for (var bit = 0; bit < box.Length * 8; bit++)
        {
            var changed = (byte[])box.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(SealedBox.TryOpen(_edge, changed, Context, out var opened), $"bit {bit}");
            Assert.Empty(opened);
        }
    }

    [Fact]
    public void TryOpen_CutAnywhere_Refuses()
    {
        var box = Sealed();
        for (var length = 0; length < box.Length; length++) Assert.False(SealedBox.TryOpen(_edge, box.AsSpan(0, length), Context, out _));
    }

    [Theory]
    [InlineData("edge-2", "azure", 3)]
    [InlineData("edge-1", "bedrock", 3)]
    [InlineData("edge-1", "azure", 2)]
    public void TryOpen_OtherContext_Refuses(string edge, string id, long version) =>
        Assert.False(SealedBox.TryOpen(_edge, Sealed(), SealedBox.Context(edge, id, version), out _));

    [Fact]
    public void TryOpen_OtherEdge_Refuses()
    {
        using var other = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        Assert.False(SealedBox.TryOpen(other, Sealed(), Context, out _));
    }

    [Fact]
    public void Seal_KeyOfAnotherCurve_Throws()
    {
        using var other = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP384);
        Assert.Throws<CryptographicException>(() => SealedBox.Seal(other.ExportSubjectPublicKeyInfo(), Secret, Context));
    }

    private byte[] Sealed() => SealedBox.Seal(_edge.ExportSubjectPublicKeyInfo(), Secret, Context);
}
