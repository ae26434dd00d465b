using System.Buffers;
using System.Text.Json;
using Routing.Core.Llm;
using Routing.Core.Providers.Anthropic;

namespace Routing.Core.Providers.Bedrock;

/// <summary>Writes a chat request as Bedrock Converse wants it.</summary>
internal static class ConverseRequestWriter
{
    public static void Write(ChatRequest request, ModelTarget target, IBufferWriter<byte> body)
    {
        var model = BedrockModel.Of(target);
        using var json = new Utf8JsonWriter(body, TurnOrder.JsonOptions);
        json.WriteStartObject();
        WriteConversation(json, request, new ConverseParts(model));
        WriteInference(json, request, ClaudeSampling.Of(request, model), ConverseReasoning.Limit(request, target, model));
        ConverseTools.Write(json, request, model);
        WriteModelFields(json, request, model, request.MaxOutputTokens ?? target.MaxOutputTokens);
        WriteOutput(json, request, model);
        ConverseTier.Write(json, request.ServiceTier, target);
        RequestMetadata.Write(json, request);
        json.WriteEndObject();
    }

    /// <summary>What counts of a request: the conversation, the tools, and what a maker's own fields add to the prompt.</summary>
    public static void WriteForCounting(ChatRequest request, ModelTarget target, IBufferWriter<byte> body)
    {
        var model = BedrockModel.Of(target);
        using var json = new Utf8JsonWriter(body, TurnOrder.JsonOptions);
        json.WriteStartObject();
        json.WriteStartObject("input"u8);
        json.WriteStartObject("converse"u8);
        WriteConversation(json, request, new ConverseParts(model));
        ConverseTools.Write(json, request, model);
        WriteModelFields(json, request, model, request.MaxOutputTokens ?? target.MaxOutputTokens);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteConversation(Utf8JsonWriter json, ChatRequest request, ConverseParts parts)
    {
        json.WriteStartArray("messages"u8);
        TurnOrder.WriteTurns(request, json, "assistant"u8, "content"u8, parts.Keeps, parts.Write);
        json.WriteEndArray();
        if (!TurnOrder.HasSystem(request)) return;
        json.WriteStartArray("system"u8);
        TurnOrder.WriteSystem(request, json, parts.Write);
        json.WriteEndArray();
    }

    private static void WriteInference(Utf8JsonWriter json, ChatRequest request, in ClaudeSampling sampling, int maxTokens)
    {
        json.WriteStartObject("inferenceConfig"u8);
        json.WriteNumber("maxTokens"u8, maxTokens);
        if (sampling.Temperature is { } temperature) json.WriteNumber("temperature"u8, temperature);
        if (sampling.TopP is { } topP) json.WriteNumber("topP"u8, topP);
        if (!request.StopSequences.IsEmpty)
        {
            json.WriteStartArray("stopSequences"u8);
            foreach (var stop in request.StopSequences) json.WriteStringValue(stop);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    /// <summary>What only one maker's models know goes to them as it is.</summary>
    private static void WriteModelFields(Utf8JsonWriter json, ChatRequest request, in BedrockModel model, int limit)
    {
        var topK = model.TakesTopK ? ClaudeSampling.Of(request, model).TopK : null;
        var reasons = ConverseReasoning.IsAsked(request, model);
        var serial = model.Maker == BedrockMaker.Anthropic && !request.ParallelToolCalls && !request.Tools.IsEmpty && request.ToolChoice.Mode != ToolChoiceMode.None;
        if (topK is null && !reasons && !serial) return;
        json.WriteStartObject("additionalModelRequestFields"u8);
        if (topK is { } most) json.WriteNumber("top_k"u8, most);
        if (reasons) ConverseReasoning.WriteFields(json, request.Reasoning!, model, limit); // Asked, so there.
        if (serial) ConverseTools.WriteSerialChoice(json, request.ToolChoice);
        json.WriteEndObject();
    }

    // The schema is JSON inside a string: so says the service's model, unlike every other schema in it.
    private static void WriteOutput(Utf8JsonWriter json, ChatRequest request, in BedrockModel model)
    {
        var effort = ConverseReasoning.OutputEffort(request, model);
        var format = request.Format is { Kind: AnswerFormatKind.JsonSchema, Schema: not null } ? request.Format : null;
        if (effort is null && format is null) return;
        json.WriteStartObject("outputConfig"u8);
        if (effort is not null) json.WriteString("effort"u8, effort);
        if (format is not null)
        {
            json.WriteStartObject("textFormat"u8);
            json.WriteString("type"u8, "json_schema"u8);
            json.WriteStartObject("structure"u8);
            json.WriteStartObject("jsonSchema"u8);
            json.WriteString("schema"u8, format.Schema);
            if (format.Name.Length > 0) json.WriteString("name"u8, format.Name);
            if (format.Description is { } description) json.WriteString("description"u8, description);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
