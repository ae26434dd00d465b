using System.Text.Json;

namespace Routing.Edge.Anthropic;

/// <summary>Features as Anthropic's API lists models. All are on one page, whatever page was asked for.</summary>
internal static class ModelsJson
{
    public static void WriteList(Utf8JsonWriter json, IReadOnlyList<string> names)
    {
        json.WriteStartObject();
        json.WriteStartArray("data"u8);
        foreach (var name in names) Write(json, name);
        json.WriteEndArray();
        json.WriteBoolean("has_more"u8, false);
        json.WriteString("first_id"u8, names.Count > 0 ? names[0] : null);
        json.WriteString("last_id"u8, names.Count > 0 ? names[^1] : null);
        json.WriteEndObject();
    }

    /// <summary>A feature has no day of release; Anthropic writes such a day as the epoch.</summary>
    public static void Write(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "model"u8);
        json.WriteString("id"u8, name);
        json.WriteString("display_name"u8, name);
        json.WriteString("created_at"u8, "1970-01-01T00:00:00Z"u8);
        json.WriteEndObject();
    }
}
