using System.Collections.Immutable;
using System.Text.Json;
using ControlPlane.Web.ProviderAccounts;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Secrets;

/// <summary>What a credential must look like before it is stored. Messages never repeat a value.</summary>
internal static class SecretRules
{
    private const int LongestValue = 16_384;

    public static ImmutableArray<SnapshotProblem> Check(CredentialKind kind, IReadOnlyDictionary<string, string> values, string path)
    {
        ImmutableArray<CredentialField> fields = CredentialFields.Of(kind);
        var problems = ImmutableArray.CreateBuilder<SnapshotProblem>();
        if (fields.IsEmpty) problems.Add(new(path, "no_credential", "This account takes no credential. Choose another credential kind first."));
        foreach (string name in values.Keys.Where(name => fields.All(f => f.Name != name)))
            problems.Add(new($"{path}.{name}", "unknown_field", $"This kind of credential has no field {name}."));
        foreach (CredentialField field in fields)
        {
            string value = values.GetValueOrDefault(field.Name, "");
            if (Problem(field, value) is { } sentence) problems.Add(new($"{path}.{field.Name}", "secret_value", sentence));
        }
        return problems.ToImmutable();
    }

    private static string? Problem(CredentialField field, string value)
    {
        if (value.Length == 0) return field.Required ? $"{field.Label} is missing." : null;
        if (value.Length > LongestValue) return $"{field.Label} has {value.Length:N0} characters; at most {LongestValue:N0}.";
        if (field.Multiline) return ServiceAccountProblem(value);
        if (value.Any(c => c is < '!' or > '~')) return $"{field.Label} holds a space, a line break or another character no key has. Paste it without them.";
        return null;
    }

    // Only this type: other types of Google's credential files name addresses, files and programs of the file's choosing.
    private static string? ServiceAccountProblem(string json)
    {
        try
        {
            using JsonDocument file = JsonDocument.Parse(json);
            bool ok = file.RootElement.ValueKind == JsonValueKind.Object && file.RootElement.TryGetProperty("type", out JsonElement type)
                && type.ValueKind == JsonValueKind.String && type.ValueEquals("service_account");
            return ok ? null : "The key file must be a JSON object with type service_account.";
        }
        catch (JsonException)
        {
            return "The key file is not JSON. Paste the whole file as Google gave it.";
        }
    }
}
