using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Json;

namespace Routing.Edge.OpenAI;

/// <summary>A member that this version has no place for: only an endpoint of the caller's own wire may know it. Null is as good as absent.</summary>
internal static class UnknownMember
{
    public static void Skip(ref Utf8JsonReader json, in At at, string name, ref Needs needs)
    {
        if (json.TokenType != JsonTokenType.Null) needs.Add(Capabilities.SameWireFields, at, name);
        json.Skip();
    }

    /// <summary>OpenAI's JavaScript client leaves its own reading of an answer in what it hands back.</summary>
    public static void SkipHelper(ref Utf8JsonReader json, ref Needs needs)
    {
        needs.Add(Rewrites.HelperMembers);
        json.Skip();
    }
}
