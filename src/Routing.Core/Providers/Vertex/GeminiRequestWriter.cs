using System.Buffers;
using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Vertex;

/// <summary>Writes the body of generateContent and streamGenerateContent.</summary>
internal static class GeminiRequestWriter
{
    public static void Write(ChatRequest request, ModelTarget model, IBufferWriter<byte> body)
    {
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        WriteSystem(request, json);
        json.WriteStartArray("contents"u8);
        foreach (var message in request.Messages)
        {
            if (message.Role != ChatRole.System) WriteContent(message, json);
        }

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

    private static void WriteSystem(ChatRequest request, Utf8JsonWriter json)
    {
        var begun = false;
        foreach (var message in request.Messages)
        {
            if (message.Role != ChatRole.System) continue;
            if (!begun)
            {
                json.WriteStartObject("systemInstruction"u8);
                json.WriteStartArray("parts"u8);
                begun = true;
            }

            WriteParts(message, json);
        }

        if (!begun) return;
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteContent(ChatMessage message, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, message.Role == ChatRole.Assistant ? "model"u8 : "user"u8);
        json.WriteStartArray("parts"u8);
        WriteParts(message, json);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteParts(ChatMessage message, Utf8JsonWriter json)
    {
        foreach (var part in message.Parts)
        {
            if (part is not TextPart text) continue;
            json.WriteStartObject();
            json.WriteString("text"u8, text.Text);
            json.WriteEndObject();
        }
    }
}
