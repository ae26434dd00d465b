namespace Routing.Simulator.Faults;

/// <summary>Key of a fault or a behaviour: <c>{wire}/{region}/{model}</c>, any part may be <c>*</c>. A model may itself contain slashes (ARNs).</summary>
internal readonly record struct EndpointKey(string Wire, string Region, string Model)
{
    public const string Form = "{wire}/{region}/{model}, wire = bedrock | vertex | azure | openai | anthropic | *, any part may be *";

    private static readonly string[] Wires = ["bedrock", "vertex", "azure", "openai", "anthropic", "*"];

    public static EndpointKey? Parse(string text)
    {
        var parts = text.Split('/', 3);
        if (parts.Length != 3 || parts.Any(string.IsNullOrWhiteSpace) || !Wires.Contains(parts[0])) return null;
        return new EndpointKey(parts[0], parts[1], parts[2]);
    }

    public bool Matches(string wire, string region, string model) =>
        Part(Wire, wire) && Part(Region, region) && Part(Model, model);

    /// <summary>Higher = fewer wildcards; the model weighs more than the region, the region more than the wire.</summary>
    public int Precision => (Wire == "*" ? 0 : 1) + (Region == "*" ? 0 : 2) + (Model == "*" ? 0 : 4);

    public override string ToString() => $"{Wire}/{Region}/{Model}";

    private static bool Part(string pattern, string value) => pattern == "*" || pattern.Equals(value, StringComparison.OrdinalIgnoreCase);
}
