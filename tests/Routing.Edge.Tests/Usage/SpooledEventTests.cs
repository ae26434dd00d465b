using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Routing.Core.Dispatch;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Snapshots;
using Routing.Core.Usage;
using Routing.Edge.Usage;

namespace Routing.Edge.Tests.Usage;

public sealed class SpooledEventTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 30, 15, 120, TimeSpan.Zero);

    private static readonly AttemptRecord Attempt = new()
    {
        Number = 2, ModelEndpoint = "azure \"main\" <é>", Cause = AttemptCause.Failover, Outcome = AttemptOutcome.Interrupted,
        Failure = FailureKind.StreamInterrupted, RawCode = "server_error", HttpStatus = 200, StartedAt = At.AddTicks(1234567), FirstTokenMs = 12,
        DurationMs = 3400, Streamed = true, Breaker = BreakerState.PartialOpen,
        Usage = new TokenUsage { InputTotal = 5_000_000_000, CacheRead = 1, CacheWrite = 2, OutputTotal = 9, Reasoning = 3, Source = UsageSource.Estimated, CapacityClass = "flex" },
        Stop = StopReason.ToolCall, RawStop = "tool_use", CostMicros = 123_456_789_012, Currency = "USD", PriceFrom = At.AddDays(-1), ProviderRequestId = "req_1",
    };

    private static readonly UsageEvent Whole = new()
    {
        Id = new Guid("01939f3b-7c4d-7000-8000-0000000000ab"), At = At, EdgeId = "edge-1", Caller = "team-a", Feature = "thread-summary", Revision = 700, Overlay = 3, Streamed = true,
        Outcome = RequestOutcome.Interrupted, Failure = FailureKind.DeadlineTotal, ServedBy = "azure-main", FirstTokenMs = 40, TotalMs = 3500,
        Attempts = [Attempt with { Number = 1, Failure = FailureKind.RateLimited, StartedAt = At.AddTicks(-5) }, Attempt],
        Candidates = [new CandidateNote("azure \"main\" <é>", CandidateReason.OutsideShare), new CandidateNote("b", CandidateReason.Admitted)],
        ShadowOf = "01939f3b-7c4d-7000-8000-000000000001",
    };

    // Whole, as it was written on the day its form was settled.
    private const string Version1 =
        "013b9f93014d7c007080000000000000ab0075714a8e77de0807656467652d31077465616d2d610f7468726561642d73756d6d617279f80a060102150b617a7572652d6d6169" +
        "6e0150d836040212617a75726520226d61696e22203cc3a93e0202080d7365727665725f6572726f7290030901189035010180c8afa025020412060105666c65780409746f6f" +
        "6c5f75736501a8e8c8e99707045553440100b50720c576de08067265715f310412617a75726520226d61696e22203cc3a93e0202100d7365727665725f6572726f7290038eda" +
        "960101189035010180c8afa025020412060105666c65780409746f6f6c5f75736501a8e8c8e99707045553440100b50720c576de08067265715f31010412617a75726520226d" +
        "61696e22203cc3a93e060262012530313933396633622d376334642d373030302d383030302d303030303030303030303031";

    private static readonly UsageEvent Least = new() { Id = default, At = default, Attempts = [new AttemptRecord { Number = 1, ModelEndpoint = "", StartedAt = default }] };

    [Fact]
    public void Read_EveryMemberSet_IsTheEventThatWasWritten()
    {
        foreach (var (thing, type) in new (object, Type)[] { (Whole, typeof(UsageEvent)), (Attempt, typeof(AttemptRecord)), (Attempt.Usage, typeof(TokenUsage)) })
        {
            // A member that is added must be set above, so that it is missed here until it is written.
            Assert.All(type.GetProperties().Where(p => p.CanWrite), p => Assert.False(Equals(p.PropertyType.IsValueType ? Activator.CreateInstance(p.PropertyType) : null, p.GetValue(thing))));
        }

        AssertReadBack(Whole);
    }

    [Fact]
    public void Read_NothingSet_IsTheEventThatWasWritten()
    {
        AssertReadBack(Least);
        AssertReadBack(Least with { Attempts = [], Candidates = [] });
        AssertReadBack(Least with { ShadowOf = "", Attempts = [new AttemptRecord { Number = 1, ModelEndpoint = "", StartedAt = default, RawCode = "", RawStop = "", Currency = "", ProviderRequestId = "" }] });
    }

    [Fact]
    public void Read_NumbersAtTheirLimits_AreWhatWasWritten() =>
        AssertReadBack(Least with
        {
            Revision = long.MaxValue, Overlay = long.MinValue, TotalMs = int.MaxValue, At = DateTimeOffset.MaxValue,
            Attempts = [new AttemptRecord { Number = int.MinValue, ModelEndpoint = new string('é', 3_000), StartedAt = DateTimeOffset.MinValue, HttpStatus = -1, CostMicros = 64 }],
        });

    [Fact]
    public void Read_EveryWordOfEveryEnum_IsWhatWasWritten()
    {
        foreach (var outcome in Enum.GetValues<RequestOutcome>()) AssertReadBack(Least with { Outcome = outcome });
        foreach (var kind in Enum.GetValues<FailureKind>()) AssertReadBack(Least with { Failure = kind, Attempts = [Attempt with { Failure = kind }] });
        foreach (var outcome in Enum.GetValues<AttemptOutcome>()) AssertReadBack(Least with { Attempts = [Attempt with { Outcome = outcome }] });
        foreach (var cause in Enum.GetValues<AttemptCause>()) AssertReadBack(Least with { Attempts = [Attempt with { Cause = cause }] });
        foreach (var state in Enum.GetValues<BreakerState>()) AssertReadBack(Least with { Attempts = [Attempt with { Breaker = state }] });
        foreach (var stop in Enum.GetValues<StopReason>()) AssertReadBack(Least with { Attempts = [Attempt with { Stop = stop }] });
        foreach (var source in Enum.GetValues<UsageSource>()) AssertReadBack(Least with { Attempts = [Attempt with { Usage = new TokenUsage { Source = source } }] });
        foreach (var reason in Enum.GetValues<CandidateReason>()) AssertReadBack(Least with { Candidates = [new CandidateNote("e", reason)] });
    }

    [Fact]
    public void Write_SameEvent_IsLessThanAQuarterOfItsJson()
    {
        var usage = Whole with { Candidates = default, ShadowOf = null, EdgeId = "", Attempts = [Attempt] };
        Assert.InRange(Bytes(usage).Length, 1, JsonSerializer.SerializeToUtf8Bytes(usage, SnapshotJson.Default.UsageEvent).Length / 4);
    }

    [Fact]
    public void Read_CutAnywhereOrLonger_IsRefused()
    {
        var bytes = Bytes(Whole);
        for (var length = 0; length < bytes.Length; length++) Assert.False(SpooledEvent.TryRead(bytes.AsSpan(0, length), out _));
        Assert.False(SpooledEvent.TryRead([.. bytes, 0], out _));
    }

    [Fact]
    public void Read_AnyByteChanged_IsRefusedOrAnotherEventButNeverThrows()
    {
        var bytes = Bytes(Whole);
        for (var i = 0; i < bytes.Length; i++)
        {
            foreach (var value in (ReadOnlySpan<byte>)[0, 1, 0x7F, 0x80, 0xFF])
            {
                byte[] changed = [.. bytes];
                changed[i] = value;
                if (SpooledEvent.TryRead(changed, out var usage)) JsonSerializer.Serialize(usage, SnapshotJson.Default.UsageEvent);
            }
        }
    }

    /// <summary>What lies in a spool outlives an upgrade: another order of members needs another version, and this one must still be read.</summary>
    [Fact]
    public void Read_BytesOfVersion1_AreStillThatEvent()
    {
        Assert.True(SpooledEvent.TryRead(Convert.FromHexString(Version1), out var read));
        Assert.Equal(JsonSerializer.Serialize(Whole, SnapshotJson.Default.UsageEvent), JsonSerializer.Serialize(read, SnapshotJson.Default.UsageEvent));
    }

    /// <summary>Kept as numbers: a new word goes to the end, here too.</summary>
    [Fact]
    public void Words_OfEveryEnum_KeepTheirNumbers()
    {
        Assert.Equal("Answered Failed Interrupted Cancelled", Words<RequestOutcome>());
        Assert.Equal("InvalidRequest ContextTooLong RequestTooLarge ContentBlocked Unauthenticated PermissionDenied ModelNotFound RateLimited ReservedExhausted CapacityExhausted SpendLimit ModelNotReady UpstreamTimeout UpstreamInternal ModelError StreamInterrupted Conflict ClientCancelled Transport DeadlineFirstToken DeadlineTotal CredentialExchangeFailed CircuitOpen QuotaGateClosed BudgetExceeded NoEligibleEndpoint CapabilityUnsupported Unknown", Words<FailureKind>());
        Assert.Equal("Primary Retry Failover Probe Warm Hedge Shadow Continuation", Words<AttemptCause>());
        Assert.Equal("Answered Failed Interrupted Cancelled", Words<AttemptOutcome>());
        Assert.Equal("Closed PartialOpen Open Isolated", Words<BreakerState>());
        Assert.Equal("None End StopSequence Length ToolCall SafetyFiltered Recitation ContextExhausted MalformedOutput Paused Other", Words<StopReason>());
        Assert.Equal("None Estimated Reported", Words<UsageSource>());
        Assert.Equal("NotReached Admitted AdmittedFailOpen Incapable QuotaClosed Open OutsideShare Isolated FailOpenFull WindowTooSmall OutsideResidency TooDear AdmittedWarm CannotContinue HedgeOverBudget", Words<CandidateReason>());
    }

    [Fact]
    public void Read_LaterVersion_IsRefused()
    {
        var bytes = Bytes(Least);
        bytes[0]++;
        Assert.False(SpooledEvent.TryRead(bytes, out _));
    }

    [Fact]
    public void Take_EventsOfThisAndOfAnEarlierRelease_AreJsonLinesInTheirOrder()
    {
        using var folder = new TempFolder();
        using var spool = new UsageSpool(folder.Path, 1 << 22, NullLogger<UsageSpool>.Instance, 64 * 1024);
        var earlier = JsonSerializer.SerializeToUtf8Bytes(Least, SnapshotJson.Default.UsageEvent);
        spool.AppendBytes(earlier);
        spool.Append(Whole);
        spool.AppendBytes([2, 10, 0]); // Of a later release.

        var batch = spool.Take(10, int.MaxValue);

        Assert.Equal(3, batch.Count);
        Assert.Equal([.. earlier, (byte)'\n', .. JsonSerializer.SerializeToUtf8Bytes(Whole, SnapshotJson.Default.UsageEvent), (byte)'\n', .. "{\"unread\":\"AgoA\"}\n"u8], batch.Lines.ToArray());
    }

    [Fact]
    public void Append_EventTooLargeForASegment_IsDroppedAndCounted()
    {
        using var folder = new TempFolder();
        using var spool = new UsageSpool(folder.Path, 1 << 22, NullLogger<UsageSpool>.Instance, 64 * 1024);

        Assert.False(spool.Append(Least with { Caller = new string('c', 64 * 1024) }));
        Assert.True(spool.Append(Least));

        Assert.Equal((1L, 1L), (spool.Dropped, spool.Pending));
    }

    private static void AssertReadBack(UsageEvent usage)
    {
        Assert.True(SpooledEvent.TryRead(Bytes(usage), out var read));
        Assert.Equal(JsonSerializer.Serialize(usage, SnapshotJson.Default.UsageEvent), JsonSerializer.Serialize(read, SnapshotJson.Default.UsageEvent));
    }

    private static string Words<T>()
        where T : struct, Enum => string.Join(' ', Enum.GetNames<T>());

    private static byte[] Bytes(UsageEvent usage)
    {
        var bytes = new EventBytes();
        SpooledEvent.Write(usage, bytes);
        return bytes.Written.ToArray();
    }
}
