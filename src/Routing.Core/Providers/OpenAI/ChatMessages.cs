using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.OpenAI;

/// <summary>Writes a conversation as the messages of chat completions.</summary>
internal static class ChatMessages
{
    public static void Write(ChatRequest request, WireQuirks quirks, Utf8JsonWriter json)
    {
        var messages = request.Messages;
        var continues = messages.Length > 0 && messages[^1].Role == ChatRole.Assistant ? quirks.Prefill : PrefillMode.None;
        if (continues == PrefillMode.ContinueFinalMessage)
        {
            json.WriteBoolean("continue_final_message"u8, true);
            json.WriteBoolean("add_generation_prompt"u8, false);
        }

        json.WriteStartArray("messages"u8);
        List<ContentPart> toolImages = [];
        for (var i = 0; i < messages.Length; i++)
        {
            var message = messages[i];
            if (message.Role == ChatRole.Assistant || !BeginsWithResult(message)) TellToolImages(toolImages, json);
            if (message.Role == ChatRole.Assistant) Assistant(message, quirks, continues == PrefillMode.Prefix && i == messages.Length - 1, json);
            else if (message.Role == ChatRole.System) Told(message.Parts.AsSpan(), quirks.SystemRole == InstructionRole.Developer ? "developer"u8 : "system"u8, json);
            else UserOrTool(message, quirks, toolImages, json);
        }

        TellToolImages(toolImages, json);
        json.WriteEndArray();
    }

    private static bool BeginsWithResult(ChatMessage message) => message.Parts is [ToolResultPart, ..];

    // Results must follow their calls at once; what the user says in the same turn comes after them.
    private static void UserOrTool(ChatMessage message, WireQuirks quirks, List<ContentPart> toolImages, Utf8JsonWriter json)
    {
        List<ContentPart>? said = null;
        foreach (var part in message.Parts)
        {
            if (part is ToolResultPart result) Result(result, quirks, toolImages, json);
            else (said ??= []).Add(part);
        }

        if (said is null) return;
        TellToolImages(toolImages, json);
        Told([.. said], "user"u8, json);
    }

    private static void Told(ReadOnlySpan<ContentPart> parts, ReadOnlySpan<byte> role, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, role);
        ChatParts.WriteContent(parts, json);
        json.WriteEndObject();
    }

    private static void Assistant(ChatMessage message, WireQuirks quirks, bool isPrefix, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, "assistant"u8);
        List<ContentPart> texts = [];
        List<ToolCallPart> calls = [];
        var reasoning = "";
        foreach (var part in message.Parts)
        {
            if (part is TextPart) texts.Add(part);
            else if (part is ToolCallPart call) calls.Add(call);
            else if (part is ReasoningPart thought) reasoning += thought.Text;
        }

        if (reasoning.Length > 0 && quirks.ReasoningField != ReasoningField.None)
        {
            json.WriteString(quirks.ReasoningField == ReasoningField.Reasoning ? "reasoning"u8 : "reasoning_content"u8, reasoning);
        }

        if (texts.Count > 0 || calls.Count == 0) ChatParts.WriteContent([.. texts], json);
        ToolCalls(calls, quirks, json);
        if (isPrefix) json.WriteBoolean("prefix"u8, true);
        json.WriteEndObject();
    }

    private static void ToolCalls(List<ToolCallPart> calls, WireQuirks quirks, Utf8JsonWriter json)
    {
        if (calls.Count == 0) return;
        json.WriteStartArray("tool_calls"u8);
        foreach (var call in calls)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, CallIds.Fit(call.Id, quirks.CallIds));
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, call.Name);
            json.WriteString("arguments"u8, call.Arguments);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Result(ToolResultPart result, WireQuirks quirks, List<ContentPart> toolImages, Utf8JsonWriter json)
    {
        List<ContentPart> texts = [];
        foreach (var part in result.Content) (part is ImagePart ? toolImages : texts).Add(part);
        json.WriteStartObject();
        json.WriteString("role"u8, "tool"u8);
        json.WriteString("tool_call_id"u8, CallIds.Fit(result.CallId, quirks.CallIds));
        ChatParts.WriteContent([.. texts], json);
        json.WriteEndObject();
    }

    // A tool's message takes text only: its images follow once all results are told.
    private static void TellToolImages(List<ContentPart> images, Utf8JsonWriter json)
    {
        if (images.Count == 0) return;
        Told([.. images], "user"u8, json);
        images.Clear();
    }
}
