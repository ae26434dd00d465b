using System.Buffers;
using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Calls;
using Routing.Edge.Json;
using Routing.Edge.OpenAI;

namespace Routing.Edge.Responses;

/// <summary>The items of <c>output</c>: one for each piece of the answer, in the order in which they began.</summary>
/// <param name="id">Of the answer; each item's id is made from it.</param>
internal sealed class OutputItems(string id) : IDisposable
{
    public AnswerParts Parts { get; } = new();

    public string IdOf(int index)
    {
        var prefix = Parts.All[index].Kind switch
        {
            ChatEventKind.TextDelta => "msg",
            ChatEventKind.ToolCallStart => "fc",
            _ => "rs",
        };
        return $"{prefix}_{id}_{index}";
    }

    /// <summary>The whole array. In an answer that was cut short the last item is the one that is not whole.</summary>
    public void WriteAll(IBufferWriter<byte> to, bool isWhole)
    {
        to.Write("["u8);
        for (var index = 0; index < Parts.All.Count; index++)
        {
            if (index > 0) to.Write(","u8);
            Write(index, to, isWhole || index < Parts.All.Count - 1);
        }

        to.Write("]"u8);
    }

    public void Write(int index, IBufferWriter<byte> to, bool isWhole)
    {
        var part = Parts.All[index];
        switch (part.Kind)
        {
            case ChatEventKind.TextDelta:
                WriteHead(index, isWhole ? "completed"u8 : "incomplete"u8, to);
                to.Write(",\"content\":["u8);
                WriteTextPart(part.Text.WrittenMemory.Span, to);
                to.Write("]}"u8);
                break;
            case ChatEventKind.ToolCallStart:
                WriteHead(index, isWhole ? "completed"u8 : "incomplete"u8, to);
                to.Write(",\"arguments\":\""u8);
                AnswerJson.WriteText(Arguments(part), to);
                to.Write("\"}"u8);
                break;
            default:
                WriteHead(index, default, to);
                to.Write(",\"summary\":["u8);
                if (HasSummary(part)) WriteSummaryPart(part.Text.WrittenMemory.Span, to);
                to.Write("]"u8);
                SealedReasoning.Write(part, to);
                to.Write("}"u8);
                break;
        }
    }

    /// <summary>The item as it is before anything of its content is known.</summary>
    public void WriteEmpty(int index, IBufferWriter<byte> to)
    {
        var kind = Parts.All[index].Kind;
        var isReasoning = kind is ChatEventKind.ReasoningDelta or ChatEventKind.RedactedReasoning;
        WriteHead(index, isReasoning ? default : "in_progress"u8, to);
        to.Write(kind switch
        {
            ChatEventKind.TextDelta => ",\"content\":[]}"u8,
            ChatEventKind.ToolCallStart => ",\"arguments\":\"\"}"u8,
            _ => ",\"summary\":[]}"u8,
        });
    }

    public static void WriteTextPart(ReadOnlySpan<byte> text, IBufferWriter<byte> to)
    {
        to.Write("{\"type\":\"output_text\",\"annotations\":[],\"logprobs\":[],"u8);
        AnswerJson.WriteString("text"u8, text, to);
        to.Write("}"u8);
    }

    public static void WriteSummaryPart(ReadOnlySpan<byte> text, IBufferWriter<byte> to)
    {
        to.Write("{\"type\":\"summary_text\","u8);
        AnswerJson.WriteString("text"u8, text, to);
        to.Write("}"u8);
    }

    /// <summary>Every client parses them, so a call without any has an empty object.</summary>
    public static ReadOnlySpan<byte> Arguments(AnswerPart part) => part.Text.WrittenCount == 0 ? ToolCallJson.NoArguments : part.Text.WrittenMemory.Span;

    public static bool HasSummary(AnswerPart part) => part.Kind == ChatEventKind.ReasoningDelta && part.Text.WrittenCount > 0;

    public void Dispose() => Parts.Dispose();

    private void WriteHead(int index, ReadOnlySpan<byte> status, IBufferWriter<byte> to)
    {
        var part = Parts.All[index];
        using var json = new Utf8JsonWriter(to, AnswerJson.Options);
        json.WriteStartObject();
        json.WriteString("id"u8, IdOf(index));
        switch (part.Kind)
        {
            case ChatEventKind.TextDelta:
                json.WriteString("type"u8, "message"u8);
                json.WriteString("role"u8, "assistant"u8);
                break;
            case ChatEventKind.ToolCallStart:
                json.WriteString("type"u8, "function_call"u8);
                json.WriteString("call_id"u8, part.Id);
                json.WriteString("name"u8, part.Name);
                break;
            default: json.WriteString("type"u8, "reasoning"u8); break;
        }

        if (!status.IsEmpty) json.WriteString("status"u8, status);
        json.Flush();
    }
}
