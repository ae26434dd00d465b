using System.Buffers;
using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Vertex;

/// <summary>Writes the body of generateContent and streamGenerateContent.</summary>
internal static class GeminiRequestWriter
{
    public static void Write(ChatRequest request, ModelTarget model, IBufferWriter<byte> body)
    {
        using var json = new Utf8JsonWriter(body, TurnOrder.JsonOptions);
        json.WriteStartObject();
        if (TurnOrder.HasSystem(request))
        {
            json.WriteStartObject("systemInstruction"u8);
            json.WriteStartArray("parts"u8);
            TurnOrder.WriteSystem(request, json, TurnOrder.WriteText);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteStartArray("contents"u8);
        TurnOrder.WriteTurns(request, json, "model"u8, "parts"u8, TurnOrder.WriteText);
        json.WriteEndArray();
        json.WriteStartObject("generationConfig"u8);
        json.WriteNumber("maxOutputTokens"u8, request.MaxOutputTokens ?? model.MaxOutputTokens);
        if (request.Temperature is { } temperature) json.WriteNumber("temperature"u8, temperature);
        if (request.TopP is { } topP) json.WriteNumber("topP"u8, topP);
        if (!request.StopSequences.IsEmpty)
        {
            json.WriteStartArray("stopSequences"u8);
            foreach (var stop in request.StopSequences) json.WriteStringValue(stop);
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
