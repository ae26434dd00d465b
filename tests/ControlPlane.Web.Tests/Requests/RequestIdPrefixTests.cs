using ControlPlane.Web.Requests;

namespace ControlPlane.Web.Tests.Requests;

public sealed class RequestIdPrefixTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 24, 12, 0, 0, 250, TimeSpan.Zero);

    [Theory]
    [InlineData(8)]
    [InlineData(13)]
    [InlineData(18)]
    [InlineData(36)]
    public void Parse_BeginningOfAnId_SpansTheMomentItWasMade(int characters)
    {
        var id = Guid.CreateVersion7(At);

        RequestIdPrefix prefix = RequestIdPrefix.Parse(" " + id.ToString()[..characters].ToUpperInvariant())!; // long enough

        Assert.InRange(At, prefix.From, prefix.To.AddTicks(-1));
        Assert.True(prefix.To - prefix.From < TimeSpan.FromSeconds(70));
        Assert.True(prefix.Fits(id));
        Assert.False(prefix.Fits(Guid.CreateVersion7(At.AddMinutes(3))));
        Assert.Equal(characters == 36 ? id : null, prefix.Whole);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0198")]
    [InlineData("req_01KAE7QX9M")]
    [InlineData("0198f0000000700080000000000000011")]
    public void Parse_NoBeginningOfAnId_IsNull(string? text) => Assert.Null(RequestIdPrefix.Parse(text));

    [Fact]
    public void Parse_DigitsBeyondTheEndOfTime_HasARange() => Assert.True(RequestIdPrefix.Parse("ffffffff")!.From <= RequestIdPrefix.Parse("ffffffff")!.To); // long enough
}
