using System.Buffers;
using System.Text;
using System.Text.Json;
using Routing.Core.Dispatch;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Snapshots;
using Routing.Core.Usage;

namespace Routing.Core.Tests.Usage;

public sealed class UsageEventJsonTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 30, 15, 120, TimeSpan.Zero);

    [Fact]
    public void Write_EveryMemberSet_IsWhatTheSerializerWrites()
    {
        var attempt = new AttemptRecord
        {
            Number = 2, ModelEndpoint = "azure \"main\" <é>", Cause = AttemptCause.Failover, Outcome = AttemptOutcome.Interrupted,
            Failure = FailureKind.StreamInterrupted, RawCode = "server_error", HttpStatus = 200, StartedAt = At.AddTicks(1234567), FirstTokenMs = 12,
            DurationMs = 3400, Streamed = true, Breaker = BreakerState.PartialOpen,
            Usage = new TokenUsage { InputTotal = 5, CacheRead = 1, CacheWrite = 2, OutputTotal = 9, Reasoning = 3, Source = UsageSource.Estimated, CapacityClass = "flex" },
            Stop = StopReason.ToolCall, RawStop = "tool_use", CostMicros = 123_456_789_012, Currency = "USD", PriceFrom = At.AddDays(-1), ProviderRequestId = "req_1",
        };
        AssertSame(new UsageEvent
        {
            Id = Guid.CreateVersion7(At), At = At, EdgeId = "edge-1", Caller = "team-a", Feature = "thread-summary", Revision = 7, Overlay = 3, Streamed = true,
            Outcome = RequestOutcome.Interrupted, Failure = FailureKind.DeadlineTotal, ServedBy = "azure-main", FirstTokenMs = 40, TotalMs = 3500,
            Attempts = [attempt with { Number = 1, Failure = FailureKind.RateLimited }, attempt],
            Candidates = [new CandidateNote("azure \"main\" <é>", CandidateReason.OutsideShare), new CandidateNote("b", CandidateReason.Admitted)],
            ShadowOf = "01939f3b-7c4d-7000-8000-000000000001",
        });
    }

    [Fact]
    public void Write_NothingSet_IsWhatTheSerializerWrites() =>
        AssertSame(new UsageEvent { Id = default, At = default, Attempts = [new AttemptRecord { Number = 1, ModelEndpoint = "", StartedAt = default }] });

    [Fact]
    public void Write_Candidates_AreReadBackInTheirOrder()
    {
        var usage = Event(new AttemptRecord { Number = 1, ModelEndpoint = "b", StartedAt = At }) with
        {
            Candidates = [.. Enum.GetValues<CandidateReason>().Select(r => new CandidateNote($"e-{r}", r))],
        };

        var read = JsonSerializer.Deserialize(Written(usage), SnapshotJson.Default.UsageEvent)!; // written above

        Assert.Equal(usage.Candidates.AsEnumerable(), read.Candidates);
    }

    [Fact]
    public void Write_NoCandidates_CostNoByte()
    {
        var usage = Event(new AttemptRecord { Number = 1, ModelEndpoint = "b", StartedAt = At });

        Assert.DoesNotContain("candidates", Written(usage), StringComparison.Ordinal);
        Assert.True(JsonSerializer.Deserialize(Written(usage), SnapshotJson.Default.UsageEvent)!.Candidates.IsDefault); // written above
    }

    [Fact]
    public void Write_EveryWordOfEveryEnum_IsWhatTheSerializerWrites()
    {
        foreach (var kind in Enum.GetValues<FailureKind>()) AssertSame(Event(new AttemptRecord { Number = 1, ModelEndpoint = "e", StartedAt = At, Failure = kind }));
        foreach (var stop in Enum.GetValues<StopReason>()) AssertSame(Event(new AttemptRecord { Number = 1, ModelEndpoint = "e", StartedAt = At, Stop = stop }));
        foreach (var state in Enum.GetValues<BreakerState>()) AssertSame(Event(new AttemptRecord { Number = 1, ModelEndpoint = "e", StartedAt = At, Breaker = state }));
        foreach (var cause in Enum.GetValues<AttemptCause>()) AssertSame(Event(new AttemptRecord { Number = 1, ModelEndpoint = "e", StartedAt = At, Cause = cause }));
        foreach (var reason in Enum.GetValues<CandidateReason>()) AssertSame(Event(new AttemptRecord { Number = 1, ModelEndpoint = "e", StartedAt = At }) with { Candidates = [new CandidateNote("e", reason)] });
    }

    private static UsageEvent Event(AttemptRecord attempt) => new() { Id = Guid.CreateVersion7(At), At = At, Attempts = [attempt] };

    private static void AssertSame(UsageEvent usage) => Assert.Equal(JsonSerializer.Serialize(usage, SnapshotJson.Default.UsageEvent), Written(usage));

    private static string Written(UsageEvent usage)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes)) UsageEventJson.Write(json, usage);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
