using System.Text;
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
    public void Load_FieldsLeftOut_HaveTheDefaultsOfTheirRecords()
    {
        var snapshot = Load("v1-sparse.json");
        Assert.False(SnapshotValidator.HasErrors(SnapshotValidator.Validate(snapshot)));
        var expected = new FeatureConfig { Name = "channel-recap", Candidates = [new CandidateConfig { ModelEndpoint = "azure-gpt" }] };
        Assert.Equal(expected with { Candidates = default }, snapshot.Features[0] with { Candidates = default });
        Assert.Equal(expected.Candidates[0], snapshot.Features[0].Candidates[0]);
        Assert.Equal(new ModelEndpointConfig { Id = "azure-gpt", Account = "azure-main", Model = "gpt-4.1", Region = "eastus2", Breaker = "interactive" }, snapshot.ModelEndpoints[0]);
        Assert.Equal(BreakerPolicyConfig.Default.MinimumSamples, snapshot.Breakers[0].MinimumSamples);
    }

    [Fact]
    public void Load_Version1WithFederation_ReadsEveryField()
    {
        var snapshot = Load("v1-federation.json");
        Assert.Empty(SnapshotValidator.Validate(snapshot));
        Assert.Empty(SnapshotDiff.Between(FederatedWorld.Snapshot, snapshot));
    }

    [Fact]
    public void Load_Version1WithDelivery_ReadsIt()
    {
        var snapshot = Load("v1-delivery.json");
        Assert.Equal([DeliveryMode.Protected, DeliveryMode.Immediate], snapshot.Features.Select(f => f.Delivery));
        Assert.Empty(SnapshotDiff.Between(snapshot, DocumentJson.Read<RoutingSnapshot>(JsonSerializer.SerializeToUtf8Bytes(snapshot, SnapshotJson.Default.RoutingSnapshot))!));
    }

    [Fact]
    public void Load_Version1WithBudgets_ReadsThem()
    {
        var snapshot = Load("v1-budgets.json");
        Assert.Equal([(250_000_000, "EUR", BudgetAction.Stop), (5_000_000, "USD", BudgetAction.Warn)], snapshot.Features.Select(f => (f.BudgetMicros, f.BudgetCurrency, f.BudgetAction)));
        Assert.Empty(SnapshotDiff.Between(snapshot, DocumentJson.Read<RoutingSnapshot>(JsonSerializer.SerializeToUtf8Bytes(snapshot, SnapshotJson.Default.RoutingSnapshot))!));
    }

    [Fact]
    public void Load_FieldsOfALaterVersion_AreTolerated()
    {
        var text = File.ReadAllText(PathOf("v1.json"));
        var later = text.Replace("\"accounts\":", "\"residency\": { \"zones\": [1, 2] }, \"accounts\":", StringComparison.Ordinal);
        Assert.NotEqual(text, later, StringComparer.Ordinal);
        Assert.Empty(SnapshotDiff.Between(SampleWorld.Snapshot, DocumentJson.Read<RoutingSnapshot>(Encoding.UTF8.GetBytes(later))!));
    }

    [Fact]
    public void Load_SameFieldTwice_IsRefused()
    {
        var twice = File.ReadAllText(PathOf("v1.json")).Replace("\"accounts\":", "\"note\": \"x\", \"accounts\":", StringComparison.Ordinal);
        Assert.Throws<JsonException>(() => DocumentJson.Read<RoutingSnapshot>(Encoding.UTF8.GetBytes(twice)));
    }

    private static RoutingSnapshot Load(string file) => DocumentJson.Read<RoutingSnapshot>(File.ReadAllBytes(PathOf(file)))!;

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Snapshots", "History", file);
}
