namespace Routing.Core.Providers.Bedrock;

/// <summary>Converse's words for media types; null for one it has none for.</summary>
internal static class ConverseFormats
{
    public static string? Image(string mediaType) => mediaType switch
    {
        "image/png" => "png",
        "image/jpeg" or "image/jpg" => "jpeg",
        "image/gif" => "gif",
        "image/webp" => "webp",
        _ => null,
    };

    public static string? Document(string mediaType) => mediaType switch
    {
        "application/pdf" => "pdf",
        "text/plain" => "txt",
        "text/csv" => "csv",
        "text/html" => "html",
        "text/markdown" => "md",
        _ => null,
    };
}
