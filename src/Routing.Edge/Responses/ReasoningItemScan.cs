using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Json;

namespace Routing.Edge.Responses;

/// <summary>
/// Checks a reasoning item that is handed back. What this edge gave out needs a wire that takes earlier reasoning; what OpenAI's own
/// models sealed only an endpoint of its wire can open.
/// </summary>
internal static class ReasoningItemScan
{
    private const int MostTexts = 10_000;

    public static void Read(ref Utf8JsonReader json, in At at, ref Needs needs)
    {
        var isOurs = false;
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            switch (name)
            {
                case "summary": Texts(ref json, at, name, ref needs); break;
                case "content": Texts(ref json, at, name, ref needs); break;
                case "encrypted_content": isOurs = JsonValue.Text(ref json, at, name) && SealedReasoning.IsOurs(ref json, at, name); break;
                default: InputScan.Common(name, ref json, at, ref needs); break;
            }
        }

        needs.Add(isOurs ? Capabilities.ReasoningHistory : Capabilities.SameWireFields, at, "encrypted_content");
    }

    private static void Texts(ref Utf8JsonReader json, in At item, string member, ref Needs needs)
    {
        if (!JsonValue.TryBeginArray(ref json, item, member)) return;
        for (var count = 0; JsonValue.NextItem(ref json, item, member, count, MostTexts); count++)
        {
            var at = item.Then(member, count);
            JsonValue.BeginObject(ref json, at);
            var hasText = false;
            var seen = new MemberNames();
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var name = seen.Take(ref json, at);
                json.Read();
                if (name == "text")
                {
                    JsonValue.String(ref json, at, name);
                    hasText = true;
                }
                else InputScan.Common(name, ref json, at, ref needs);
            }

            if (!hasText) throw RequestFault.Missing(at.Of("text"));
        }
    }
}
