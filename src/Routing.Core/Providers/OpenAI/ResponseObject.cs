using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.OpenAI;

/// <summary>What routing reads of a response object, alone or inside an event.</summary>
internal struct ResponseObject
{
    public string? Id;
    public string? Status;
    public TokenUsage? Usage;
    public bool HasError;
    public bool HasOutput;
    private bool _callsTool;
    private string? _incomplete;

    /// <summary>Reads the object the reader stands on.</summary>
    public static ResponseObject Read(ref Utf8JsonReader json)
    {
        var read = default(ResponseObject);
        string? tier = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("id"u8)) read.Id = Text(ref json);
            else if (json.ValueTextEquals("status"u8)) read.Status = Text(ref json);
            else if (json.ValueTextEquals("service_tier"u8)) tier = Text(ref json);
            else if (json.ValueTextEquals("output"u8)) read.ReadOutput(ref json);
            else if (json.ValueTextEquals("usage"u8)) read.ReadUsage(ref json);
            else if (json.ValueTextEquals("incomplete_details"u8)) read.ReadIncomplete(ref json);
            else if (json.ValueTextEquals("error"u8)) read.HasError = IsSet(ref json);
            else Skip(ref json);
        }

        if (read.Usage is { } usage && tier is not null) read.Usage = usage with { CapacityClass = tier };
        return read;
    }

    /// <summary>The stop reason and the provider's word for it.</summary>
    public readonly (StopReason Stop, string Raw) Stop() => (Status, _incomplete) switch
    {
        ("completed", _) => (_callsTool ? StopReason.ToolCall : StopReason.End, "completed"),
        ("incomplete", "max_output_tokens") => (StopReason.Length, "max_output_tokens"),
        ("incomplete", "content_filter") => (StopReason.SafetyFiltered, "content_filter"),
        var (status, reason) => (StopReason.Other, reason ?? status ?? ""),
    };

    private void ReadOutput(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray) { json.Skip(); return; }
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            HasOutput = true;
            if (json.TokenType != JsonTokenType.StartObject) { json.Skip(); continue; }
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isType = json.ValueTextEquals("type"u8);
                json.Read();
                _callsTool |= isType && json.TokenType == JsonTokenType.String && (json.ValueTextEquals("function_call"u8) || json.ValueTextEquals("custom_tool_call"u8));
                json.Skip();
            }
        }
    }

    private void ReadUsage(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.StartObject) Usage = OpenAIUsage.Read(ref json, null);
        else json.Skip();
    }

    private void ReadIncomplete(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject) { json.Skip(); return; }
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("reason"u8)) _incomplete = Text(ref json);
            else Skip(ref json);
        }
    }

    private static bool IsSet(ref Utf8JsonReader json)
    {
        json.Read();
        var isSet = json.TokenType != JsonTokenType.Null;
        json.Skip();
        return isSet;
    }

    private static string? Text(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String) return json.GetString();
        json.Skip();
        return null;
    }

    private static void Skip(ref Utf8JsonReader json)
    {
        json.Read();
        json.Skip();
    }
}
