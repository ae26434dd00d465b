using System.Text.Json;
using System.Text.Unicode;

namespace Routing.Core.Providers.Bedrock;

/// <summary>A tool call as Converse tells it: <c>{"toolUseId":…,"name":…,"input":{…}}</c>.</summary>
/// <param name="Type">Only with tools the provider runs itself.</param>
/// <param name="Input">The arguments' bytes; empty where they come in pieces of their own, or there are none.</param>
internal readonly record struct ConverseToolUse(string? Id, string? Name, string? Type, ReadOnlyMemory<byte> Input)
{
    /// <exception cref="JsonException">The arguments are no JSON object.</exception>
    /// <param name="json">Stands on the object's begin; is left on its end.</param>
    public static ConverseToolUse Read(ref Utf8JsonReader json, ReadOnlyMemory<byte> document)
    {
        var call = new ConverseToolUse();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("toolUseId"u8)) call = call with { Id = ConverseAnswer.ReadText(ref json) };
            else if (json.ValueTextEquals("name"u8)) call = call with { Name = ConverseAnswer.ReadText(ref json) };
            else if (json.ValueTextEquals("type"u8)) call = call with { Type = ConverseAnswer.ReadText(ref json) };
            else if (json.ValueTextEquals("input"u8)) call = call with { Input = ReadInput(ref json, document) };
            else json.Skip();
        }

        return call;
    }

    private static ReadOnlyMemory<byte> ReadInput(ref Utf8JsonReader json, ReadOnlyMemory<byte> document)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null) return default;
        if (json.TokenType != JsonTokenType.StartObject) throw new JsonException("A tool call's arguments are no object.");
        var start = (int)json.TokenStartIndex;
        json.Skip();
        var input = document[start..(int)json.BytesConsumed];
        return Utf8.IsValid(input.Span) ? input : throw new JsonException("The arguments are not UTF-8.");
    }
}
