using System.Buffers;
using System.Text.Json;
using Routing.Edge.Calls;
using Routing.Edge.Json;

namespace Routing.Edge.OpenAI;

/// <summary>One element of <c>tool_calls</c>.</summary>
internal static class ToolCallJson
{
    /// <summary>The arguments of a call to which a provider gave none: every client parses them.</summary>
    public static ReadOnlySpan<byte> NoArguments => "{}"u8;

    public static void Write(AnswerPart part, IBufferWriter<byte> to)
    {
        WriteHead(null, part.Id, part.Name, to);
        AnswerJson.WriteText(part.Text.WrittenCount == 0 ? NoArguments : part.Text.WrittenMemory.Span, to);
        to.Write("\"}}"u8);
    }

    /// <summary>Up to the opening quote of the arguments.</summary>
    /// <param name="index">Only in a stream.</param>
    public static void WriteHead(int? index, string? id, string? name, IBufferWriter<byte> to)
    {
        using (var json = new Utf8JsonWriter(to, AnswerJson.Options))
        {
            json.WriteStartObject();
            if (index is { } place) json.WriteNumber("index"u8, place);
            json.WriteString("id"u8, id);
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, name);
            json.Flush();
        }

        to.Write(",\"arguments\":\""u8);
    }
}
