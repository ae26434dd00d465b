using System.Text.Json;

namespace Routing.Core.Providers.OpenAI;

/// <summary>The fields of an error body of OpenAI's shape that classification needs.</summary>
/// <param name="Filters">Azure's content filters that blocked it, separated by commas; empty where none is named.</param>
internal readonly record struct OpenAIError(string Code, string Type, string Message, string? Param, string Filters = "")
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
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("response", out var failed)) root = failed;
            if (root.ValueKind != JsonValueKind.Object) return false;
            if (!root.TryGetProperty("error", out var e))
            {
                if (Text(root, "type") != "error") return false;
                e = root; // An error event of a response's stream has its fields at the top.
            }

            if (e.ValueKind == JsonValueKind.String)
            {
                error = new OpenAIError("", "", e.GetString() ?? "", null);
                return true;
            }

            if (e.ValueKind != JsonValueKind.Object) return false;
            error = Read(e);
            return true;
        }
        catch (Exception unread) when (WireJson.IsUnreadable(unread))
        {
            return false;
        }
    }

    private static OpenAIError Read(JsonElement e)
    {
        var (code, type, param) = (Text(e, "code"), Text(e, "type"), Text(e, "param"));
        var inner = e.TryGetProperty("innererror", out var found) && found.ValueKind == JsonValueKind.Object ? found : default;
        if (inner.ValueKind == JsonValueKind.Object && code.Length == 0) code = Text(inner, "code");
        return new OpenAIError(code, type, Text(e, "message"), param.Length > 0 ? param : null, FilteredBy(inner));
    }

    // {"hate":{"filtered":true,"severity":"high"},"jailbreak":{"filtered":false,"detected":true},…}: names of Azure's, never of the prompt.
    private static string FilteredBy(JsonElement inner)
    {
        if (inner.ValueKind != JsonValueKind.Object || !inner.TryGetProperty("content_filter_result", out var results) || results.ValueKind != JsonValueKind.Object) return "";
        var names = results.EnumerateObject().Where(r => r.Value.ValueKind == JsonValueKind.Object && r.Value.TryGetProperty("filtered", out var filtered) && filtered.ValueKind == JsonValueKind.True);
        return string.Join(", ", names.Select(r => r.Name));
    }

    private static string Text(JsonElement element, string name) => !element.TryGetProperty(name, out var value) ? "" : value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() ?? "",
        JsonValueKind.Number => value.GetRawText(),
        _ => "",
    };
}
