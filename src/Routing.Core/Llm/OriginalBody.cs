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

    public Rewrites Rewrites { get; init; }
}

/// <summary>What of a body not every provider of its own wire may see as it is. Nearly every body has nothing of it and goes on byte by byte.</summary>
[Flags]
public enum Rewrites : byte
{
    None = 0,

    /// <summary>What OpenAI's JavaScript client has read out of an answer and leaves in what it hands back.</summary>
    HelperMembers = 1,

    /// <summary>Ids of tool calls that are longer than some provider of the wire takes.</summary>
    LongCallIds = 2,

    /// <summary>Both names of the limit of output tokens, with one value.</summary>
    BothLimits = 4,

    /// <summary>Earlier reasoning that models of the wire did not make and would refuse.</summary>
    ForeignReasoning = 8,

    /// <summary>What only some hosts of OpenAI's wire know: earlier reasoning as plain text, and marks of cached prompts.</summary>
    Extensions = 16,

    /// <summary>Both names of the end user, of which a translated call has one.</summary>
    BothUsers = 32,
}
