using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Routing.Core.Snapshots;

namespace Routing.Edge.Snapshots;

/// <summary>
/// Reads documents by reflection. The source-generated reader sets every init-only property, those absent from the document to zero, and so
/// loses the defaults the records declare: a file that leaves out a weight, or an envelope of an older control plane, would be refused.
/// </summary>
internal static class DocumentJson
{
    private static readonly JsonSerializerOptions Options = new(SnapshotJson.Default.Options) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    public static RoutingSnapshot? ReadSnapshot(JsonDocument document) => document.Deserialize<RoutingSnapshot>(Options);

    public static EdgeEnvelope? ReadEnvelope(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<EdgeEnvelope>(json, Options);
}
