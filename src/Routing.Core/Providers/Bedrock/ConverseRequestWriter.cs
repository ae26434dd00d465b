using System.Buffers;
using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Bedrock;

/// <summary>Writes a chat request as Bedrock Converse wants it.</summary>
internal static class ConverseRequestWriter
{
    // OpenAI's scale goes to 2, Converse's to 1 and refuses more.
    private const double HighestTemperature = 1;

    public static void Write(ChatRequest request, ModelTarget model, IBufferWriter<byte> body)
    {
        using var json = new Utf8JsonWriter(body, TurnOrder.JsonOptions);
        json.WriteStartObject();
        json.WriteStartArray("messages"u8);
        TurnOrder.WriteTurns(request, json, "assistant"u8, "content"u8, TurnOrder.WriteText);
        json.WriteEndArray();
        if (TurnOrder.HasSystem(request))
        {
            json.WriteStartArray("system"u8);
            TurnOrder.WriteSystem(request, json, TurnOrder.WriteText);
            json.WriteEndArray();
        }

        json.WriteStartObject("inferenceConfig"u8);
        json.WriteNumber("maxTokens"u8, request.MaxOutputTokens ?? model.MaxOutputTokens);
        if (request.Temperature is { } temperature) json.WriteNumber("temperature"u8, Math.Min(temperature, HighestTemperature));
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
