using System.Buffers;
using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Vertex;

/// <summary>Writes the body of generateContent and streamGenerateContent.</summary>
internal static class GeminiRequestWriter
{
    public static void Write(ChatRequest request, ModelTarget model, IBufferWriter<byte> body)
    {
        var gemini = GeminiModel.Of(model.Model);
        using var json = new Utf8JsonWriter(body, TurnOrder.JsonOptions);
        json.WriteStartObject();
        WriteConversation(request, gemini, json);
        WriteToolChoice(request, json);
        json.WriteStartObject("generationConfig"u8);
        json.WriteNumber("maxOutputTokens"u8, GeminiThinking.Limit(request, model, gemini));
        WriteSampling(request, json);
        WriteFormat(request.Format, json);
        GeminiThinking.Write(json, request, gemini);
        json.WriteEndObject();
        GeminiLabels.Write(json, request);
        json.WriteEndObject();
    }

    /// <summary>What counts of a request: the conversation and the tools. How they are chosen countTokens has no name for, and refuses.</summary>
    public static void WriteForCounting(ChatRequest request, ModelTarget model, IBufferWriter<byte> body)
    {
        using var json = new Utf8JsonWriter(body, TurnOrder.JsonOptions);
        json.WriteStartObject();
        WriteConversation(request, GeminiModel.Of(model.Model), json);
        json.WriteEndObject();
    }

    private static void WriteConversation(ChatRequest request, GeminiModel gemini, Utf8JsonWriter json)
    {
        if (TurnOrder.HasSystem(request))
        {
            json.WriteStartObject("systemInstruction"u8);
            json.WriteStartArray("parts"u8);
            TurnOrder.WriteSystem(request, json, TurnOrder.WriteText);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteStartArray("contents"u8);
        TurnOrder.WriteTurns(request, json, "model"u8, "parts"u8, GeminiPartWriter.Keeps, new GeminiPartWriter(gemini).Write);
        json.WriteEndArray();

        // Before the third generation tools beside a JSON answer are refused, even such as may not be called.
        var isForbidden = !gemini.IsThird && request.Format.Kind != AnswerFormatKind.Text && !GeminiRefusals.MayCall(request);
        if (!request.Tools.IsEmpty && !isForbidden) WriteTools(request, json);
    }

    // The caller's JSON schema goes as it is: "parameters" would take Google's own subset of OpenAPI only.
    private static void WriteTools(ChatRequest request, Utf8JsonWriter json)
    {
        json.WriteStartArray("tools"u8);
        json.WriteStartObject();
        json.WriteStartArray("functionDeclarations"u8);
        foreach (var tool in request.Tools)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, tool.Name);
            if (tool.Description.Length > 0) json.WriteString("description"u8, tool.Description);
            if (tool.Parameters is { } schema) WriteRaw(json, "parametersJsonSchema"u8, schema);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteToolChoice(ChatRequest request, Utf8JsonWriter json)
    {
        if (request.Tools.IsEmpty || request.ToolChoice.Mode == ToolChoiceMode.Auto) return;
        json.WriteStartObject("toolConfig"u8);
        json.WriteStartObject("functionCallingConfig"u8);
        json.WriteString("mode"u8, request.ToolChoice.Mode == ToolChoiceMode.None ? "NONE"u8 : "ANY"u8);
        if (request.ToolChoice.Name is { } name)
        {
            json.WriteStartArray("allowedFunctionNames"u8);
            json.WriteStringValue(name);
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteSampling(ChatRequest request, Utf8JsonWriter json)
    {
        if (request.Temperature is { } temperature) json.WriteNumber("temperature"u8, temperature);
        if (request.TopP is { } topP) json.WriteNumber("topP"u8, topP);
        if (request.TopK is { } topK) json.WriteNumber("topK"u8, topK);
        if (!request.StopSequences.IsEmpty)
        {
            json.WriteStartArray("stopSequences"u8);
            foreach (var stop in request.StopSequences) json.WriteStringValue(stop);
            json.WriteEndArray();
        }

        // Gemini's seed has 32 bits; equal seeds stay equal.
        if (request.Seed is { } seed) json.WriteNumber("seed"u8, unchecked((int)seed));
        if (request.PresencePenalty is { } presence) json.WriteNumber("presencePenalty"u8, presence);
        if (request.FrequencyPenalty is { } frequency) json.WriteNumber("frequencyPenalty"u8, frequency);
    }

    private static void WriteFormat(AnswerFormat format, Utf8JsonWriter json)
    {
        if (format.Kind == AnswerFormatKind.Text) return;
        json.WriteString("responseMimeType"u8, "application/json"u8);
        if (format.Schema is { } schema) WriteRaw(json, "responseJsonSchema"u8, schema);
    }

    private static void WriteRaw(Utf8JsonWriter json, ReadOnlySpan<byte> name, string value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value);
    }
}
