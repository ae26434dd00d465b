using System.Text.Json;

namespace Routing.Core.Providers.OpenAI;

/// <summary>What routing reads of one event of a response's stream; the rest is forwarded unread.</summary>
internal struct ResponsesEvent
{
    public bool IsTerminal;
    public bool IsFailure;

    /// <summary>A delta of any kind, or a finished item, which is the first that is seen of a call without arguments.</summary>
    public bool HasContent;
    public ResponseObject Response;

    /// <summary>False when the bytes are not a JSON object.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out ResponsesEvent read)
    {
        read = default;
        try
        {
            var json = new Utf8JsonReader(data);
            return read.Read(ref json);
        }
        catch (Exception e) when (WireJson.IsUnreadable(e))
        {
            return false;
        }
    }

    private bool Read(ref Utf8JsonReader json)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return false;
        var hasType = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var (isType, isResponse, isError) = (json.ValueTextEquals("type"u8), json.ValueTextEquals("response"u8), json.ValueTextEquals("error"u8));
            json.Read();
            if (isType && json.TokenType == JsonTokenType.String)
            {
                Classify(json);
                hasType = true;
            }
            else if (isResponse && json.TokenType == JsonTokenType.StartObject) Response = ResponseObject.Read(ref json);
            else
            {
                IsFailure |= isError && json.TokenType == JsonTokenType.StartObject;
                json.Skip();
            }
        }

        IsFailure |= Response.Status == "failed";
        return hasType || IsFailure;
    }

    private void Classify(in Utf8JsonReader json)
    {
        if (json.ValueTextEquals("response.completed"u8) || json.ValueTextEquals("response.incomplete"u8)) IsTerminal = true;
        else if (json.ValueTextEquals("response.failed"u8) || json.ValueTextEquals("error"u8)) IsFailure = true;
        else HasContent = json.ValueSpan.EndsWith(".delta"u8) || json.ValueTextEquals("response.output_item.done"u8);
    }
}
