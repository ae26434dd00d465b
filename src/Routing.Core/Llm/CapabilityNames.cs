using System.Text.Json;

namespace Routing.Core.Llm;

/// <summary>The snake_case names of <see cref="Capabilities"/> used in documents and messages.</summary>
public static class CapabilityNames
{
    /// <summary>Fields of a wire: no document takes them away from an endpoint.</summary>
    public const Capabilities WireFields = (Capabilities)(ulong.MaxValue << 32);

    private static readonly KeyValuePair<string, Capabilities>[] Names = [.. Enum.GetValues<Capabilities>()
        .Where(c => c != Capabilities.None)
        .Select(c => KeyValuePair.Create(JsonNamingPolicy.SnakeCaseLower.ConvertName(c.ToString()), c))];

    private static readonly Dictionary<string, Capabilities> Abilities =
        Names.Where(p => (p.Value & WireFields) == Capabilities.None).ToDictionary(StringComparer.Ordinal);

    /// <summary>The abilities of a model, which a document may list.</summary>
    public static IReadOnlyCollection<string> All => Abilities.Keys;

    public static bool TryParse(string name, out Capabilities capability) => Abilities.TryGetValue(name, out capability);

    /// <exception cref="KeyNotFoundException">Not a capability; the validator refuses such a document.</exception>
    public static Capabilities Parse(string name) => Abilities[name];

    /// <summary>For messages: "tools, json_schema".</summary>
    public static string Describe(Capabilities capabilities) =>
        string.Join(", ", Names.Where(p => capabilities.HasFlag(p.Value)).Select(p => p.Key));
}
