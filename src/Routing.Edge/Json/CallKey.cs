using System.Text.Json;
using Routing.Core.Tables;

namespace Routing.Edge.Json;

/// <summary>
/// By what calls of one conversation or user may be kept together: a hash of the most telling name the caller gives. The name itself is not kept.
/// </summary>
internal struct CallKey
{
    private int _rank;

    /// <summary>0 when there is none.</summary>
    public ulong Value { get; private set; }

    /// <summary>The reader stands on the member's value, which was checked: a short string, or null.</summary>
    public void Take(string member, ref Utf8JsonReader json)
    {
        var rank = member switch { "prompt_cache_key" => 3, "safety_identifier" => 2, _ => 1 };
        if (rank < _rank || json.TokenType != JsonTokenType.String || json.ValueSpan.IsEmpty) return;
        (_rank, Value) = (rank, Hash(ref json));
    }

    private static ulong Hash(ref Utf8JsonReader json)
    {
        if (!json.ValueIsEscaped) return NotZero(StableHash.Of(json.ValueSpan));

        // Two clients may escape one name differently.
        Span<byte> text = stackalloc byte[json.ValueSpan.Length];
        return NotZero(StableHash.Of(text[..json.CopyString(text)]));
    }

    private static ulong NotZero(ulong hash) => hash == 0 ? 1 : hash;
}
