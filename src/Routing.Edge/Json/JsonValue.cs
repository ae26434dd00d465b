using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Routing.Edge.Json;

/// <summary>Typed looks at the value the reader stands on. Null is allowed wherever OpenAI allows it: as if the member were absent.</summary>
internal static class JsonValue
{
    private const int LongestName = 64;

    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"u8);

    public delegate void Element(ref Utf8JsonReader json, int index);

    public static bool? Bool(ref Utf8JsonReader json, in At at, string member) => json.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Null => null,
        _ => throw Wrong(ref json, at, member, "a boolean"),
    };

    public static long? Whole(ref Utf8JsonReader json, in At at, string member, long least, long most)
    {
        if (json.TokenType == JsonTokenType.Null) return null;
        if (json.TokenType != JsonTokenType.Number) throw Wrong(ref json, at, member, "an integer");
        if (!json.TryGetInt64(out var value)) throw NotWhole(ref json, at.Of(member), least, most);
        if (value < least) throw RequestFault.Below(at.Of(member), value, least, whole: true);
        return value <= most ? value : throw RequestFault.Above(at.Of(member), value, most, whole: true);
    }

    public static double? Number(ref Utf8JsonReader json, in At at, string member, double least, double most)
    {
        if (json.TokenType == JsonTokenType.Null) return null;
        if (json.TokenType != JsonTokenType.Number) throw Wrong(ref json, at, member, "a number");
        if (!json.TryGetDouble(out var value) || !double.IsFinite(value)) throw RequestFault.Value(at.Of(member), "is not a number a double can hold.");
        if (value < least) throw RequestFault.Below(at.Of(member), value, least, whole: false);
        return value <= most ? value : throw RequestFault.Above(at.Of(member), value, most, whole: false);
    }

    /// <summary>False when it is null.</summary>
    public static bool Text(ref Utf8JsonReader json, in At at, string member, int longest = int.MaxValue)
    {
        if (json.TokenType == JsonTokenType.Null) return false;
        if (json.TokenType != JsonTokenType.String) throw Wrong(ref json, at, member, "a string");
        return json.ValueSpan.Length <= longest ? true : throw RequestFault.TooLong(at.Of(member), json.ValueSpan.Length, longest);
    }

    /// <summary>A string that is not null.</summary>
    public static void String(ref Utf8JsonReader json, in At at, string member)
    {
        if (json.TokenType != JsonTokenType.String) throw Wrong(ref json, at, member, "a string");
    }

    /// <summary>A tool's or a schema's name: 1 to 64 letters, digits, underscores and dashes.</summary>
    public static void Name(ref Utf8JsonReader json, in At at, string member)
    {
        String(ref json, at, member);
        var name = json.ValueIsEscaped ? Encoding.UTF8.GetBytes(json.GetString()!) : json.ValueSpan; // A string has a value.
        if (name.Length > LongestName) throw RequestFault.TooLong(at.Of(member), name.Length, LongestName);
        if (name.IsEmpty || name.ContainsAnyExcept(NameBytes)) throw RequestFault.Value(at.Of(member), "must be 1 to 64 letters, digits, underscores and dashes.");
    }

    /// <summary>The beginning of an object that is not null.</summary>
    public static void BeginObject(ref Utf8JsonReader json, in At at, string member = "")
    {
        if (json.TokenType != JsonTokenType.StartObject) throw Wrong(ref json, at, member, "an object");
    }

    /// <summary>False when it is null.</summary>
    public static bool TryBeginObject(ref Utf8JsonReader json, in At at, string member = "")
    {
        if (json.TokenType == JsonTokenType.Null) return false;
        BeginObject(ref json, at, member);
        return true;
    }

    /// <summary>Skips an object and counts its members; 0 for null.</summary>
    public static int Object(ref Utf8JsonReader json, in At at, string member, int most = int.MaxValue)
    {
        if (!TryBeginObject(ref json, at, member)) return 0;
        var count = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (++count > most) throw RequestFault.TooMany(at.Of(member), count, most);
            json.Read();
            json.Skip();
        }

        return count;
    }

    /// <summary>To the next element of an array: false at its end. <paramref name="count"/> is the number of elements before it.</summary>
    public static bool NextItem(ref Utf8JsonReader json, in At at, string member, int count, int most)
    {
        if (!json.Read() || json.TokenType == JsonTokenType.EndArray) return false;
        return count < most ? true : throw RequestFault.TooMany(at.Of(member), count + 1, most);
    }

    /// <summary>False when it is null; else the reader stands on the beginning of an array.</summary>
    public static bool TryBeginArray(ref Utf8JsonReader json, in At at, string member)
    {
        if (json.TokenType == JsonTokenType.Null) return false;
        return json.TokenType == JsonTokenType.StartArray ? true : throw Wrong(ref json, at, member, "an array");
    }

    /// <summary>How many there are; 0 for null.</summary>
    public static int StringOrStrings(ref Utf8JsonReader json, in At at, string member, int most, Element? each = null)
    {
        if (json.TokenType == JsonTokenType.Null) return 0;
        if (json.TokenType == JsonTokenType.String)
        {
            each?.Invoke(ref json, -1);
            return 1;
        }

        if (json.TokenType != JsonTokenType.StartArray) throw Wrong(ref json, at, member, "a string or an array of strings");
        var count = 0;
        for (; NextItem(ref json, at, member, count, most); count++)
        {
            if (json.TokenType != JsonTokenType.String) throw Wrong(ref json, At.Item(at.Of(member), count), "", "a string");
            each?.Invoke(ref json, count);
        }

        return count;
    }

    public static RequestFault Wrong(ref Utf8JsonReader json, in At at, string member, string wanted) =>
        RequestFault.Type(at.Of(member), wanted, Word(json.TokenType));

    private static string Word(JsonTokenType token) => token switch
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
