using Routing.Core.Llm;
using Routing.Core.Usage;
using Routing.Simulator.Faults;

namespace Routing.Core.Tests.Simulated;

public sealed class AdaptersAgainstSimulatorTests(SimulatedClouds clouds) : IClassFixture<SimulatedClouds>
{
    public static TheoryData<string> Wires => [.. SimulatedClouds.Wires];

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Send_StreamedAndWhole_GiveTheSameTextAndTheProvidersUsage(string wire)
    {
        var (streamed, whole) = (await clouds.SendAsync(wire, stream: true), await clouds.SendAsync(wire, stream: false));
        Assert.Null(streamed.Failure);
        Assert.Null(whole.Failure);
        Assert.NotEmpty(whole.Text);
        Assert.Equal(whole.Text, streamed.Text);
        foreach (var attempt in new[] { streamed.Attempt, whole.Attempt })
        {
            var logged = clouds.Logged(wire, attempt.Streamed);
            Assert.Equal((UsageSource.Reported, StopReason.End, AttemptOutcome.Answered), (attempt.Usage.Source, attempt.Stop, attempt.Outcome));
            Assert.Equal((logged.InputTokens!.Value, logged.OutputTokens!.Value), (attempt.Usage.InputTotal, attempt.Usage.OutputTotal));
            Assert.NotNull(attempt.ProviderRequestId);
            Assert.True(attempt.Usage.CacheRead > 0);
        }
    }

    [Theory]
    [InlineData(FaultKind.RateLimited, FailureKind.RateLimited)]
    [InlineData(FaultKind.Capacity, FailureKind.CapacityExhausted)]
    [InlineData(FaultKind.ReservedExhausted, FailureKind.ReservedExhausted)]
    [InlineData(FaultKind.SpendLimit, FailureKind.SpendLimit)]
    [InlineData(FaultKind.Internal, FailureKind.UpstreamInternal)]
    [InlineData(FaultKind.Unavailable, FailureKind.CapacityExhausted)]
    [InlineData(FaultKind.Overloaded, FailureKind.CapacityExhausted)]
    [InlineData(FaultKind.Unauthenticated, FailureKind.Unauthenticated)]
    [InlineData(FaultKind.Forbidden, FailureKind.PermissionDenied)]
    [InlineData(FaultKind.NotFound, FailureKind.ModelNotFound)]
    [InlineData(FaultKind.ContextTooLong, FailureKind.ContextTooLong)]
    [InlineData(FaultKind.InvalidRequest, FailureKind.InvalidRequest)]
    [InlineData(FaultKind.RequestTooLarge, FailureKind.RequestTooLarge)]
    [InlineData(FaultKind.UpstreamTimeout, FailureKind.UpstreamTimeout)]
    [InlineData(FaultKind.UnknownError, FailureKind.Unknown)]
    [InlineData(FaultKind.Reset, FailureKind.Transport)]
    public async Task Send_FaultBeforeTheAnswer_IsClassified(FaultKind fault, FailureKind expected)
    {
        foreach (var wire in SimulatedClouds.Wires)
        {
            foreach (var stream in new[] { true, false })
            {
                var result = await clouds.SendAsync(wire, stream, new FaultRule { Kind = fault, RetryAfterMs = 2000 });
                Assert.True(Expected(wire, fault, expected) == result.Failure?.Kind, $"{wire} {fault} stream={stream}: {result.Failure}");
                Assert.Equal("", result.Text);
                if (fault == FaultKind.RateLimited) Assert.Equal(TimeSpan.FromSeconds(2), result.Failure!.RetryAfter);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Send_StreamCutOrDamaged_IsInterruptedNeverAnswered(string wire)
    {
        foreach (var fault in new FaultRule[] { new() { Kind = FaultKind.Cut }, new() { Kind = FaultKind.Malformed } })
        {
            var result = await clouds.SendAsync(wire, stream: true, fault);
            Assert.Equal((FailureKind.StreamInterrupted, AttemptOutcome.Interrupted), (result.Failure!.Kind, result.Attempt.Outcome));
            Assert.NotEqual(UsageSource.None, result.Attempt.Usage.Source);
        }
    }

    // A reset may throw away what had arrived and was not yet read, so it can look like one before the first content.
    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Send_StreamReset_IsNeverAnswered(string wire)
    {
        var result = await clouds.SendAsync(wire, stream: true, new FaultRule { Kind = FaultKind.Cut, Abrupt = true });
        Assert.Equal(result.Result.Committed ? FailureKind.StreamInterrupted : FailureKind.Transport, result.Failure!.Kind);
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Send_WholeAnswerCutOrDamaged_IsNeverAnswered(string wire)
    {
        foreach (var kind in new[] { FaultKind.Cut, FaultKind.Malformed, FaultKind.Html })
        {
            var result = await clouds.SendAsync(wire, stream: false, new FaultRule { Kind = kind });
            Assert.True(result.Failure is { Rule.FailsOver: true }, $"{kind}: {result.Failure}");
            Assert.Equal("", result.Text);
        }
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Send_ProxysPageInsteadOfAStream_IsInterruptedBeforeAnyContent(string wire)
    {
        var result = await clouds.SendAsync(wire, stream: true, new FaultRule { Kind = FaultKind.Html });
        Assert.Equal((FailureKind.StreamInterrupted, false), (result.Failure!.Kind, result.Result.Committed));
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Send_ErrorInsideTheStream_IsClassified(string wire)
    {
        var result = await clouds.SendAsync(wire, stream: true, new FaultRule { Kind = FaultKind.ErrorInBand, AfterChunks = 0 });
        Assert.Equal((FailureKind.UpstreamInternal, false), (result.Failure!.Kind, result.Result.Committed));
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Send_UnknownStopReason_IsOtherAndKept(string wire)
    {
        foreach (var stream in new[] { true, false })
        {
            var result = await clouds.SendAsync(wire, stream, new FaultRule { Kind = FaultKind.UnknownStop, Word = "novel_stop" });
            Assert.Null(result.Failure);
            Assert.Equal((StopReason.Other, "novel_stop"), (result.Attempt.Stop, result.Attempt.RawStop?.ToLowerInvariant()));
        }
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Send_AnswerFiltered_StopsForSafety(string wire)
    {
        var result = await clouds.SendAsync(wire, stream: true, new FaultRule { Kind = FaultKind.ContentFilter });
        Assert.Equal(StopReason.SafetyFiltered, result.Attempt.Stop);
    }

    [Theory]
    [InlineData("vertex")]
    [InlineData("azure")]
    [InlineData("openai")]
    public async Task Send_PromptFiltered_IsContentBlocked(string wire)
    {
        foreach (var stream in new[] { true, false })
        {
            var result = await clouds.SendAsync(wire, stream, new FaultRule { Kind = FaultKind.ContentFilter, OnPrompt = true });
            Assert.True(result.Failure?.Kind == FailureKind.ContentBlocked, $"{stream}: {result.Failure}");
        }
    }

    // What a cloud has no words for: Bedrock refuses an unpaid account like a missing permission; OpenAI sells no reservations.
    private static FailureKind Expected(string wire, FaultKind fault, FailureKind expected) => (wire, fault) switch
    {
        ("bedrock", FaultKind.SpendLimit) => FailureKind.PermissionDenied,
        ("openai", FaultKind.ReservedExhausted) => FailureKind.RateLimited,
        _ => expected,
    };
}
