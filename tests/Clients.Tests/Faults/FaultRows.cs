namespace Clients.Tests.Faults;

/// <summary>Who fails and who stands in: every wire fails once, and hands over to another.</summary>
internal static class FaultRows
{
    private static readonly (string Primary, string Backup)[] Pairs =
    [
        ("openai", "anthropic"), ("azure", "openai"), ("anthropic", "bedrock-claude"), ("bedrock-claude", "vertex-gemini"), ("vertex-gemini", "azure"),
    ];

    public static TheoryData<string, string, bool> Both()
    {
        var rows = new TheoryData<string, string, bool>();
        foreach (var (primary, backup) in Pairs)
        {
            rows.Add(primary, backup, false);
            rows.Add(primary, backup, true);
        }

        return rows;
    }

    public static TheoryData<string, string> Streamed()
    {
        var rows = new TheoryData<string, string>();
        foreach (var (primary, backup) in Pairs) rows.Add(primary, backup);
        return rows;
    }

    /// <summary>Every wire is broken once, and every one that takes up a begun turn goes on.</summary>
    public static TheoryData<string, string> Continued() => new()
    {
        { "openai", "anthropic" }, { "azure", "openai" }, { "anthropic", "bedrock-claude" }, { "bedrock-claude", "vertex-claude" }, { "vertex-gemini", "anthropic" },
    };

    public static Binding Of(string primary, string? backup = null) => new(Provider.Of(primary), backup is null ? null : Provider.Of(backup));
}
