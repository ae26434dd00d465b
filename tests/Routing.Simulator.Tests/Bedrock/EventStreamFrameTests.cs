using System.Buffers;
using System.Text;
using Routing.Simulator.Bedrock;

namespace Routing.Simulator.Tests.Bedrock;

public sealed class EventStreamFrameTests
{
    [Fact]
    public void Crc32_CheckString_CheckValue() => Assert.Equal(0xCBF43926u, Crc32.Of("123456789"u8));

    [Theory]
    [InlineData("", "000000100000000005c248eb7d98c8ff")]
    [InlineData("{'foo':'bar'}", "0000001d00000000fd528c5a7b27666f6f273a27626172277dc3653936")]
    public void Write_NoHeaders_PublishedBytes(string payload, string hex) => Assert.Equal(hex, Frame([], payload));

    [Fact]
    public void Write_OneStringHeader_PublishedBytes() =>
        Assert.Equal("0000003d0000002007fd83960c636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e7b27666f6f273a27626172277d8d9c08b1",
            Frame(EventStreamFrame.Headers(("content-type", "application/json")), "{'foo':'bar'}"));

    [Fact]
    public void Write_Damaged_OnlyMessageCrcDiffers()
    {
        var (good, bad) = (Frame([], "x"), Frame([], "x", damage: true));

        Assert.True(good.AsSpan(0, good.Length - 8).SequenceEqual(bad.AsSpan(0, bad.Length - 8)));
        Assert.False(string.Equals(good, bad, StringComparison.Ordinal));
    }

    private static string Frame(byte[] headers, string payload, bool damage = false)
    {
        var bytes = new ArrayBufferWriter<byte>();
        EventStreamFrame.Write(bytes, headers, Encoding.UTF8.GetBytes(payload), damage);
        return Convert.ToHexStringLower(bytes.WrittenSpan);
    }
}
