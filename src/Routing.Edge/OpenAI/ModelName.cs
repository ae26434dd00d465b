using System.Text;
using System.Text.Json;
using Routing.Edge.Json;

namespace Routing.Edge.OpenAI;

/// <summary>The feature a request names in <c>model</c>, and the place a same-wire hop rewrites.</summary>
internal readonly record struct ModelName(string Name, Range Place)
{
    private const int Longest = 256;

    public static ModelName Read(ref Utf8JsonReader json)
    {
        JsonValue.String(ref json, At.Root, "model");
        if (json.ValueSpan.Length == 0) throw RequestFault.Value("model", "is empty. Name a feature; GET /v1/models lists them.");
        if (json.ValueSpan.Length > Longest) throw RequestFault.TooLong("model", json.ValueSpan.Length, Longest);
        var name = json.ValueIsEscaped ? json.GetString()! : Encoding.UTF8.GetString(json.ValueSpan); // A string has a value.
        return new ModelName(name, (int)json.TokenStartIndex..(int)json.BytesConsumed);
    }
}
