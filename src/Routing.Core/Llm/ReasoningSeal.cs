namespace Routing.Core.Llm;

/// <summary>
/// What <c>encrypted_content</c> begins with when an edge gave it out: the reasoning of a model behind another wire, which OpenAI's own
/// models cannot open. What they seal themselves holds no such word.
/// </summary>
public static class ReasoningSeal
{
    public static ReadOnlySpan<byte> Prefix => "route."u8;
}
