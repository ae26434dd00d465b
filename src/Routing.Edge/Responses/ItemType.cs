using System.Text.Json;
using Routing.Edge.Json;

namespace Routing.Edge.Responses;

/// <summary>The <c>type</c> of an item, a part or a tool, found before its other members are read: what they may hold depends on it.</summary>
internal static class ItemType
{
    public const string Message = "message";
    public const string FunctionCall = "function_call";
    public const string FunctionCallOutput = "function_call_output";
    public const string Reasoning = "reasoning";
    public const string Reference = "item_reference";
    public const string Function = "function";
    public const string InputText = "input_text";
    public const string OutputText = "output_text";
    public const string Refusal = "refusal";
    public const string InputImage = "input_image";
    public const string InputFile = "input_file";
    public const string InputAudio = "input_audio";

    /// <summary>A type that this version has no place for.</summary>
    public const string Other = "";

    private static readonly string[] Known =
        [Message, FunctionCall, FunctionCallOutput, Reasoning, Reference, Function, InputText, OutputText, Refusal, InputImage, InputFile, InputAudio];

    /// <summary>Looks ahead from the object's beginning; the caller's own reader stays where it is.</summary>
    /// <param name="unsaid">What it is when the object does not say; null where it must.</param>
    public static string Peek(Utf8JsonReader json, in At at, string? unsaid = null)
    {
        if (!TypeMember.TryFind(ref json)) return unsaid ?? throw RequestFault.Missing(at.Of("type"));
        JsonValue.String(ref json, at, "type");
        return Find(ref json);
    }

    private static string Find(ref Utf8JsonReader json)
    {
        foreach (var type in Known)
        {
            if (json.ValueTextEquals(type)) return type;
        }

        return Other;
    }
}
