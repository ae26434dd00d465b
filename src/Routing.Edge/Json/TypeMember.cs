using System.Text.Json;

namespace Routing.Edge.Json;

/// <summary>The <c>type</c> of an object, wherever it stands among the members.</summary>
internal static class TypeMember
{
    /// <summary>From the object's beginning to the value of its <c>type</c>; false when it has none. For a copy of the reader: what it passes by is not read.</summary>
    public static bool TryFind(ref Utf8JsonReader json)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isType = json.ValueTextEquals("type"u8);
            json.Read();
            if (isType && json.TokenType != JsonTokenType.Null) return true;
            json.Skip();
        }

        return false;
    }
}
