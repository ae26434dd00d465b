using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Json;
using Routing.Edge.OpenAI;

namespace Routing.Edge.Responses;

/// <summary>Checks <c>reasoning</c>: how much of it, and whether a summary is wanted.</summary>
internal static class ReasoningConfigScan
{
    private const int LongestWord = 32;

    public static void Read(ref Utf8JsonReader json, ref Needs needs)
    {
        var at = At.Root.In("reasoning");
        if (!JsonValue.TryBeginObject(ref json, at)) return;
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            switch (name)
            {
                case "effort": EffortWords.OpenAI.Read(ref json, at, name, ref needs); break;
                case "summary" or "generate_summary":
                    // A summary asks for reasoning too; how much is left to the model.
                    if (JsonValue.Text(ref json, at, name, LongestWord)) needs.Add(Capabilities.Reasoning | Capabilities.ReasoningSummary, at, name);
                    break;
                default: UnknownMember.Skip(ref json, at, name, ref needs); break;
            }
        }
    }
}
