using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Json;
using Routing.Edge.OpenAI;

namespace Routing.Edge.Anthropic;

/// <summary>Checks <c>thinking</c>: off, with a budget, or as much as the model finds right.</summary>
internal static class ThinkingConfigScan
{
    private const int LeastBudget = 1024;
    private const int MostBudget = 10_000_000;

    public static void Read(ref Utf8JsonReader json, ref Needs needs)
    {
        var at = At.Root.In("thinking");
        if (!JsonValue.TryBeginObject(ref json, at)) return;
        bool hasType = false, isEnabled = false, isAdaptive = false, hasBudget = false;
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            switch (name)
            {
                case "type":
                    JsonValue.String(ref json, at, name);
                    (hasType, isEnabled, isAdaptive) = (true, json.ValueTextEquals("enabled"u8), json.ValueTextEquals("adaptive"u8));
                    if (!isEnabled && !isAdaptive && !json.ValueTextEquals("disabled"u8)) needs.Add(Capabilities.SameWireFields, at, name);
                    break;
                case "budget_tokens": hasBudget = JsonValue.Whole(ref json, at, name, LeastBudget, MostBudget) is not null; break;
                default: UnknownMember.Skip(ref json, at, name, ref needs); break;
            }
        }

        if (!hasType) throw RequestFault.Missing(at.Of("type"));
        if (isEnabled && !hasBudget) throw RequestFault.Missing(at.Of("budget_tokens"));
        if (isEnabled) needs.Add(Capabilities.Reasoning | Capabilities.ReasoningBudget, at);
        if (isAdaptive) needs.Add(Capabilities.Reasoning, at);
    }
}
