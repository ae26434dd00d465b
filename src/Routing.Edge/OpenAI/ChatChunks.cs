using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Calls;
using Routing.Edge.Json;

namespace Routing.Edge.OpenAI;

/// <summary>
/// Content of another wire as chunks of OpenAI's: what came is put between two halves of a chunk that are the same for the whole answer.
/// </summary>
/// <param name="id">Of the answer.</param>
/// <param name="created">Unix seconds.</param>
internal sealed class ChatChunks(IBufferWriter<byte> to, string id, long created, string model) : IDisposable
{
    private const int MostTrackedCalls = 64;

    private byte[]? _prefix;
    private AnswerPart? _reasoning; // Collected for its signature, which comes last.
    private int _reasoningAfter;
    private int _calls;
    private ulong _withoutArguments; // Calls by their index.

    private static ReadOnlySpan<byte> End => "},\"logprobs\":null,\"finish_reason\":null}]}\n\n"u8;

    /// <summary>False when the event is no content.</summary>
    public bool Write(in ChatEvent e)
    {
        switch (e.Kind)
        {
            case ChatEventKind.TextDelta:
                EndReasoning();
                WriteDelta("content"u8, e.Utf8.Span);
                return true;
            case ChatEventKind.ReasoningDelta:
                if (_reasoning is { Signature.IsEmpty: false }) EndReasoning();
                OpenReasoning().Text.Write(e.Utf8.Span);
                WriteDelta("reasoning_content"u8, e.Utf8.Span);
                return true;
            case ChatEventKind.ReasoningSignature: OpenReasoning().Sign(e.Utf8.Span); return true;
            case ChatEventKind.RedactedReasoning:
                EndReasoning();
                WriteRedacted(e.Utf8.Span);
                return true;
            case ChatEventKind.ToolCallStart:
                EndReasoning();
                WriteCall(e);
                return true;
            case ChatEventKind.ToolCallDelta:
                EndReasoning();
                WriteArguments(e.Index, e.Utf8.Span);
                return true;
            default: return false;
        }
    }

    /// <summary>The chunk with the stop reason, and the one with the usage if the caller asked for it.</summary>
    public void WriteEnd(StopReason stop, string? rawStop, in TokenUsage usage, bool includeUsage)
    {
        EndReasoning();
        for (var index = 0; index < MostTrackedCalls; index++)
        {
            if ((_withoutArguments & (1UL << index)) != 0) WriteArguments(index, ToolCallJson.NoArguments);
        }

        Begin("\"\""u8);
        to.Write(_prefix);
        to.Write("},\"logprobs\":null,\"finish_reason\":\""u8);
        to.Write(StopReasons.Word(stop));
        to.Write("\",\"native_finish_reason\":"u8);
        using (var raw = new Utf8JsonWriter(to, AnswerJson.Options)) raw.WriteStringValue(rawStop);
        to.Write("}]}\n\n"u8);
        if (includeUsage) WriteUsage(usage);
    }

    public void Dispose()
    {
        _reasoning?.Dispose();
        _reasoning = null;
    }

    private void WriteDelta(ReadOnlySpan<byte> member, ReadOnlySpan<byte> text)
    {
        Begin(member.SequenceEqual("content"u8) ? "\"\""u8 : "null"u8);
        to.Write(_prefix);
        AnswerJson.WriteString(member, text, to);
        to.Write(End);
    }

    private void WriteCall(in ChatEvent e)
    {
        Begin("null"u8);
        to.Write(_prefix);
        to.Write("\"tool_calls\":["u8);
        ToolCallJson.WriteHead(e.Index, e.Id, e.Name, to);
        to.Write("\"}}]"u8);
        to.Write(End);
        _calls++;
        if (e.Index < MostTrackedCalls) _withoutArguments |= 1UL << e.Index;
    }

    private void WriteArguments(int index, ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty) return;
        if (index < MostTrackedCalls) _withoutArguments &= ~(1UL << index);
        to.Write(_prefix);
        to.Write("\"tool_calls\":[{\"index\":"u8);
        index.TryFormat(to.GetSpan(16), out var digits, default, CultureInfo.InvariantCulture);
        to.Advance(digits);
        to.Write(",\"function\":{"u8);
        AnswerJson.WriteString("arguments"u8, json, to);
        to.Write("}}]"u8);
        to.Write(End);
    }

    private AnswerPart OpenReasoning()
    {
        if (_reasoning is null) _reasoningAfter = _calls;
        return _reasoning ??= new AnswerPart(ChatEventKind.ReasoningDelta);
    }

    /// <summary>What has a signature can be handed back: it is given out once more as a whole.</summary>
    private void EndReasoning()
    {
        if (_reasoning is null) return;
        if (ThinkingJson.IsBlock(_reasoning)) WriteBlock(_reasoning, _reasoningAfter);
        Dispose();
    }

    private void WriteRedacted(ReadOnlySpan<byte> data)
    {
        using var part = new AnswerPart(ChatEventKind.RedactedReasoning);
        part.Text.Write(data);
        WriteBlock(part, _calls);
    }

    private void WriteBlock(AnswerPart part, int callsBefore)
    {
        Begin("null"u8);
        to.Write(_prefix);
        to.Write("\"thinking_blocks\":["u8);
        ThinkingJson.Write(part, callsBefore, to);
        to.Write("]"u8);
        to.Write(End);
    }

    /// <summary>The first chunk names the role. Content is an empty text in an answer that begins with text, else null.</summary>
    private void Begin(ReadOnlySpan<byte> content)
    {
        if (_prefix is not null) return;
        _prefix = Prefix();
        to.Write(_prefix);
        to.Write("\"role\":\"assistant\",\"content\":"u8);
        to.Write(content);
        to.Write(End);
    }

    /// <summary>The chunk up to the first member of <c>delta</c>, the same for every chunk of the answer.</summary>
    private byte[] Prefix()
    {
        var place = new ArrayBufferWriter<byte>(256);
        place.Write("data: "u8);
        using (var json = new Utf8JsonWriter(place, AnswerJson.Options)) WriteHead(json);
        place.Write(",\"choices\":[{\"index\":0,\"delta\":{"u8);
        return place.WrittenSpan.ToArray();
    }

    private void WriteHead(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, "chatcmpl-" + id);
        json.WriteString("object"u8, "chat.completion.chunk"u8);
        json.WriteNumber("created"u8, created);
        json.WriteString("model"u8, model);
        json.Flush();
    }

    private void WriteUsage(in TokenUsage usage)
    {
        var place = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(place, AnswerJson.Options))
        {
            WriteHead(json);
            json.WriteStartArray("choices"u8);
            json.WriteEndArray();
            json.WritePropertyName("usage"u8);
            UsageJson.Write(json, usage);
            json.WriteEndObject();
        }

        to.Write("data: "u8);
        to.Write(place.WrittenSpan);
        to.Write("\n\n"u8);
    }
}
