using System.Text.Json;
using Routing.Core.Dispatch;
using Routing.Core.Snapshots;
using Routing.Core.Usage;

namespace Routing.Core.Tests.Usage;

public sealed class UsageEventTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 30, 15, 120, TimeSpan.Zero);
    private static readonly UsageEvent Event = new() { Id = Guid.CreateVersion7(At), At = At, Attempts = [new AttemptRecord { Number = 1, ModelEndpoint = "b", StartedAt = At }] };

    [Fact]
    public void Json_Candidates_AreReadBackInTheirOrder()
    {
        var usage = Event with { Candidates = [.. Enum.GetValues<CandidateReason>().Select(r => new CandidateNote($"e-{r}", r))] };

        var read = JsonSerializer.Deserialize(Json(usage), SnapshotJson.Default.UsageEvent)!; // written above

        Assert.Equal(usage.Candidates.AsEnumerable(), read.Candidates);
    }

    [Fact]
    public void Json_NoCandidates_CostNoByte()
    {
        Assert.DoesNotContain("candidates", Json(Event), StringComparison.Ordinal);
        Assert.True(JsonSerializer.Deserialize(Json(Event), SnapshotJson.Default.UsageEvent)!.Candidates.IsDefault); // written above
    }

    private static string Json(UsageEvent usage) => JsonSerializer.Serialize(usage, SnapshotJson.Default.UsageEvent);
}
