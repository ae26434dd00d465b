namespace Routing.Core.Llm;

public enum ChatEventKind : byte
{
    /// <summary>A piece of answer text, UTF-8 in <see cref="ChatEvent.Utf8"/>. The first content of any kind is the commit point.</summary>
    TextDelta,

    /// <summary>A piece of the model's reasoning, UTF-8.</summary>
    ReasoningDelta,

    /// <summary>A piece of the signature under the reasoning before it, as the provider wrote it.</summary>
    ReasoningSignature,

    /// <summary>Reasoning that only the provider can read, whole, as the provider wrote it.</summary>
    RedactedReasoning,

    /// <summary>A tool call begins: <see cref="ChatEvent.Index"/>, <see cref="ChatEvent.Id"/>, <see cref="ChatEvent.Name"/>.</summary>
    ToolCallStart,

    /// <summary>A piece of the arguments (UTF-8 of a JSON object) of the tool call <see cref="ChatEvent.Index"/>.</summary>
    ToolCallDelta,

    /// <summary>The vector of input <see cref="ChatEvent.Index"/>: little-endian 32-bit floats in <see cref="ChatEvent.Utf8"/>.</summary>
    Embedding,

    /// <summary>
    /// Bytes of the caller's own wire to be forwarded as they are (whole SSE events, or the whole unary body). Where the wire's terminal
    /// event says more than that it is over, it comes by itself behind <see cref="Stopped"/>, and is held until the ledger has its row.
    /// </summary>
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

    /// <summary>Whether this is content: text, reasoning, a tool call or a vector, or <see cref="ChatEventKind.Raw"/> bytes that hold any.</summary>
    public bool HasContent { get; init; }

    /// <summary>Position of a tool call among the tool calls, or of a vector among the inputs; from 0.</summary>
    public int Index { get; init; }

    /// <summary>The tool call's id; ours where the provider gives none.</summary>
    public string? Id { get; init; }

    /// <summary>The tool's name.</summary>
    public string? Name { get; init; }
    public TokenUsage Usage { get; init; }
    public StopReason Stop { get; init; }
    public string? RawStop { get; init; }
    public Failure? Failure { get; init; }

    public static ChatEvent Text(ReadOnlyMemory<byte> utf8) => Content(ChatEventKind.TextDelta, utf8);
    public static ChatEvent Reasoning(ReadOnlyMemory<byte> utf8) => Content(ChatEventKind.ReasoningDelta, utf8);
    public static ChatEvent Signature(ReadOnlyMemory<byte> utf8) => Content(ChatEventKind.ReasoningSignature, utf8);
    public static ChatEvent Redacted(ReadOnlyMemory<byte> utf8) => Content(ChatEventKind.RedactedReasoning, utf8);
    public static ChatEvent ToolCall(int index, string id, string name) =>
        new() { Kind = ChatEventKind.ToolCallStart, Index = index, Id = id, Name = name, HasContent = true };
    public static ChatEvent Arguments(int index, ReadOnlyMemory<byte> utf8) => Content(ChatEventKind.ToolCallDelta, utf8) with { Index = index };
    public static ChatEvent Vector(int index, ReadOnlyMemory<byte> floats) => Content(ChatEventKind.Embedding, floats) with { Index = index };
    public static ChatEvent Raw(ReadOnlyMemory<byte> bytes, bool hasContent) => new() { Kind = ChatEventKind.Raw, Utf8 = bytes, HasContent = hasContent };
    public static ChatEvent Used(TokenUsage usage) => new() { Kind = ChatEventKind.Usage, Usage = usage };
    public static ChatEvent Stopped(StopReason stop, string? raw) => new() { Kind = ChatEventKind.Stopped, Stop = stop, RawStop = raw };
    public static ChatEvent Failed(Failure failure) => new() { Kind = ChatEventKind.Failed, Failure = failure };

    private static ChatEvent Content(ChatEventKind kind, ReadOnlyMemory<byte> utf8) => new() { Kind = kind, Utf8 = utf8, HasContent = true };
}
