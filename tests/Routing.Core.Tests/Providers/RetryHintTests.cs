using Routing.Core.Providers;

namespace Routing.Core.Tests.Providers;

public sealed class RetryHintTests
{
    private const string Date = "Tue, 24 Nov 2026 14:00:00 GMT";

    [Theory]
    [InlineData("7", 7000)]
    [InlineData("0.5", 500)]
    [InlineData(" 3 ", 3000)]
    [InlineData("Tue, 24 Nov 2026 14:00:30 GMT", 30_000)]
    [InlineData("1000000000", 3_600_000)] // Capped: an hour is the longest that is believed.
    [InlineData("Wed, 24 Nov 2027 14:00:00 GMT", 3_600_000)]
    public void From_RetryAfter_IsUnderstood(string text, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), RetryHint.From(new ListedHeaders(("Retry-After", text), ("Date", Date))));

    [Theory]
    [InlineData("-1")]
    [InlineData("0")]
    [InlineData("abc")]
    [InlineData("")]
    [InlineData("NaN")]
    [InlineData("1e999")]
    [InlineData("Infinity")]
    [InlineData("Tue, 24 Nov 2026 13:59:59 GMT")] // In the past.
    [InlineData("2026-11-24")]
    public void From_RetryAfterThatMakesNoSense_IsNoHint(string text) => Assert.Null(RetryHint.From(new ListedHeaders(("Retry-After", text), ("Date", Date))));

    [Fact]
    public void From_DateWithoutTheProvidersOwnClock_IsNoHint() => Assert.Null(RetryHint.From(new ListedHeaders(("Retry-After", Date))));

    [Fact]
    public void From_Milliseconds_ComeFirst() =>
        Assert.Equal(TimeSpan.FromMilliseconds(1500), RetryHint.From(new ListedHeaders(("Retry-After", "2"), ("retry-after-ms", "1500"))));

    [Fact]
    public void From_NoHeader_IsNoHint() => Assert.Null(RetryHint.From(new ListedHeaders()));

    [Theory]
    [InlineData("2ms", 2)]
    [InlineData("3.5s", 3500)]
    [InlineData("6m0s", 360_000)]
    [InlineData("1h2m3s", 3_600_000)]
    [InlineData("1m0.5s", 60_500)]
    public void Duration_GoOrProtobuf_IsUnderstood(string text, int milliseconds) => Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), RetryHint.Duration(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("s")]
    [InlineData("-3s")]
    [InlineData("3 s")]
    [InlineData("3x")]
    [InlineData("1.2.3s")]
    [InlineData("0s")]
    [InlineData("111111111111111111111111111111111111s")]
    public void Duration_SomethingElse_IsNoHint(string? text) => Assert.Null(RetryHint.Duration(text));
}
