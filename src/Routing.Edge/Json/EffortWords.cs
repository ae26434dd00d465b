using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Edge.Json;

/// <summary>
/// How much reasoning is asked for: a word of a dialect's short list, which grows now and then. Another word may be new or a slip of the pen,
/// and only the provider whose dialect it is can tell.
/// </summary>
internal sealed class EffortWords(params string[] words)
{
    private const int LongestWord = 32;

    public static readonly EffortWords OpenAI = new("none", "minimal", "low", "medium", "high", "xhigh", "max");
    public static readonly EffortWords Anthropic = new("low", "medium", "high", "xhigh", "max");

    private readonly string _list = $"known are {string.Join(", ", words)}";

    public void Read(ref Utf8JsonReader json, in At at, string member, ref Needs needs)
    {
        if (!JsonValue.Text(ref json, at, member, LongestWord)) return;
        if (!Has(ref json)) needs.AddValue(Capabilities.UnknownEffort, at, member, ref json, _list);
        needs.Add(Capabilities.Reasoning, at, member);
    }

    private bool Has(ref Utf8JsonReader json)
    {
        foreach (var word in words)
        {
            if (json.ValueTextEquals(word)) return true;
        }

        return false;
    }
}
