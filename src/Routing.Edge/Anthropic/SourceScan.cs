using System.Buffers.Text;
using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Json;

namespace Routing.Edge.Anthropic;

/// <summary>Checks the <c>source</c> of an image or a document.</summary>
internal static class SourceScan
{
    private static readonly string[] MediaTypes = ["image/jpeg", "image/png", "image/gif", "image/webp", "application/pdf", "text/plain"];

    public static Capabilities Read(ref Utf8JsonReader json, in At at)
    {
        JsonValue.BeginObject(ref json, at);
        string? type = null, media = null;
        bool hasData = false, isBase64 = false, hasUrl = false, isHttps = false;
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            switch (name)
            {
                case "type":
                    JsonValue.String(ref json, at, name);
                    type = json.GetString();
                    break;
                case "media_type":
                    JsonValue.String(ref json, at, name);
                    media = json.GetString();
                    break;
                case "data":
                    JsonValue.String(ref json, at, name);
                    hasData = json.ValueSpan.Length > 0;
                    isBase64 = json.ValueIsEscaped ? Base64.IsValid(json.GetString()) : Base64.IsValid(json.ValueSpan); // Some clients escape every slash.
                    break;
                case "url":
                    JsonValue.String(ref json, at, name);
                    (hasUrl, isHttps) = (true, json.GetString()!.StartsWith("https://", StringComparison.Ordinal)); // A string has a value.
                    break;
                default: json.Skip(); break;
            }
        }

        switch (type)
        {
            case "base64" or "text":
                if (!MediaTypes.AsSpan().Contains(media)) throw RequestFault.Value(at.Of("media_type"), $"must be one of {string.Join(", ", MediaTypes)}.");
                if (!hasData) throw RequestFault.Missing(at.Of("data"));
                if (hasUrl) throw RequestFault.Unsupported(at.Of("url"), "belongs to a source of type url only.");
                return type == "text" || isBase64 ? Capabilities.None : throw RequestFault.Value(at.Of("data"), "is not valid base64.");

            // Nothing here fetches it, but the provider will: no caller may make somebody's server read files or plain-http neighbours.
            case "url":
                if (!hasUrl) throw RequestFault.Missing(at.Of("url"));
                return isHttps ? Capabilities.ImageUrls : throw RequestFault.Value(at.Of("url"), "must begin with https://.");
            case null: throw RequestFault.Missing(at.Of("type"));
            default: return Capabilities.SameWireFields;
        }
    }
}
