using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Routing.Core.Snapshots;

namespace Routing.Edge.Snapshots;

/// <summary>
/// Finds fields that nothing reads. A document from the control plane may hold fields of a newer version; in a file written by hand
/// such a field is a slip of the pen, and a limit that silently does not hold.
/// </summary>
internal static class UnknownFields
{
    public static List<SnapshotProblem> Find(JsonElement document)
    {
        List<SnapshotProblem> problems = [];
        Look(document, SnapshotJson.Default.RoutingSnapshot, "", problems);
        return problems;
    }

    private static void Look(JsonElement value, JsonTypeInfo type, string path, List<SnapshotProblem> problems)
    {
        if (value.ValueKind == JsonValueKind.Array && type.Kind == JsonTypeInfoKind.Enumerable && type.ElementType is { } element)
        {
            var elementType = type.Options.GetTypeInfo(element);
            var i = 0;
            foreach (var item in value.EnumerateArray()) Look(item, elementType, $"{path}[{i++}]", problems);
        }

        if (value.ValueKind != JsonValueKind.Object || type.Kind != JsonTypeInfoKind.Object) return;
        foreach (var member in value.EnumerateObject())
        {
            var here = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            var property = type.Properties.FirstOrDefault(p => p.Name == member.Name);
            if (property is not null) Look(member.Value, type.Options.GetTypeInfo(property.PropertyType), here, problems);
            else problems.Add(new SnapshotProblem(here, "unknown_field", $"There is no field '{member.Name}' here; there are {string.Join(", ", type.Properties.Select(p => p.Name))}."));
        }
    }
}
