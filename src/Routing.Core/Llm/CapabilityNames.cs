using System.Text.Json;

namespace Routing.Core.Llm;

/// <summary>The snake_case names of <see cref="Capabilities"/> used in documents and messages.</summary>
public static class CapabilityNames
{
    private static readonly Dictionary<string, Capabilities> ByName = Enum.GetValues<Capabilities>()
        .Where(c => c != Capabilities.None)
        .ToDictionary(c => JsonNamingPolicy.SnakeCaseLower.ConvertName(c.ToString()), StringComparer.Ordinal);

    public static IReadOnlyCollection<string> All => ByName.Keys;

    public static bool TryParse(string name, out Capabilities capability) => ByName.TryGetValue(name, out capability);

    /// <exception cref="KeyNotFoundException">Not a capability; the validator refuses such a document.</exception>
    public static Capabilities Parse(string name) => ByName[name];

    /// <summary>For messages: "tools, json_schema".</summary>
    public static string Describe(Capabilities capabilities) =>
        string.Join(", ", ByName.Where(p => capabilities.HasFlag(p.Value)).Select(p => p.Key));
}
