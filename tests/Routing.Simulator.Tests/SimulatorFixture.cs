using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Routing.Simulator.Bedrock;
using Routing.Simulator.Log;

namespace Routing.Simulator.Tests;

/// <summary>Stand-in clouds on a free port, without delays, with one credential each.</summary>
public sealed class SimulatorFixture : IAsyncLifetime
{
    public const string KeyId = "AKIATESTS";
    public const string Secret = "a-secret-access-key";
    public const string Region = "us-east-1";
    public const string GoogleToken = "static-google-token";
    public const string AzureKey = "azure-key";
    public const string OpenAIKey = "sk-openai-key";
    public const string AnthropicKey = "sk-ant-key";
    public const string Account = "edge@simulated-project.iam.gserviceaccount.com";

    private SimulatorHost? _host;

    public RSA AccountKey { get; } = RSA.Create(2048);
    public SimulatorHost Host => _host ?? throw new InvalidOperationException("The simulator is not running.");
    // A call that is given up is closed at once instead of being drained for two seconds, and a body that waits to be asked for does not
    // lose patience after one second, which a busy machine takes.
    public HttpClient Http { get; } = new(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero, Expect100ContinueTimeout = TimeSpan.FromMinutes(1) });

    public async Task InitializeAsync()
    {
        _host = await SimulatorHost.StartAsync(Options(), TimeProvider.System, CancellationToken.None);
        Http.BaseAddress = _host.Address;
    }

    public SimulatorOptions Options() => new()
    {
        Listen = "http://127.0.0.1:0", Speed = 0,
        Aws = new AwsCloud { Keys = [new AwsKey { Id = KeyId, Secret = Secret }], Regions = [Region, "us-west-2"] },
        Google = new GoogleCloud { Tokens = [GoogleToken], ServiceAccounts = [new GoogleServiceAccount { Email = Account, PublicKeyPem = AccountKey.ExportSubjectPublicKeyInfoPem() }] },
        Azure = new AzureCloud { Keys = [new AzureKey { Key = AzureKey, Region = "eastus2" }], Tokens = ["entra-token"] },
        OpenAI = new OpenAICloud { Keys = [OpenAIKey], Models = ["gpt-4.1", "gpt-4.1-mini"] },
        Anthropic = new AnthropicCloud { Keys = [AnthropicKey], Tokens = ["anthropic-token"], Models = ["claude-sonnet-4-5"] },
        Models =
        [
            new ModelBehaviour { Key = "*/*/small-context", ContextTokens = 5 },
            new ModelBehaviour { Key = "*/*/cached", CachedShare = 0.5 },
            new ModelBehaviour { Key = "*/*/thinking", ThoughtTokens = 7 },
            new ModelBehaviour { Key = "*/*/like-another", AnswersAs = "another" },
            new ModelBehaviour { Key = "*/*/like-another-too", AnswersAs = "another" },
            new ModelBehaviour { Key = "openai/*/telling", ThoughtTokens = 7, TellsReasoning = true },
        ],
    };

    public async Task DisposeAsync()
    {
        Http.Dispose();
        AccountKey.Dispose();
        if (_host is not null) await _host.DisposeAsync();
    }

    /// <summary>The call that carried the id, once it is over.</summary>
    public CallRecord Logged(string requestId) => Host.Log.After(0, CallLog.Capacity).Single(c => c.RequestId == requestId);

    public static HttpRequestMessage Converse(string model, string body, bool stream = false, Action<BedrockSigning>? change = null) =>
        Bedrock(model, body, stream ? "converse-stream" : "converse", change);

    public static HttpRequestMessage Bedrock(string model, string body, string operation, Action<BedrockSigning>? change = null)
    {
        var signing = new BedrockSigning { Path = $"/model/{Uri.EscapeDataString(model)}/{operation}", Body = body };
        change?.Invoke(signing);
        return signing.Sign();
    }

    public static HttpRequestMessage Gemini(string model, string body, string verb = "generateContent", string query = "") =>
        Bearer($"/v1/projects/p/locations/us-east5/publishers/google/models/{model}:{verb}{query}", body, GoogleToken);

    public static HttpRequestMessage Azure(string deployment, string body)
    {
        var request = Post($"/openai/deployments/{deployment}/chat/completions?api-version=2024-10-21", body);
        request.Headers.Add("api-key", AzureKey);
        return request;
    }

    public static HttpRequestMessage OpenAI(string body, string path = "/v1/chat/completions") => Bearer(path, body, OpenAIKey);

    public static HttpRequestMessage Anthropic(string body, string path = "/v1/messages", string? version = "2023-06-01")
    {
        var request = Post(path, body);
        request.Headers.Add("x-api-key", AnthropicKey);
        if (version is not null) request.Headers.Add("anthropic-version", version);
        return request;
    }

    public static HttpRequestMessage Claude(string model, string body, string verb = "rawPredict") =>
        Bearer($"/v1/projects/p/locations/us-east5/publishers/anthropic/models/{model}:{verb}", body, GoogleToken);

    public static HttpRequestMessage Bearer(string path, string body, string token)
    {
        var request = Post(path, body);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    private static HttpRequestMessage Post(string path, string body) =>
        new(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
}

/// <summary>Signs a Bedrock request; each part can be made wrong.</summary>
public sealed class BedrockSigning
{
    public required string Path { get; init; }
    public required string Body { get; set; }
    public string Region { get; set; } = SimulatorFixture.Region;
    public string Service { get; set; } = "bedrock";
    public string KeyId { get; set; } = SimulatorFixture.KeyId;
    public string Secret { get; set; } = SimulatorFixture.Secret;
    public string[] SignedHeaders { get; set; } = ["host", "x-amz-date"];
    public DateTimeOffset At { get; set; } = TimeProvider.System.GetUtcNow();

    /// <summary>Sent instead of <see cref="Body"/>, when a body is to be tampered with after signing.</summary>
    public string? SentBody { get; set; }

    public HttpRequestMessage Sign()
    {
        var timestamp = At.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        var by = new SigV4Authorization(KeyId, timestamp[..8], Region, Service, SignedHeaders, "");
        var signed = new SignedRequest("POST", Path, "", name => name.Equals("host", StringComparison.OrdinalIgnoreCase) ? "simulated.test" : timestamp);
        var signature = new SigV4Signature().Compute(by, Secret, timestamp, signed, Encoding.UTF8.GetBytes(Body));

        var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent(SentBody ?? Body, Encoding.UTF8, "application/json") };
        request.Headers.Host = "simulated.test";
        request.Headers.Add("x-amz-date", timestamp);
        request.Headers.Authorization = new AuthenticationHeaderValue(
            SigV4Authorization.Algorithm, $"Credential={KeyId}/{by.Scope}, SignedHeaders={string.Join(';', SignedHeaders)}, Signature={signature}");
        return request;
    }
}
