using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Routing.Simulator;

namespace AllInOne.Sample;

/// <summary>
/// Credentials of the sample set-up: random, made on first run, kept beside the database with access for the owner only.
/// The simulated clouds accept them and nothing else does.
/// </summary>
internal sealed record SampleCredentials
{
    private const string ServiceAccount = "edge@sample-project.iam.gserviceaccount.com";
    private const int KeyBits = 2048;

    public required string AwsKeyId { get; init; }
    public required string AwsSecret { get; init; }
    public required string AzureKey { get; init; }

    /// <summary>Empty where the sample was made before it had Anthropic's account.</summary>
    public string AnthropicKey { get; init; } = "";
    public required string GooglePrivateKeyPem { get; init; }

    /// <summary>Key of the sample caller, shown in the ready-to-paste curl.</summary>
    public required string CallerKey { get; init; }
    public required string SimulatorAdminKey { get; init; }

    public static async Task<SampleCredentials> LoadOrCreateAsync(string folder, CancellationToken cancellationToken)
    {
        var file = Path.Combine(folder, "sample-credentials.json");
        if (File.Exists(file))
        {
            await using var stream = File.OpenRead(file);
            return await JsonSerializer.DeserializeAsync(stream, SampleJson.Default.SampleCredentials, cancellationToken)
                ?? throw new InvalidDataException($"{file} is empty; delete it together with the database to start over.");
        }

        Directory.CreateDirectory(folder);
        var created = Create();
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var target = new FileStream(file, options);
        await JsonSerializer.SerializeAsync(target, created, SampleJson.Default.SampleCredentials, cancellationToken);
        return created;
    }

    /// <summary>The fields of each account's secret, by account id.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Secrets() => new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal)
    {
        ["bedrock-main"] = Fields(("accessKeyId", AwsKeyId), ("secretAccessKey", AwsSecret)),
        ["vertex-main"] = Fields(("json", ServiceAccountJson())),
        ["azure-main"] = Fields(("key", AzureKey)),
        ["anthropic-main"] = Fields(("key", AnthropicKey)),
    };

    public void AcceptIn(SimulatorOptions options)
    {
        using var google = RSA.Create();
        google.ImportFromPem(GooglePrivateKeyPem);
        options.AdminKey = SimulatorAdminKey;
        options.Aws.Keys.Add(new AwsKey { Id = AwsKeyId, Secret = AwsSecret });
        options.Azure.Keys.Add(new AzureKey { Key = AzureKey, Region = "eastus2" });
        if (AnthropicKey.Length > 0) options.Anthropic.Keys.Add(AnthropicKey);
        options.Google.ServiceAccounts.Add(new GoogleServiceAccount { Email = ServiceAccount, PublicKeyPem = google.ExportSubjectPublicKeyInfoPem() });
    }

    private static SampleCredentials Create()
    {
        using var google = RSA.Create(KeyBits);
        return new SampleCredentials
        {
            AwsKeyId = "AKIA" + RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16),
            AwsSecret = Random(40),
            AzureKey = Random(32),
            AnthropicKey = "sk-ant-" + Random(40),
            GooglePrivateKeyPem = google.ExportPkcs8PrivateKeyPem(),
            CallerKey = "cpk_" + Random(43),
            SimulatorAdminKey = Random(32),
        };
    }

    private static string Random(int length) =>
        RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", length);

    private string ServiceAccountJson() => JsonSerializer.Serialize(Fields(
        ("type", "service_account"), ("project_id", "sample-project"), ("private_key_id", "sample"), ("private_key", GooglePrivateKeyPem),
        ("client_email", ServiceAccount), ("client_id", "100000000000000000001"), ("token_uri", "https://oauth2.googleapis.com/token")), SampleJson.Default.DictionaryStringString);

    private static Dictionary<string, string> Fields(params (string Name, string Value)[] fields) =>
        fields.ToDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal);
}

[JsonSerializable(typeof(SampleCredentials))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class SampleJson : JsonSerializerContext;
