using System.ClientModel.Primitives;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Routing.Core.Usage;
using Routing.Simulator;
using Routing.Simulator.Log;

namespace Clients.Tests;

/// <summary>One edge, run from a file, in front of one simulator; all suites share them and run one after the other.</summary>
public sealed class EdgeAndClouds : IAsyncLifetime
{
    public const string CallerKey = "rk_test_0123456789012345678901234567890123456789012";
    internal const string AwsKeyId = "AKIATESTS";
    internal const string AwsSecret = "a-secret-access-key";
    internal const string AzureKey = "azure-key";
    internal const string OpenAIKey = "openai-key";
    internal const string AnthropicKey = "anthropic-key";
    private const string ServiceAccount = "edge@my-project.iam.gserviceaccount.com";
    private static readonly RSA GoogleKey = RSA.Create(2048);

    private RunningEdge? _running;

    internal static string ServiceAccountJson => JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["type"] = "service_account", ["project_id"] = "my-project", ["private_key_id"] = "tests", ["private_key"] = GoogleKey.ExportPkcs8PrivateKeyPem(),
        ["client_email"] = ServiceAccount, ["client_id"] = "1", ["token_uri"] = "https://oauth2.googleapis.com/token",
    });

    public SimulatorHost Clouds => Running.Clouds;
    public Uri Edge => Running.Address;
    private RunningEdge Running => _running ?? throw new InvalidOperationException("The edge is not running.");

    /// <summary>For what no client would send.</summary>
    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false });

    /// <summary>For the clients: remembers which request each answer was for.</summary>
    internal HttpClient ClientHttp { get; } = new(new RequestIds());
    internal HttpClientPipelineTransport Transport => new(ClientHttp);

    public async Task InitializeAsync()
    {
        _running = await RunningEdge.StartAsync(Simulator(), (clouds, secret) => RoutingFile.Write(clouds, CallerKey, secret), TimeProvider.System);
        Http.BaseAddress = Edge;
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", CallerKey);
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        ClientHttp.Dispose();
        if (_running is not null) await _running.DisposeAsync();
    }

    /// <summary>Calls the clouds have got since <paramref name="seq"/>.</summary>
    internal IReadOnlyList<CallRecord> CallsAfter(long seq) => Clouds.Log.After(seq);

    /// <summary>The ledger's row of a request, which is shipped within a second.</summary>
    internal async Task<UsageEvent> LedgerAsync(Guid id)
    {
        for (var waited = 0; waited < 400; waited++)
        {
            if (Running.FindInLedger(id) is { } row) return row;
            await Task.Delay(25);
        }

        throw new InvalidOperationException($"The ledger has no row of {id}.");
    }

    internal static SimulatorOptions Simulator() => new()
    {
        Listen = "http://127.0.0.1:0", Speed = 0,
        Aws = new AwsCloud { Keys = [new AwsKey { Id = AwsKeyId, Secret = AwsSecret }], Regions = ["us-east-1"] },
        Google = new GoogleCloud { ServiceAccounts = [new GoogleServiceAccount { Email = ServiceAccount, PublicKeyPem = GoogleKey.ExportSubjectPublicKeyInfoPem() }] },
        Azure = new AzureCloud { Keys = [new AzureKey { Key = AzureKey, Region = "eastus2" }] },
        OpenAI = new OpenAICloud { Keys = [OpenAIKey] },
        Anthropic = new AnthropicCloud { Keys = [AnthropicKey] },
        Models =
        [
            new ModelBehaviour { CachedShare = 0.25, ThoughtTokens = 5 }, new ModelBehaviour { Key = "openai/*/open-reasoner", CachedShare = 0.25, ThoughtTokens = 0, TellsReasoning = true },
            .. Provider.Spoken.Select(p => new ModelBehaviour { Key = p.Key, AnswersAs = "speaker", AnswerTokens = 120 }),
        ],
    };
}

/// <summary>The suites run one after the other, so the last is the one a test has just made.</summary>
internal sealed class RequestIds() : DelegatingHandler(new SocketsHttpHandler { UseProxy = false, ResponseDrainTimeout = TimeSpan.Zero })
{
    public static Guid Last { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.Headers.TryGetValues("x-route-request-id", out var id)) Last = Guid.Parse(id.Single());
        return response;
    }
}

[CollectionDefinition(Name)]
public sealed class OneEdge : ICollectionFixture<EdgeAndClouds>
{
    public const string Name = "one edge in front of the simulated clouds";
}
