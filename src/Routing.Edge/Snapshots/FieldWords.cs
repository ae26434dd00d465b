using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Routing.Edge.Snapshots;

/// <summary>What a field of a routing file holds, and what stands there instead, in words of the file.</summary>
internal static class FieldWords
{
    private const int MostShown = 60;

    /// <summary>Numbers and lists are not repeated where a text belongs: it may be a secret that lacks its quotes.</summary>
    public static string Written(JsonElement value, JsonTypeInfo type) => value.ValueKind switch
    {
        JsonValueKind.Object => "A group of fields",
        JsonValueKind.Array => "A list",
        JsonValueKind.Null => "Nothing",
        _ when type.Type == typeof(string) => "This value",
        JsonValueKind.String => $"'{Short(value.GetString()!)}'", // A string has a text.
        _ => Short(value.GetRawText()),
    };

    public static string Allowed(JsonTypeInfo type) => type.Kind switch
    {
        JsonTypeInfoKind.Enumerable => "write a list",
        JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => "write a group of fields",
        _ => Allowed(Nullable.GetUnderlyingType(type.Type) ?? type.Type, type),
    };

    private static string Allowed(Type value, JsonTypeInfo type)
    {
        if (value.IsEnum) return $"write one of {string.Join(", ", WordsOf(value, type))}";
        if (value == typeof(bool)) return "write true or false";
        if (value == typeof(int)) return $"write a whole number, at most {int.MaxValue}";
        if (value == typeof(long)) return "write a whole number";
        if (value == typeof(double)) return "write a number";
        if (value == typeof(DateTimeOffset)) return "write a time like 2026-01-01T00:00:00Z";
        return "write a text; in quotes where it looks like a number, true, false or null";
    }

    // As they are read: a member may have a spelling of its own.
    private static IEnumerable<string?> WordsOf(Type value, JsonTypeInfo type)
    {
        foreach (var member in Enum.GetValuesAsUnderlyingType(value)) yield return JsonSerializer.SerializeToElement(Enum.ToObject(value, member), type).GetString();
    }

    private static string Short(string text) => text.Length <= MostShown ? text : text[..MostShown] + "…";
}
