using System.Buffers;
using System.Text.Json;
using Routing.Core.Llm;
using Routing.Core.Providers.Bedrock;

namespace Routing.Core.Providers.Anthropic;

/// <summary>Behind which door the messages wire is spoken.</summary>
internal enum MessagesDoor : byte { Anthropic, Vertex }

/// <summary>Writes a chat request in the shape of Anthropic's messages.</summary>
internal static class MessagesRequestWriter
{
    public static void Write(ChatCall call, ModelTarget model, MessagesDoor door, IBufferWriter<byte> body)
    {
        var request = call.Request;
        using var json = new Utf8JsonWriter(body, TurnOrder.JsonOptions);
        json.WriteStartObject();
        if (door == MessagesDoor.Vertex) json.WriteString("anthropic_version"u8, "vertex-2023-10-16"u8);
        else json.WriteString("model"u8, model.Model);
        json.WriteNumber("max_tokens"u8, ConverseReasoning.Limit(request, model, MessagesSupport.ModelOf(model)));
        if (call.Stream) json.WriteBoolean("stream"u8, true);
        Sampling(ClaudeSampling.Of(request, MessagesSupport.ModelOf(model)), request, json);
        if (request.EndUser is { } user)
        {
            json.WriteStartObject("metadata"u8);
            json.WriteString("user_id"u8, user);
            json.WriteEndObject();
        }

        Tools(request, json);
        Output(request, MessagesSupport.ModelOf(model), request.MaxOutputTokens ?? model.MaxOutputTokens, json);
        if (TurnOrder.HasSystem(request))
        {
            json.WriteStartArray("system"u8);
            TurnOrder.WriteSystem(request, json, MessagesParts.Write);
            json.WriteEndArray();
        }

        json.WriteStartArray("messages"u8);
        TurnOrder.WriteTurns(request, json, "assistant"u8, "content"u8, MessagesParts.Keeps, MessagesParts.Write);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Sampling(in ClaudeSampling sampling, ChatRequest request, Utf8JsonWriter json)
    {
        if (sampling.Temperature is { } temperature) json.WriteNumber("temperature"u8, temperature);
        if (sampling.TopP is { } topP) json.WriteNumber("top_p"u8, topP);
        if (sampling.TopK is { } topK) json.WriteNumber("top_k"u8, topK);
        if (request.StopSequences.IsEmpty) return;
        json.WriteStartArray("stop_sequences"u8);
        foreach (var stop in request.StopSequences) json.WriteStringValue(stop);
        json.WriteEndArray();
    }

    private static void Tools(ChatRequest request, Utf8JsonWriter json)
    {
        if (request.Tools.IsEmpty) return;
        json.WriteStartArray("tools"u8);
        foreach (var tool in request.Tools) Tool(tool, json);
        json.WriteEndArray();

        var one = !request.ParallelToolCalls;
        if (request.ToolChoice.Mode == ToolChoiceMode.Auto && !one) return;
        json.WriteStartObject("tool_choice"u8);
        json.WriteString("type"u8, request.ToolChoice.Mode switch
        {
            ToolChoiceMode.None => "none"u8,
            ToolChoiceMode.Required => "any"u8,
            ToolChoiceMode.Named => "tool"u8,
            _ => "auto"u8,
        });
        if (request.ToolChoice.Name is { } name) json.WriteString("name"u8, name);
        if (one && request.ToolChoice.Mode != ToolChoiceMode.None) json.WriteBoolean("disable_parallel_tool_use"u8, true);
        json.WriteEndObject();
    }

    private static void Tool(ToolDefinition tool, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, tool.Name);
        if (tool.Description.Length > 0) json.WriteString("description"u8, tool.Description);
        if (tool.Strict) json.WriteBoolean("strict"u8, true);
        json.WritePropertyName("input_schema"u8);
        if (tool.Parameters is { } schema) json.WriteRawValue(schema);
        else json.WriteRawValue("{\"type\":\"object\",\"properties\":{}}"u8);
        MessagesParts.Cache(tool.Cache, json);
        json.WriteEndObject();
    }

    // Which of Anthropic's models takes a budget, and which an effort, is the same behind every door: Bedrock's adapter knows.
    private static void Output(ChatRequest request, in BedrockModel model, int limit, Utf8JsonWriter json)
    {
        if (request.Reasoning is { } reasoning && ConverseReasoning.IsAsked(request, model)) ConverseReasoning.WriteFields(json, reasoning, model, limit);

        var effort = ConverseReasoning.OutputEffort(request, model);
        if (effort is null && request.Format.Kind != AnswerFormatKind.JsonSchema) return;
        json.WriteStartObject("output_config"u8);
        if (effort is not null) json.WriteString("effort"u8, effort);
        if (request.Format is { Kind: AnswerFormatKind.JsonSchema, Schema: { } schema })
        {
            json.WriteStartObject("format"u8);
            json.WriteString("type"u8, "json_schema"u8);
            json.WritePropertyName("schema"u8);
            json.WriteRawValue(schema);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
