namespace Routing.Core.Llm;

/// <summary>
/// A request as received, with the places that routing rewrites. A same-wire hop copies the bytes around them and never rebuilds the document.
/// </summary>
/// <param name="Json">The whole JSON object.</param>
/// <param name="Model">Range of the value of <c>model</c>, quotes included.</param>
/// <param name="StreamOptions">Range of the value of <c>stream_options</c>; null when absent.</param>
/// <param name="FirstMember">Offset just behind the opening brace, where a member can be inserted.</param>
public sealed record OriginalBody(ReadOnlyMemory<byte> Json, Range Model, Range? StreamOptions, int FirstMember)
{
    /// <summary>Whether a stream should be padded against guessing its text by the size of its chunks; null when the caller did not say.</summary>
    public bool? Obfuscation { get; init; }

    /// <summary>Range of the value of <c>store</c>; null when absent. Only for <see cref="CallerApi.Responses"/>, whose providers store unless told not to.</summary>
    public Range? Store { get; init; }
}
