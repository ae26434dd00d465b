using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Routing.Core.Snapshots;

namespace Routing.Edge.Snapshots;

/// <summary>
/// Finds fields that nothing reads, values that do not fit their field, and fields that are missing. A document from the control plane may hold
/// fields of a newer version; in a file written by hand such a field is a slip of the pen, and a limit that silently does not hold.
/// </summary>
internal static class FieldProblems
{
    public const string Unknown = "unknown_field";

    public static List<SnapshotProblem> Find(JsonElement document)
    {
        List<SnapshotProblem> problems = [];
        Look(document, SnapshotJson.Default.RoutingSnapshot, "", problems);
        return problems;
    }

    private static void Look(JsonElement value, JsonTypeInfo type, string path, List<SnapshotProblem> problems)
    {
        switch (type.Kind, value.ValueKind)
        {
            case (JsonTypeInfoKind.Enumerable, JsonValueKind.Array):
                LookAtItems(value, type, path, problems);
                break;
            case (JsonTypeInfoKind.Object, JsonValueKind.Object):
                LookAtFields(value, type, path, problems);
                break;
            case (JsonTypeInfoKind.Dictionary, JsonValueKind.Object):
                foreach (var member in value.EnumerateObject()) Look(member.Value, ElementOf(type), Below(path, member.Name), problems);
                break;
            default:
                if (!Fits(value, type)) problems.Add(new SnapshotProblem(path, "field_invalid", $"{FieldWords.Written(value, type)} cannot be read here; {FieldWords.Allowed(type)}."));
                break;
        }
    }

    private static void LookAtItems(JsonElement list, JsonTypeInfo type, string path, List<SnapshotProblem> problems)
    {
        var i = 0;
        foreach (var item in list.EnumerateArray())
        {
            Look(item, ElementOf(type), $"{path}[{NameOf(item) ?? i.ToString(CultureInfo.InvariantCulture)}]", problems);
            i++;
        }
    }

    private static void LookAtFields(JsonElement value, JsonTypeInfo type, string path, List<SnapshotProblem> problems)
    {
        foreach (var member in value.EnumerateObject())
        {
            var here = Below(path, member.Name);
            var property = type.Properties.FirstOrDefault(p => p.Name == member.Name);
            if (property is not null) Look(member.Value, type.Options.GetTypeInfo(property.PropertyType), here, problems);
            else problems.Add(new SnapshotProblem(here, Unknown, $"There is no field '{member.Name}' here; there are {string.Join(", ", type.Properties.Select(p => p.Name))}."));
        }

        foreach (var missing in type.Properties.Where(p => p.IsRequired && !value.TryGetProperty(p.Name, out _)))
        {
            problems.Add(new SnapshotProblem(Below(path, missing.Name), "field_missing", $"This field is missing; {FieldWords.Allowed(type.Options.GetTypeInfo(missing.PropertyType))}."));
        }
    }

    // What a list holds is typed wherever its own type is.
    private static JsonTypeInfo ElementOf(JsonTypeInfo type) => type.Options.GetTypeInfo(type.ElementType!);

    /// <summary>By what people call it, as in every other problem; null where it has no name.</summary>
    private static string? NameOf(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object) return null;
        var hasName = item.TryGetProperty("id", out var name) || item.TryGetProperty("name", out name);
        return hasName && name.ValueKind == JsonValueKind.String && name.GetString() is { Length: > 0 } text ? text : null;
    }

    private static string Below(string path, string field) => path.Length == 0 ? field : $"{path}.{field}";

    private static bool Fits(JsonElement value, JsonTypeInfo type)
    {
        try
        {
            value.Deserialize(type);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
