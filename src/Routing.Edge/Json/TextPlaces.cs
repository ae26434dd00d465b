using System.Text.Json;

namespace Routing.Edge.Json;

/// <summary>Strings of one document, kept as places in it: looking one up makes no string.</summary>
internal struct TextPlaces
{
    private List<(int Start, int End)>? _places;

    public readonly int Count => _places?.Count ?? 0;

    public readonly void Clear() => _places?.Clear();

    /// <summary>The string the reader stands on; it reads the document from its beginning.</summary>
    public void Add(ref Utf8JsonReader json) => (_places ??= []).Add(((int)json.TokenStartIndex, (int)json.BytesConsumed));

    /// <summary>Whether the string the reader stands on is one of them.</summary>
    public readonly bool Has(ReadOnlySpan<byte> document, ref Utf8JsonReader json)
    {
        if (_places is null) return false;
        foreach (var (start, end) in _places)
        {
            var quoted = document[start..end];
            if (quoted[1..^1].SequenceEqual(json.ValueSpan)) return true;
            if ((json.ValueIsEscaped || quoted.Contains((byte)'\\')) && json.ValueTextEquals(Read(quoted))) return true;
        }

        return false;
    }

    private static string Read(ReadOnlySpan<byte> quoted)
    {
        var json = new Utf8JsonReader(quoted);
        json.Read();
        return json.GetString()!; // Only strings are added.
    }
}
