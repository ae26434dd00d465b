using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Json;

namespace Routing.Edge.OpenAI;

/// <summary>Checks <c>metadata</c>: a few short texts by name.</summary>
internal static class MetadataScan
{
    private const int Most = 16;
    private const int LongestValue = 512;

    public static Capabilities Read(ref Utf8JsonReader json)
    {
        if (!JsonValue.TryBeginObject(ref json, At.Root, "metadata")) return Capabilities.None;
        var at = At.Root.In("metadata");
        var seen = new MemberNames();
        var count = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            if (++count > Most) throw RequestFault.TooMany("metadata", count, Most);
            json.Read();
            JsonValue.String(ref json, at, name);
            JsonValue.Text(ref json, at, name, LongestValue);
        }

        return count > 0 ? Capabilities.Metadata : Capabilities.None;
    }
}
