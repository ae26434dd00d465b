using System.Buffers;
using Routing.Core.Dispatch;
using Routing.Core.Llm;

namespace Routing.Edge.Calls;

/// <summary>Collects the content of a whole answer, in the order in which its pieces began; pieces of several tool calls may come mixed.</summary>
internal sealed class AnswerParts : IDisposable
{
    private readonly List<AnswerPart> _parts = [];

    public IReadOnlyList<AnswerPart> All => _parts;

    /// <summary>False when the event is no content.</summary>
    public bool Add(in ChatEvent e)
    {
        switch (e.Kind)
        {
            case ChatEventKind.TextDelta: Last(e.Kind).Text.Write(e.Utf8.Span); return true;
            case ChatEventKind.ReasoningDelta: Reasoning(e).Text.Write(e.Utf8.Span); return true;
            case ChatEventKind.ReasoningSignature: Last(ChatEventKind.ReasoningDelta).Sign(e.Utf8.Span); return true;
            case ChatEventKind.RedactedReasoning: New(new AnswerPart(e.Kind)).Text.Write(e.Utf8.Span); return true;
            case ChatEventKind.ToolCallStart: New(new AnswerPart(e.Kind) { Index = e.Index, Id = e.Id, Name = e.Name }); return true;
            case ChatEventKind.ToolCallDelta: Call(e.Index)?.Text.Write(e.Utf8.Span); return true;
            default: return false;
        }
    }

    public bool Has(ChatEventKind kind)
    {
        foreach (var part in _parts)
        {
            if (part.Kind == kind) return true;
        }

        return false;
    }

    public void Dispose()
    {
        foreach (var part in _parts) part.Dispose();
        _parts.Clear();
    }

    /// <summary>A signature ends a piece of reasoning: what follows is another.</summary>
    private AnswerPart Reasoning(in ChatEvent e) =>
        _parts is [.., { Kind: ChatEventKind.ReasoningDelta, Signature.IsEmpty: false }] ? New(new AnswerPart(e.Kind)) : Last(e.Kind);

    private AnswerPart Last(ChatEventKind kind) => _parts is [.., var last] && last.Kind == kind ? last : New(new AnswerPart(kind));

    private AnswerPart? Call(int index)
    {
        for (var i = _parts.Count - 1; i >= 0; i--)
        {
            if (_parts[i].Kind == ChatEventKind.ToolCallStart && _parts[i].Index == index) return _parts[i];
        }

        return null;
    }

    private AnswerPart New(AnswerPart part)
    {
        _parts.Add(part);
        return part;
    }
}

/// <summary>A piece of an answer's content.</summary>
/// <param name="kind"><see cref="ChatEventKind.TextDelta"/>, <see cref="ChatEventKind.ReasoningDelta"/>,
/// <see cref="ChatEventKind.RedactedReasoning"/> or <see cref="ChatEventKind.ToolCallStart"/>.</param>
internal sealed class AnswerPart(ChatEventKind kind) : IDisposable
{
    private readonly ArrayBufferWriter<byte> _signature = new();

    public ChatEventKind Kind { get; } = kind;

    /// <summary>The text, the reasoning, or the arguments of a tool call; UTF-8.</summary>
    public PooledBuffer Text { get; } = new();

    /// <summary>Of a piece of reasoning; UTF-8, empty where there is none.</summary>
    public ReadOnlySpan<byte> Signature => _signature.WrittenSpan;

    /// <summary>Of a tool call among the tool calls.</summary>
    public int Index { get; init; }
    public string? Id { get; init; }
    public string? Name { get; init; }

    public void Sign(ReadOnlySpan<byte> signature) => _signature.Write(signature);

    public void Dispose() => Text.Dispose();
}
