using System.Text.Json;

namespace Routing.Edge.OpenAI;

/// <summary>Typed looks at the value the reader stands on. Null is allowed wherever OpenAI allows it: as if the member were absent.</summary>
internal static class JsonValue
{
    public delegate void Element(ref Utf8JsonReader json);

    public static bool? Bool(ref Utf8JsonReader json, string param) => json.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Null => null,
        _ => throw RequestFault.Type(param, "a boolean", Word(json.TokenType)),
    };

    public static long? Whole(ref Utf8JsonReader json, string param, long least, long most)
    {
        if (json.TokenType == JsonTokenType.Null) return null;
        if (json.TokenType != JsonTokenType.Number) throw RequestFault.Type(param, "an integer", Word(json.TokenType));
        if (!json.TryGetInt64(out var value)) throw NotWhole(ref json, param, least, most);
        if (value < least) throw RequestFault.Below(param, value, least, whole: true);
        return value <= most ? value : throw RequestFault.Above(param, value, most, whole: true);
    }

    public static double? Number(ref Utf8JsonReader json, string param, double least, double most)
    {
        if (json.TokenType == JsonTokenType.Null) return null;
        if (json.TokenType != JsonTokenType.Number) throw RequestFault.Type(param, "a number", Word(json.TokenType));
        if (!json.TryGetDouble(out var value) || !double.IsFinite(value)) throw RequestFault.Value(param, "is not a number a double can hold.");
        if (value < least) throw RequestFault.Below(param, value, least, whole: false);
        return value <= most ? value : throw RequestFault.Above(param, value, most, whole: false);
    }

    /// <summary>False when it is null.</summary>
    public static bool Text(ref Utf8JsonReader json, string param, int longest)
    {
        if (json.TokenType == JsonTokenType.Null) return false;
        if (json.TokenType != JsonTokenType.String) throw RequestFault.Type(param, "a string", Word(json.TokenType));
        return json.ValueSpan.Length <= longest ? true : throw RequestFault.TooLong(param, json.ValueSpan.Length, longest);
    }

    /// <summary>Skips an object and counts its members; 0 for null.</summary>
    public static int Object(ref Utf8JsonReader json, string param, int most = int.MaxValue)
    {
        if (json.TokenType == JsonTokenType.Null) return 0;
        if (json.TokenType != JsonTokenType.StartObject) throw RequestFault.Type(param, "an object", Word(json.TokenType));
        var count = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (++count > most) throw RequestFault.TooMany(param, count, most);
            json.Read();
            json.Skip();
        }

        return count;
    }

    /// <summary>Skips an array of objects and counts them; 0 for null.</summary>
    public static int Array(ref Utf8JsonReader json, string param, int most)
    {
        if (json.TokenType == JsonTokenType.Null) return 0;
        if (json.TokenType != JsonTokenType.StartArray) throw RequestFault.Type(param, "an array", Word(json.TokenType));
        var count = 0;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject) throw RequestFault.Type($"{param}[{count}]", "an object", Word(json.TokenType));
            if (++count > most) throw RequestFault.TooMany(param, count, most);
            json.Skip();
        }

        return count;
    }

    public static void StringOrStrings(ref Utf8JsonReader json, string param, int most, Element? each = null)
    {
        if (json.TokenType is JsonTokenType.Null or JsonTokenType.String) return;
        if (json.TokenType != JsonTokenType.StartArray) throw RequestFault.Type(param, "a string or an array of strings", Word(json.TokenType));
        var count = 0;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.String) throw RequestFault.Type($"{param}[{count}]", "a string", Word(json.TokenType));
            if (++count > most) throw RequestFault.TooMany(param, count, most);
            each?.Invoke(ref json);
        }
    }

    public static string Word(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        _ => "null",
    };

    // Too large for 64 bits, or with a fraction: say which.
    private static RequestFault NotWhole(ref Utf8JsonReader json, string param, long least, long most)
    {
        if (!json.TryGetDouble(out var value) || !double.IsFinite(value)) return RequestFault.Value(param, "is not a number a double can hold.");
        if (value != Math.Truncate(value)) return RequestFault.Type(param, "an integer", "a decimal number");
        return value > most ? RequestFault.Above(param, value, most, whole: true) : RequestFault.Below(param, value, least, whole: true);
    }
}
