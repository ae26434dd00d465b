using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Bedrock;

/// <summary>Writes <c>toolConfig</c>.</summary>
internal static class ConverseTools
{
    public static void Write(Utf8JsonWriter json, ChatRequest request, in BedrockModel model)
    {
        // Converse cannot forbid calls: a model that is not to call is not told of any tool.
        if (request.Tools.IsEmpty || request.ToolChoice.Mode == ToolChoiceMode.None) return;
        json.WriteStartObject("toolConfig"u8);
        json.WriteStartArray("tools"u8);
        foreach (var tool in request.Tools)
        {
            Tool(json, tool);
            if (tool.Cache is { } mark && model.Maker == BedrockMaker.Anthropic) ConverseParts.CachePoint(json, mark, model);
        }

        json.WriteEndArray();
        if (request.ParallelToolCalls) Choice(json, request.ToolChoice);
        json.WriteEndObject();
    }

    /// <summary>Anthropic's own <c>tool_choice</c>, among the additional fields: the only place that takes "at most one call".</summary>
    public static void WriteSerialChoice(Utf8JsonWriter json, ToolChoice choice)
    {
        json.WriteStartObject("tool_choice"u8);
        json.WriteString("type"u8, choice.Mode switch { ToolChoiceMode.Required => "any"u8, ToolChoiceMode.Named => "tool"u8, _ => "auto"u8 });
        if (choice.Name is { } name) json.WriteString("name"u8, ConverseNames.ToWire(name));
        json.WriteBoolean("disable_parallel_tool_use"u8, true);
        json.WriteEndObject();
    }

    private static void Tool(Utf8JsonWriter json, ToolDefinition tool)
    {
        json.WriteStartObject();
        json.WriteStartObject("toolSpec"u8);
        json.WriteString("name"u8, ConverseNames.ToWire(tool.Name));
        if (tool.Description.Length > 0) json.WriteString("description"u8, tool.Description);
        json.WriteStartObject("inputSchema"u8);
        json.WritePropertyName("json"u8);
        if (tool.Parameters is { } schema) json.WriteRawValue(schema);
        else json.WriteRawValue("{\"type\":\"object\",\"properties\":{}}"u8);
        json.WriteEndObject();
        if (tool.Strict) json.WriteBoolean("strict"u8, true);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // Automatic is the default, and a field that some models refuse.
    private static void Choice(Utf8JsonWriter json, ToolChoice choice)
    {
        if (choice.Mode is not (ToolChoiceMode.Required or ToolChoiceMode.Named)) return;
        json.WriteStartObject("toolChoice"u8);
        json.WriteStartObject(choice.Mode == ToolChoiceMode.Named ? "tool"u8 : "any"u8);
        if (choice.Name is { } name) json.WriteString("name"u8, ConverseNames.ToWire(name));
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
