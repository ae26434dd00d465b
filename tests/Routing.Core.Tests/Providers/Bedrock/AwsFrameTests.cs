using System.Buffers.Binary;
using System.Text;
using Routing.Core.Providers.Bedrock;

namespace Routing.Core.Tests.Providers.Bedrock;

public sealed class AwsFrameTests
{
    [Theory]
    [InlineData("", 0x00000000u)]
    [InlineData("123456789", 0xCBF43926u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void Crc32_PublishedValues_Match(string text, uint expected) => Assert.Equal(expected, Crc32.Of(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Crc32_AnyLength_EqualsTheBitwiseOne()
    {
        var bytes = Enumerable.Range(0, 70).Select(i => (byte)(i * 37)).ToArray();
        for (var length = 0; length <= bytes.Length; length++) Assert.Equal(EventStreamBytes.Crc(bytes.AsSpan(0, length)), Crc32.Of(bytes.AsSpan(0, length)));
    }

    // The vectors of the encoding's own test suite.
    [Theory]
    [InlineData("0000001000000000 05c248eb 7d98c8ff", "")]
    [InlineData("0000001d00000000 fd528c5a 7b27666f6f273a27626172277d c3653936", "{'foo':'bar'}")]
    [InlineData("0000003d00000020 07fd8396 0c636f6e74656e742d7479706507 0010 6170706c69636174696f6e2f6a736f6e 7b27666f6f273a27626172277d 8d9c08b1", "{'foo':'bar'}")]
    public void TryRead_PublishedVector_GivesItsPayload(string hex, string payload)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(FrameState.Whole, AwsFrame.TryRead(bytes, out var frame));
        Assert.Equal(bytes.Length, frame.Length);
        Assert.Equal(payload, Encoding.ASCII.GetString(bytes, frame.PayloadStart, frame.PayloadLength));
    }

    [Fact]
    public void TryRead_AllHeaderTypes_FindsTheNamesAmongThem()
    {
        byte[] headers =
        [
            1, (byte)'a', 0, 1, (byte)'b', 1, 1, (byte)'c', 2, 9, 1, (byte)'d', 3, 9, 9, 1, (byte)'e', 4, 9, 9, 9, 9,
            1, (byte)'f', 5, 9, 9, 9, 9, 9, 9, 9, 9, 1, (byte)'g', 6, 0, 2, 9, 9, 1, (byte)'h', 8, 9, 9, 9, 9, 9, 9, 9, 9,
            1, (byte)'i', 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
            13, .. ":message-type"u8, 7, 0, 5, .. "event"u8, 11, .. ":event-type"u8, 7, 0, 8, .. "metadata"u8,
        ];
        Assert.Equal(FrameState.Whole, AwsFrame.TryRead(EventStreamBytes.Message(headers, [1, 2]), out var frame));
        Assert.Equal("event", Encoding.ASCII.GetString(frame.MessageType));
        Assert.Equal("metadata", Encoding.ASCII.GetString(frame.Type));
    }

    [Fact]
    public void TryRead_CutAnywhere_AsksForMore()
    {
        var bytes = EventStreamBytes.Event("messageStart", """{"role":"assistant"}""");
        for (var length = 0; length < bytes.Length; length++) Assert.Equal(FrameState.Partial, AwsFrame.TryRead(bytes.AsSpan(0, length), out _));
    }

    [Fact]
    public void TryRead_AnyBitFlipped_IsBroken()
    {
        var bytes = EventStreamBytes.Event("messageStart", """{"role":"assistant"}""");
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(FrameState.Broken, AwsFrame.TryRead(damaged, out _));
        }
    }

    [Theory]
    [InlineData(0x01000001u, 0u)] // One byte over 16 MB.
    [InlineData(0x00020020u, 0x00020001u)] // One byte over 128 KB of headers.
    [InlineData(15u, 0u)]
    [InlineData(20u, 5u)]
    [InlineData(0xFFFFFFFFu, 0xFFFFFFFFu)]
    public void TryRead_LengthsThatCannotBe_AreBrokenAtOnce(uint total, uint headers)
    {
        var bytes = new byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, total);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), headers);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), EventStreamBytes.Crc(bytes.AsSpan(0, 8)));
        Assert.Equal(FrameState.Broken, AwsFrame.TryRead(bytes, out _));
    }

    [Theory]
    [InlineData(new byte[] { 5, 1 })] // Name longer than the headers.
    [InlineData(new byte[] { 1, (byte)'a', 7, 0, 9, 1 })] // Value longer than the headers.
    [InlineData(new byte[] { 1, (byte)'a', 7, 0 })] // Length cut.
    [InlineData(new byte[] { 1, (byte)'a', 10 })] // No such type.
    [InlineData(new byte[] { 3 })]
    public void TryRead_HeadersThatCannotBe_AreBroken(byte[] headers) => Assert.Equal(FrameState.Broken, AwsFrame.TryRead(EventStreamBytes.Message(headers, []), out _));
}
