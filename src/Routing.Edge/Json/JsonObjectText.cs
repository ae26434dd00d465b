using System.Buffers;
using System.Text.Json;

namespace Routing.Edge.Json;

/// <summary>A string whose text is itself a JSON object: the arguments of a tool call.</summary>
internal static class JsonObjectText
{
    /// <summary>Whether the string the reader stands on is one. An empty text is a call without arguments.</summary>
    public static bool Check(ref Utf8JsonReader json)
    {
        var rented = ArrayPool<byte>.Shared.Rent(Math.Max(json.ValueSpan.Length, 1));
        try
        {
            var length = json.CopyString(rented);
            return IsObject(rented.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Whether the text is a JSON object, or nothing.</summary>
    public static bool IsObject(ReadOnlySpan<byte> text)
    {
        if (text.Trim(" \t\r\n"u8).IsEmpty) return true;
        try
        {
            var inner = RequestReader.Start(text);
            if (!inner.Read() || inner.TokenType != JsonTokenType.StartObject) return false;
            inner.Skip();
            return !inner.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
