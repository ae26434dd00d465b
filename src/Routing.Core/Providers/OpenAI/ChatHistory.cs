using System.Text.Json;

namespace Routing.Core.Providers.OpenAI;

/// <summary>
/// Finds what in a caller's own <c>messages</c> its host must see otherwise: the role of instructions, ids of tool calls, and what the host
/// did not make or does not know.
/// </summary>
internal readonly struct ChatHistory(WireQuirks quirks, BodyEdits edits)
{
    /// <summary>Takes the reader from the array's beginning to its end.</summary>
    public void Read(ref Utf8JsonReader json)
    {
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType == JsonTokenType.StartObject) Message(ref json);
            else json.Skip();
        }
    }

    /// <summary>Takes the reader over a member that holds parts or tools, whose marks of cached prompts are left out.</summary>
    public void Unmarked(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray) { json.Skip(); return; }
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject) { json.Skip(); continue; }
            var members = new ListCuts(edits);
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                members.Begin((int)json.TokenStartIndex, keep: !json.ValueTextEquals("cache_control"u8));
                Pass(ref json);
                members.End((int)json.BytesConsumed);
            }

            members.Close();
        }
    }

    // By either name; what is no text is not ours to judge.
    private static bool IsReasoning(Utf8JsonReader json)
    {
        if (!json.ValueTextEquals("reasoning_content"u8) && !json.ValueTextEquals("reasoning"u8)) return false;
        json.Read();
        return json.TokenType == JsonTokenType.String;
    }

    private void Message(ref Utf8JsonReader json)
    {
        var members = new ListCuts(edits);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            members.Begin((int)json.TokenStartIndex, keep: !json.ValueTextEquals("parsed"u8) && !json.ValueTextEquals("thinking_blocks"u8) && !(quirks.IsStrict && IsReasoning(json)));
            if (json.ValueTextEquals("role"u8)) Role(ref json);
            else if (json.ValueTextEquals("tool_call_id"u8)) Id(ref json);
            else if (json.ValueTextEquals("tool_calls"u8)) Calls(ref json);
            else if (json.ValueTextEquals("content"u8) && quirks.IsStrict) Unmarked(ref json);
            else Pass(ref json);
            members.End((int)json.BytesConsumed);
        }

        members.Close();
    }

    private void Role(ref Utf8JsonReader json)
    {
        json.Read();
        if (quirks.SystemRole != InstructionRole.AsSent && json.TokenType == JsonTokenType.String && (json.ValueTextEquals("system"u8) || json.ValueTextEquals("developer"u8)))
        {
            Replace(ref json, quirks.SystemRole == InstructionRole.System ? "system" : "developer");
        }

        json.Skip();
    }

    private void Calls(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray) { json.Skip(); return; }
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject) { json.Skip(); continue; }
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (json.ValueTextEquals("id"u8)) Id(ref json);
                else if (json.ValueTextEquals("function"u8)) Function(ref json);
                else Pass(ref json);
            }
        }
    }

    private void Function(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject) { json.Skip(); return; }
        var members = new ListCuts(edits);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            members.Begin((int)json.TokenStartIndex, keep: !json.ValueTextEquals("parsed_arguments"u8));
            Pass(ref json);
            members.End((int)json.BytesConsumed);
        }

        members.Close();
    }

    private void Id(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.String) { json.Skip(); return; }
        var id = json.GetString()!; // A string has a value.
        var fitting = CallIds.Fit(id, quirks.CallIds);
        if (!ReferenceEquals(id, fitting)) Replace(ref json, fitting);
    }

    private void Replace(ref Utf8JsonReader json, string text) =>
        edits.Replace((int)json.TokenStartIndex, (int)json.BytesConsumed, (byte[])[.. "\""u8, .. JsonEncodedText.Encode(text).EncodedUtf8Bytes, .. "\""u8]);

    private static void Pass(ref Utf8JsonReader json)
    {
        json.Read();
        json.Skip();
    }
}
