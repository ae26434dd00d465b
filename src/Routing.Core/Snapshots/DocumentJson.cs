using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Routing.Core.Snapshots;

/// <summary>
/// The one reader of documents, on both sides. By reflection: the source-generated reader sets every init-only property, those absent from
/// the document to zero, and so loses the defaults the records declare; a stored revision or an envelope of an older version would change its meaning.
/// </summary>
[UnconditionalSuppressMessage("Trimming", "IL2026", Justification = WhyReflection)]
[UnconditionalSuppressMessage("AOT", "IL3050", Justification = WhyReflection)]
public static class DocumentJson
{
    private const string WhyReflection = "Documents are read when they change, and neither process is trimmed or compiled ahead of time; the request path reads none.";

    private static readonly JsonSerializerOptions Options = new(SnapshotJson.Default.Options) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    /// <exception cref="JsonException">Not JSON, or a value does not fit its field.</exception>
    public static T? Read<T>(ReadOnlySpan<byte> json) where T : class => JsonSerializer.Deserialize<T>(json, Options);

    /// <exception cref="JsonException">A value does not fit its field.</exception>
    public static T? Read<T>(JsonDocument document) where T : class => document.Deserialize<T>(Options);
}
