using System.Text.Json;
using Routing.Core.Snapshots;

namespace Routing.Core.Tests.Snapshots;

/// <summary>Every released shape of the document still loads. A change of shape adds a file; no file here is ever edited.</summary>
public sealed class SnapshotHistoryTests
{
    [Fact]
    public void Load_Version1_ReadsEveryField()
    {
        var snapshot = Load("v1.json");
        Assert.Empty(SnapshotValidator.Validate(snapshot));
        Assert.Empty(SnapshotDiff.Between(SampleWorld.Snapshot, snapshot));
        Assert.Equal((1, 412, "Gemini takes over translate"), (snapshot.SchemaVersion, snapshot.Revision, snapshot.Note));
    }

    [Fact]
    public void Load_FieldsOfALaterVersion_AreTolerated()
    {
        var text = File.ReadAllText(PathOf("v1.json"));
        var later = text.Replace("\"accounts\":", "\"residency\": { \"zones\": [1, 2] }, \"accounts\":", StringComparison.Ordinal);
        Assert.NotEqual(text, later, StringComparer.Ordinal);
        Assert.Empty(SnapshotDiff.Between(SampleWorld.Snapshot, JsonSerializer.Deserialize(later, SnapshotJson.Default.RoutingSnapshot)!));
    }

    [Fact]
    public void Load_SameFieldTwice_IsRefused()
    {
        var twice = File.ReadAllText(PathOf("v1.json")).Replace("\"accounts\":", "\"note\": \"x\", \"accounts\":", StringComparison.Ordinal);
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(twice, SnapshotJson.Default.RoutingSnapshot));
    }

    private static RoutingSnapshot Load(string file) => JsonSerializer.Deserialize(File.ReadAllText(PathOf(file)), SnapshotJson.Default.RoutingSnapshot)!;

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Snapshots", "History", file);
}
