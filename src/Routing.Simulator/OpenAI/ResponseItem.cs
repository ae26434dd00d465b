using System.Text.Json;
using Routing.Simulator.Answers;
using Routing.Simulator.Calls;

namespace Routing.Simulator.OpenAI;

/// <summary>One output item: a message, a function call or reasoning.</summary>
internal sealed class ResponseItem(JsonElement asked, SimulatedCall call, Block block)
{
    private readonly bool _hasSummary = block.Kind == BlockKind.Thought && ResponsesReader.TellsSummary(asked);

    /// <summary>Event of one more piece; null = the item has no pieces.</summary>
    public string? DeltaName => Stem is { } stem ? $"response.{stem}.delta" : null;

    public string DoneName => $"response.{Stem}.done";

    /// <summary>What an item's part is called in event names; null = it has none.</summary>
    public string? PartName => block.Kind == BlockKind.Text ? "content_part" : _hasSummary ? "reasoning_summary_part" : null;

    private string? Stem => block.Kind switch
    {
        BlockKind.Text => "output_text",
        BlockKind.ToolCall => "function_call_arguments",
        _ => _hasSummary ? "reasoning_summary_text" : null,
    };

    private string Id => SimulatorIds.OfCall(block.Kind switch { BlockKind.Text => "msg_", BlockKind.ToolCall => "fc_", _ => "rs_" }, call.RequestId, block, 32);

    public void WritePlace(Utf8JsonWriter json)
    {
        json.WriteString("item_id", Id);
        json.WriteNumber("output_index", block.Index);
        if (block.Kind != BlockKind.ToolCall) json.WriteNumber(block.Kind == BlockKind.Text ? "content_index" : "summary_index", 0);
    }

    public void WriteInItem(Utf8JsonWriter json, bool isDone)
    {
        json.WriteNumber("output_index", block.Index);
        json.WritePropertyName("item");
        Write(json, isDone);
    }

    public void WriteInPart(Utf8JsonWriter json, bool isDone)
    {
        WritePlace(json);
        json.WritePropertyName("part");
        if (block.Kind == BlockKind.Text) WriteText(json, isDone ? block.Text : "");
        else WriteSummary(json, isDone ? block.Text : "");
    }

    public void WriteDone(Utf8JsonWriter json)
    {
        WritePlace(json);
        if (block.Kind == BlockKind.ToolCall) json.WriteString("name", block.Tool!.Name); // A tool call's block has its call.
        json.WriteString(block.Kind == BlockKind.ToolCall ? "arguments" : "text", block.Text);
        if (block.Kind != BlockKind.Text) return;
        json.WriteStartArray("logprobs");
        json.WriteEndArray();
    }

    public void Write(Utf8JsonWriter json, bool isDone)
    {
        json.WriteStartObject();
        json.WriteString("id", Id);
        switch (block.Kind)
        {
            case BlockKind.Text: WriteMessage(json, isDone); break;
            case BlockKind.ToolCall: WriteCall(json, isDone); break;
            default: WriteReasoning(json, isDone); break;
        }

        json.WriteEndObject();
    }

    private void WriteMessage(Utf8JsonWriter json, bool isDone)
    {
        json.WriteString("type", "message");
        json.WriteString("status", isDone ? "completed" : "in_progress");
        json.WriteString("role", "assistant");
        json.WriteStartArray("content");
        if (isDone) WriteText(json, block.Text);
        json.WriteEndArray();
    }

    private void WriteCall(Utf8JsonWriter json, bool isDone)
    {
        json.WriteString("type", "function_call");
        json.WriteString("status", isDone ? "completed" : "in_progress");
        json.WriteString("call_id", SimulatorIds.OfCall("call_", call.RequestId, block, 24));
        json.WriteString("name", block.Tool!.Name); // As above.
        json.WriteString("arguments", isDone ? block.Tool.ArgumentsJson : "");
    }

    private void WriteReasoning(Utf8JsonWriter json, bool isDone)
    {
        json.WriteString("type", "reasoning");
        json.WriteStartArray("summary");
        if (isDone && _hasSummary) WriteSummary(json, block.Text);
        json.WriteEndArray();
        if (ResponsesReader.WantsSealedReasoning(asked)) json.WriteString("encrypted_content", ThoughtSignature.Seal(block.Text));
    }

    private static void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type", "output_text");
        json.WriteStartArray("annotations");
        json.WriteEndArray();
        json.WriteStartArray("logprobs");
        json.WriteEndArray();
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    private static void WriteSummary(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type", "summary_text");
        json.WriteString("text", text);
        json.WriteEndObject();
    }
}
