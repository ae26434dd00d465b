using System.Text.Json;

namespace Routing.Core.Providers.Anthropic;

/// <summary>Finds the thinking blocks that other makers' models left in a conversation: Anthropic's models refuse a signature that is not theirs.</summary>
internal static class ForeignThinking
{
    public static void Cut(ReadOnlySpan<byte> body, BodyEdits edits)
    {
        var json = new Utf8JsonReader(body);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isMessages = json.ValueTextEquals("messages"u8);
            json.Read();
            if (isMessages && json.TokenType == JsonTokenType.StartArray) Messages(ref json, edits);
            else json.Skip();
        }
    }

    // A message may not be empty: one that holds nothing else goes with its blocks.
    private static void Messages(ref Utf8JsonReader json, BodyEdits edits)
    {
        var messages = new ListCuts(edits);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            var keep = !HoldsNothingElse(json);
            messages.Begin((int)json.TokenStartIndex, keep);
            if (keep) Message(ref json, edits);
            else json.Skip();
            messages.End((int)json.BytesConsumed);
        }

        messages.Close();
    }

    private static void Message(ref Utf8JsonReader json, BodyEdits edits)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isContent = json.ValueTextEquals("content"u8);
            json.Read();
            if (isContent && json.TokenType == JsonTokenType.StartArray) Content(ref json, edits);
            else json.Skip();
        }
    }

    private static void Content(ref Utf8JsonReader json, BodyEdits edits)
    {
        var blocks = new ListCuts(edits);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            blocks.Begin((int)json.TokenStartIndex, keep: !IsForeign(json));
            json.Skip();
            blocks.End((int)json.BytesConsumed);
        }

        blocks.Close();
    }

    /// <summary>Looks ahead; the caller's own reader stays where it is.</summary>
    private static bool HoldsNothingElse(Utf8JsonReader json)
    {
        var any = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isContent = json.ValueTextEquals("content"u8);
            json.Read();
            if (!isContent || json.TokenType != JsonTokenType.StartArray) { json.Skip(); continue; }
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                if (!IsForeign(json)) return false;
                any = true;
                json.Skip();
            }
        }

        return any;
    }

    /// <summary>As above.</summary>
    private static bool IsForeign(Utf8JsonReader json)
    {
        bool isThinking = false, mayBeClaudes = true;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var (isType, isSignature) = (json.ValueTextEquals("type"u8), json.ValueTextEquals("signature"u8));
            json.Read();
            if (isType) isThinking = json.TokenType == JsonTokenType.String && json.ValueTextEquals("thinking"u8);
            else if (isSignature) mayBeClaudes = json.TokenType == JsonTokenType.String && ReasoningOrigin.MayBeClaudes(json.ValueSpan);
            json.Skip();
        }

        return isThinking && !mayBeClaudes;
    }
}
