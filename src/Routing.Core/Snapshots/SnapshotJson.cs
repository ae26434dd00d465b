using System.Text.Json.Serialization;
using Routing.Core.Budgets;
using Routing.Core.Health;
using Routing.Core.Usage;

namespace Routing.Core.Snapshots;

/// <summary>JSON of every document that control plane and edges exchange. Unknown fields are tolerated, duplicate ones are not.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(RoutingSnapshot))]
[JsonSerializable(typeof(EdgeEnvelope))]
[JsonSerializable(typeof(EdgeOverlay))]
[JsonSerializable(typeof(ApplyReport))]
[JsonSerializable(typeof(EnrolRequest))]
[JsonSerializable(typeof(EnrolResponse))]
[JsonSerializable(typeof(UsageBatch))]
[JsonSerializable(typeof(UsageReceipt))]
[JsonSerializable(typeof(UsageEvent))]
[JsonSerializable(typeof(HealthReport))]
[JsonSerializable(typeof(HealthReceipt))]
[JsonSerializable(typeof(BudgetLease[]))]
[JsonSerializable(typeof(Dictionary<string, string>))]
public sealed partial class SnapshotJson : JsonSerializerContext;
