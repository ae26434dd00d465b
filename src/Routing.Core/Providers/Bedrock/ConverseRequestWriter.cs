using System.Buffers;
using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Bedrock;

/// <summary>Writes the body of Converse and ConverseStream.</summary>
internal static class ConverseRequestWriter
{
    public static void Write(ChatRequest request, ModelTarget model, IBufferWriter<byte> body)
    {
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        WriteSystem(request, json);
        WriteMessages(request, json);
        json.WriteStartObject("inferenceConfig"u8);

        // Always explicit: an unset limit reserves the model's maximum against our quota.
        json.WriteNumber("maxTokens"u8, request.MaxOutputTokens ?? model.MaxOutputTokens);
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
            if (!begun) json.WriteStartArray("system"u8);
            begun = true;
            WriteParts(message, json);
        }

        if (begun) json.WriteEndArray();
    }

    // Converse wants user and assistant in turn: neighbours of one role become one message.
    private static void WriteMessages(ChatRequest request, Utf8JsonWriter json)
    {
        ChatRole? open = null;
        json.WriteStartArray("messages"u8);
        foreach (var message in request.Messages)
        {
            if (message.Role == ChatRole.System) continue;
            var role = message.Role == ChatRole.Assistant ? ChatRole.Assistant : ChatRole.User;
            if (open != role)
            {
                if (open is not null) End(json);
                json.WriteStartObject();
                json.WriteString("role"u8, role == ChatRole.Assistant ? "assistant"u8 : "user"u8);
                json.WriteStartArray("content"u8);
                open = role;
            }

            WriteParts(message, json);
        }

        if (open is not null) End(json);
        json.WriteEndArray();
    }

    private static void End(Utf8JsonWriter json)
    {
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
