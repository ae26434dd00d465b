using System.Globalization;
using System.Text;
using System.Text.Json;
using Routing.Simulator.Calls;

namespace Routing.Simulator.Answers;

/// <summary>
/// Makes a value that satisfies a JSON schema of the simple kind clouds accept: types, properties, items, enum, const, anyOf,
/// references to definitions, and the limits of numbers, strings and arrays. Google's upper-case type names are read too.
/// </summary>
internal sealed class SchemaValue(JsonElement root, StableRandom random)
{
    // A schema may refer to itself; below this depth only what is required is written.
    private const int Deepest = 6;
    private static readonly string[] Words = ["café", "Zürich", "budget", "résumé", "launch", "東京", "review", "👍"];
    private readonly StringBuilder _json = new();
    private StableRandom _random = random;

    public static string Of(JsonElement schema, StableRandom random)
    {
        var value = new SchemaValue(schema, random);
        value.Write(schema, 0);
        return value._json.ToString();
    }

    private void Write(JsonElement schema, int depth)
    {
        if (depth > 2 * Deepest) _json.Append("null");
        else if (schema.Get("const") is { } only) _json.Append(only.GetRawText());
        else if (schema.Get("enum") is { ValueKind: JsonValueKind.Array } allowed && allowed.GetArrayLength() > 0) _json.Append(allowed[_random.Below(allowed.GetArrayLength())].GetRawText());
        else if (Referred(schema) is { } other) Write(other, depth + 1);
        else WriteTyped(schema, depth);
    }

    private void WriteTyped(JsonElement schema, int depth)
    {
        switch (TypeOf(schema))
        {
            case "object": WriteObject(schema, depth); break;
            case "array": WriteArray(schema, depth); break;
            case "integer": _json.Append(Within(schema, 1)); break;
            case "number": _json.Append(Within(schema, 1).ToString(CultureInfo.InvariantCulture)).Append(schema.Number("maximum") is null ? ".5" : ""); break;
            case "boolean": _json.Append(_random.Below(2) == 0 ? "true" : "false"); break;
            case "null": _json.Append("null"); break;
            default: WriteString(schema); break;
        }
    }

    private void WriteObject(JsonElement schema, int depth)
    {
        var required = schema.Get("required").Strings();
        var first = true;
        _json.Append('{');
        foreach (var property in schema.Get("properties") is { ValueKind: JsonValueKind.Object } all ? all.EnumerateObject() : default)
        {
            if (depth >= Deepest && !required.Contains(property.Name, StringComparer.Ordinal)) continue;
            if (!first) _json.Append(',');
            first = false;
            _json.Append(JsonSerializer.Serialize(property.Name, SimulatorJson.Readable)).Append(':');
            Write(property.Value, depth + 1);
        }

        _json.Append('}');
    }

    private void WriteArray(JsonElement schema, int depth)
    {
        var least = schema.Number("minItems") ?? 1;
        var count = depth >= Deepest ? least : Math.Min(Math.Max(least, 1), schema.Number("maxItems") ?? int.MaxValue);
        _json.Append('[');
        for (var at = 0; at < count; at++)
        {
            if (at > 0) _json.Append(',');
            if (schema.Get("items") is { ValueKind: JsonValueKind.Object } items) Write(items, depth + 1);
            else WriteString(schema);
        }

        _json.Append(']');
    }

    private void WriteString(JsonElement schema)
    {
        var text = schema.Text("format") switch
        {
            "date" => "2026-05-28",
            "date-time" => "2026-05-28T12:00:00Z",
            "email" => "zoe@example.com",
            "uuid" => "6f1f2a9e-3c1b-4d52-9d0e-0a8f5b7c2d11",
            _ => Words[_random.Below(Words.Length)],
        };
        while (text.Length < schema.Number("minLength")) text += "x";
        if (schema.Number("maxLength") is { } longest && text.Length > longest) text = new string('x', Math.Max(0, longest));
        _json.Append(JsonSerializer.Serialize(text, SimulatorJson.Readable));
    }

    private long Within(JsonElement schema, int usual)
    {
        var least = schema.Number("minimum") ?? (schema.Number("exclusiveMinimum") + 1);
        var most = schema.Number("maximum") ?? (schema.Number("exclusiveMaximum") - 1);
        var spread = (int)Math.Clamp((long)(most ?? int.MaxValue) - (least ?? usual), 0, 99);
        return (least ?? Math.Min(usual, most ?? usual)) + (long)_random.Below(spread + 1);
    }

    private JsonElement? Referred(JsonElement schema)
    {
        foreach (var one in (schema.Get("anyOf") ?? schema.Get("oneOf") ?? schema.Get("allOf")).Items()) return one;
        if (schema.Text("$ref") is not { } path || !path.StartsWith('#')) return null;
        JsonElement? found = root;
        foreach (var step in path.Split('/').Skip(1)) found = found?.Get(step);
        return found;
    }

    private static string TypeOf(JsonElement schema)
    {
        foreach (var type in schema.Get("type").Strings())
            if (!type.Equals("null", StringComparison.OrdinalIgnoreCase)) return type.ToLowerInvariant();
        return schema.Get("properties") is not null ? "object" : schema.Get("items") is not null ? "array" : schema.Text("type") is null ? "string" : "null";
    }
}
