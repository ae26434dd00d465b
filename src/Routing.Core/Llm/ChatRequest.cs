using System.Collections.Immutable;

namespace Routing.Core.Llm;

public enum ChatRole : byte { System, User, Assistant, Tool }

/// <summary>One piece of a message. Closed set: adapters switch over it.</summary>
public abstract record ContentPart;

public sealed record TextPart(string Text) : ContentPart;

public sealed record ChatMessage(ChatRole Role, ImmutableArray<ContentPart> Parts)
{
    public static ChatMessage Of(ChatRole role, string text) => new(role, [new TextPart(text)]);
}

/// <summary>A chat request in no provider's dialect. System messages stay in <see cref="Messages"/>; adapters place them.</summary>
public sealed record ChatRequest
{
    public required ImmutableArray<ChatMessage> Messages { get; init; }
    public int? MaxOutputTokens { get; init; }
    public double? Temperature { get; init; }
    public double? TopP { get; init; }
    public ImmutableArray<string> StopSequences { get; init; } = [];
}
