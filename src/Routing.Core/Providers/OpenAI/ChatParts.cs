using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.OpenAI;

/// <summary>Pieces of a message as chat completions' content.</summary>
internal static class ChatParts
{
    /// <summary>A single text as a string, which every host takes; else an array of parts.</summary>
    public static void WriteContent(ReadOnlySpan<ContentPart> parts, Utf8JsonWriter json)
    {
        if (parts is [] or [TextPart])
        {
            json.WriteString("content"u8, parts is [TextPart only] ? only.Text : "");
            return;
        }

        json.WriteStartArray("content"u8);
        foreach (var part in parts) Write(part, json);
        json.WriteEndArray();
    }

    private static void Write(ContentPart part, Utf8JsonWriter json)
    {
        switch (part)
        {
            case TextPart text: Text(text.Text, json); break;
            case ImagePart image: Image(image, json); break;
            case DocumentPart { IsText: true } document: Text(document.ReadText(), json); break; // Files are PDF here.
            case DocumentPart document: Document(document, json); break;
        }
    }

    private static void Text(string text, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "text"u8);
        json.WriteString("text"u8, text);
        json.WriteEndObject();
    }

    private static void Image(ImagePart image, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "image_url"u8);
        json.WriteStartObject("image_url"u8);
        json.WriteString("url"u8, image.Url ?? DataUrl(image.MediaType, image.Base64));
        if (image.Detail is { } detail) json.WriteString("detail"u8, detail);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Document(DocumentPart document, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "file"u8);
        json.WriteStartObject("file"u8);
        json.WriteString("filename"u8, document.Name.Length > 0 ? document.Name : "document.pdf");
        json.WriteString("file_data"u8, DataUrl(document.MediaType, document.Base64));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string DataUrl(string mediaType, string base64) => $"data:{mediaType};base64,{base64}";
}
