namespace Routing.Core.Health;

/// <summary>
/// Prompts of about one length: the first token of a long one comes later without anything being wrong, so each length is compared with itself.
/// </summary>
internal static class PromptSizes
{
    public const int Count = 4;

    public static int Of(long tokens) => tokens switch { < 2_000 => 0, < 16_000 => 1, < 64_000 => 2, _ => 3 };

    public static string Name(int size) => size switch
    {
        0 => "prompts under 2,000 tokens",
        1 => "prompts of 2,000 to 16,000 tokens",
        2 => "prompts of 16,000 to 64,000 tokens",
        _ => "prompts over 64,000 tokens",
    };
}
