using System.Text.Json;

namespace Routing.Identity;

/// <summary>
/// A Google service-account key file. Other kinds of Google credential files name addresses, files or programs to get a token from,
/// which a document must not decide; they are refused before anything is opened.
/// </summary>
internal sealed record ServiceAccountKey(string Email, string KeyId, string PrivateKey, string TokenUri)
{
    public override string ToString() => $"{Email} ***";

    /// <summary>The key, or what is wrong with the file.</summary>
    public static string? TryRead(string json, out ServiceAccountKey? key)
    {
        key = null;
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return "The service-account key is not a JSON object.";
            var type = Text(root, "type");
            if (type is not "service_account") return $"The key file is of type '{Known(type)}'; only 'service_account' is accepted.";
            key = new ServiceAccountKey(Text(root, "client_email"), Text(root, "private_key_id"), Text(root, "private_key"), Text(root, "token_uri"));
            if (key.Email.Length == 0) return "The service-account key has no client_email.";
            return key.PrivateKey.Contains("PRIVATE KEY-----", StringComparison.Ordinal) ? null : "The service-account key has no private_key in PEM form.";
        }
        catch (JsonException)
        {
            return "The service-account key is not valid JSON.";
        }
    }

    private static string Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() ?? "" : "";

    // Repeats only words that Google's files use: anything else might be a piece of a secret in the wrong field.
    private static string Known(string type) => type is "authorized_user" or "external_account" or "impersonated_service_account"
        or "external_account_authorized_user" or "gdch_service_account" ? type : "(unknown)";
}
