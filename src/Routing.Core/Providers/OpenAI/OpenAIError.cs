using System.Text.Json;

namespace Routing.Core.Providers.OpenAI;

/// <summary>The fields of an error body of OpenAI's shape that classification needs.</summary>
internal readonly record struct OpenAIError(string Code, string Type, string Message, string? Param)
{
    /// <summary>False when the body is not an OpenAI error (a proxy's page, nothing at all).</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out OpenAIError error)
    {
        error = new OpenAIError("", "", "", null);
        try
        {
            using var document = JsonDocument.Parse(body.ToArray());
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0) root = root[0];
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("error", out var e)) return false;
            if (e.ValueKind == JsonValueKind.String)
            {
                error = new OpenAIError("", "", e.GetString() ?? "", null);
                return true;
            }

            if (e.ValueKind != JsonValueKind.Object) return false;
            error = new OpenAIError(Text(e, "code"), Text(e, "type"), Text(e, "message"), Text(e, "param") is { Length: > 0 } p ? p : null);
            return true;
        }
        catch (Exception unread) when (WireJson.IsUnreadable(unread))
        {
            return false;
        }
    }

    private static string Text(JsonElement element, string name) => !element.TryGetProperty(name, out var value) ? "" : value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() ?? "",
        JsonValueKind.Number => value.GetRawText(),
        _ => "",
    };
}
