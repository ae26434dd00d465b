using Routing.Core.Providers;

namespace Routing.Core.Tests.Providers;

public sealed class LimitSignalsTests
{
    private static readonly (string, string) Date = ("Date", "Tue, 24 Nov 2026 14:00:00 GMT");

    [Fact]
    public void Read_OpenAIsHeaders_AreGoDurations() => Assert.Equal(
        [new(LimitDimension.Requests, 60, 59, TimeSpan.FromMilliseconds(2)), new(LimitDimension.Tokens, 150_000, 0, TimeSpan.FromMinutes(6))],
        LimitSignals.Read(new ListedHeaders(
            ("x-ratelimit-limit-requests", "60"), ("x-ratelimit-remaining-requests", "59"), ("x-ratelimit-reset-requests", "2ms"),
            ("x-ratelimit-limit-tokens", "150000"), ("x-ratelimit-remaining-tokens", "0"), ("x-ratelimit-reset-tokens", "6m0s"))));

    [Fact]
    public void Read_AzuresHeaders_AreSecondsOrMissing() => Assert.Equal(
        [new(LimitDimension.Requests, null, 0, TimeSpan.FromSeconds(10)), new(LimitDimension.Tokens, 1000, 700, null)],
        LimitSignals.Read(new ListedHeaders(
            ("x-ratelimit-remaining-requests", "0"), ("x-ratelimit-reset-requests", "10"), ("x-ratelimit-limit-tokens", "1000"), ("x-ratelimit-remaining-tokens", "700"))));

    [Fact]
    public void Read_AnthropicsHeaders_AreMomentsOnItsOwnClock() => Assert.Equal(
        [new(LimitDimension.Requests, 50, 49, TimeSpan.FromSeconds(1)), new(LimitDimension.InputTokens, 30_000, 0, TimeSpan.FromSeconds(30.5)), new(LimitDimension.OutputTokens, 8000, 8000, null)],
        LimitSignals.Read(new ListedHeaders(Date,
            ("anthropic-ratelimit-requests-limit", "50"), ("anthropic-ratelimit-requests-remaining", "49"), ("anthropic-ratelimit-requests-reset", "2026-11-24T14:00:01Z"),
            ("anthropic-ratelimit-input-tokens-limit", "30000"), ("anthropic-ratelimit-input-tokens-remaining", "0"), ("anthropic-ratelimit-input-tokens-reset", "2026-11-24T15:00:30.5+01:00"),
            ("anthropic-ratelimit-output-tokens-limit", "8000"), ("anthropic-ratelimit-output-tokens-remaining", "8000"), ("anthropic-ratelimit-output-tokens-reset", "2026-11-24T14:00:00Z"))));

    [Fact]
    public void Read_BedrocksAndVertexs_AreNone() =>
        Assert.Empty(LimitSignals.Read(new ListedHeaders(Date, ("x-amzn-requestid", "r"), ("x-amzn-bedrock-input-token-count", "5"), ("x-vertex-ai-llm-request-type", "shared"))));

    [Theory]
    [InlineData("-1", "soon")]
    [InlineData("1.5", "")]
    [InlineData("many", "1.2.3s")]
    public void Read_ValuesThatMakeNoSense_AreNone(string remaining, string reset) =>
        Assert.Empty(LimitSignals.Read(new ListedHeaders(("x-ratelimit-remaining-tokens", remaining), ("x-ratelimit-reset-tokens", reset))));

    [Fact]
    public void RetryHint_LimitsUsedUp_WaitsForTheLongestOfThem() => Assert.Equal(TimeSpan.FromSeconds(7), RetryHint.From(new ListedHeaders(
        ("x-ratelimit-remaining-requests", "0"), ("x-ratelimit-reset-requests", "2s"), ("x-ratelimit-remaining-tokens", "0"), ("x-ratelimit-reset-tokens", "7s"))));

    [Fact]
    public void RetryHint_LimitNotUsedUp_IsNone() =>
        Assert.Null(RetryHint.From(new ListedHeaders(("x-ratelimit-remaining-requests", "5"), ("x-ratelimit-reset-requests", "2s"))));

    [Fact]
    public void RetryHint_HeaderOfTheRefusal_ComesBeforeTheLimits() => Assert.Equal(TimeSpan.FromSeconds(3), RetryHint.From(new ListedHeaders(
        ("retry-after", "3"), ("x-ratelimit-remaining-tokens", "0"), ("x-ratelimit-reset-tokens", "7s"))));
}
