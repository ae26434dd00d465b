using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Bedrock;

/// <summary>Writes <c>toolConfig</c>.</summary>
internal static class ConverseTools
{
    /// <summary>For <c>x-route-warnings</c>: what became of a wish that Converse has no word for.</summary>
    public const string NotSent = "tools not sent for tool_choice none";

    private const string NotForbidden = "tool_choice none not sent; earlier tool calls need their tools declared";
    private const string ByName = "tools of earlier calls declared by their names only";

    /// <summary>Null when tools and choice are said as they are.</summary>
    public static string? Warning(ChatRequest request) => (request.Tools.IsEmpty, request.ToolChoice.Mode == ToolChoiceMode.None, HasHistory(request)) switch
    {
        (true, _, true) => ByName,
        (false, true, true) => NotForbidden,
        (false, true, false) => NotSent,
        _ => null,
    };

    public static void Write(Utf8JsonWriter json, ChatRequest request, in BedrockModel model)
    {
        // Converse cannot forbid calls: a model that is not to call is not told of any tool. But it refuses earlier calls without tools.
        if ((request.Tools.IsEmpty || request.ToolChoice.Mode == ToolChoiceMode.None) && !HasHistory(request)) return;
        json.WriteStartObject("toolConfig"u8);
        json.WriteStartArray("tools"u8);
        if (request.Tools.IsEmpty) Known(json, request);
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

    private static bool HasHistory(ChatRequest request)
    {
        foreach (var message in request.Messages)
        {
            foreach (var part in message.Parts)
            {
                if (part is ToolCallPart or ToolResultPart) return true;
            }
        }

        return false;
    }

    // What the conversation tells of its tools: which there were.
    private static void Known(Utf8JsonWriter json, ChatRequest request)
    {
        var names = new List<string>();
        foreach (var message in request.Messages)
        {
            foreach (var part in message.Parts)
            {
                var name = part switch { ToolCallPart call => call.Name, ToolResultPart result => result.Name, _ => null };
                if (name is null || names.Contains(name)) continue;
                names.Add(name);
                Tool(json, new ToolDefinition(name, "", null, Strict: false));
            }
        }
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
