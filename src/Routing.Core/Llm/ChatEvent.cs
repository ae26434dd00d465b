namespace Routing.Core.Llm;

public enum ChatEventKind : byte
{
    /// <summary>A piece of answer text, UTF-8 in <see cref="ChatEvent.Utf8"/>. The first one is the commit point.</summary>
    TextDelta,

    /// <summary>Bytes of the caller's own wire to be forwarded as they are (whole SSE events, or the whole unary body).</summary>
    Raw,

    /// <summary>Token usage; the last one reported wins.</summary>
    Usage,

    /// <summary>The model stopped; <see cref="ChatEvent.Stop"/> and <see cref="ChatEvent.RawStop"/>.</summary>
    Stopped,

    /// <summary>The provider failed inside a 200 answer, or the answer ended without its terminal event.</summary>
    Failed,
}

/// <summary>One event of an answer. <see cref="Utf8"/> is valid only until the reader is called again.</summary>
public readonly record struct ChatEvent
{
    public ChatEventKind Kind { get; init; }
    public ReadOnlyMemory<byte> Utf8 { get; init; }

    /// <summary>For <see cref="ChatEventKind.Raw"/>: whether these bytes hold a content, tool or reasoning delta.</summary>
    public bool HasContent { get; init; }
    public TokenUsage Usage { get; init; }
    public StopReason Stop { get; init; }
    public string? RawStop { get; init; }
    public Failure? Failure { get; init; }

    public static ChatEvent Text(ReadOnlyMemory<byte> utf8) => new() { Kind = ChatEventKind.TextDelta, Utf8 = utf8, HasContent = true };
    public static ChatEvent Raw(ReadOnlyMemory<byte> bytes, bool hasContent) => new() { Kind = ChatEventKind.Raw, Utf8 = bytes, HasContent = hasContent };
    public static ChatEvent Used(TokenUsage usage) => new() { Kind = ChatEventKind.Usage, Usage = usage };
    public static ChatEvent Stopped(StopReason stop, string? raw) => new() { Kind = ChatEventKind.Stopped, Stop = stop, RawStop = raw };
    public static ChatEvent Failed(Failure failure) => new() { Kind = ChatEventKind.Failed, Failure = failure };
}
