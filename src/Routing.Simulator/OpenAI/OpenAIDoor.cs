using Routing.Simulator.Calls;
using Routing.Simulator.Tokens;

namespace Routing.Simulator.OpenAI;

/// <summary>Who calls, through which door; a refusal when nobody known does.</summary>
/// <param name="Deployment">Azure's deployment path names the model; null = the body does.</param>
internal sealed record OpenAICaller(IWire Wire, string Region, string? Deployment, string? Principal, ErrorReply? Refusal);

/// <summary>Authentication of OpenAI and of Azure OpenAI, by deployment path and by the v1 path.</summary>
internal sealed class OpenAIDoor(SimulatorOptions options, IssuedCredentials issued)
{
    private const string DefaultRegion = "default";
    private static readonly OpenAIWire OpenAI = new();
    private static readonly AzureWire Azure = new();

    private readonly Dictionary<string, string> _openAIKeys = options.OpenAI.Keys.ToDictionary(k => k, KeyFingerprint.Of, StringComparer.Ordinal);
    private readonly Dictionary<string, string> _azureTokens = options.Azure.Tokens.ToDictionary(t => t, KeyFingerprint.Of, StringComparer.Ordinal);
    private readonly Dictionary<string, (string Principal, string Region)> _azureKeys =
        options.Azure.Keys.ToDictionary(k => k.Key, k => (KeyFingerprint.Of(k.Key), k.Region), StringComparer.Ordinal);

    public OpenAICaller OfOpenAI(HttpRequest request)
    {
        var key = KeyFingerprint.Bearer(request);
        var principal = key is null ? null : _openAIKeys.GetValueOrDefault(key);
        return new(OpenAI, DefaultRegion, null, principal, principal is null ? OpenAIWire.InvalidKey() : null);
    }

    public OpenAICaller OfAzure(HttpRequest request, string? deployment)
    {
        var (principal, region) = AzureCaller(request, keyMayBeBearer: deployment is null);
        var refusal = principal is null ? AzureWire.Unauthenticated() : null;

        // By the deployment path, Azure knows no resource without an api-version.
        if (refusal is null && deployment is not null && !request.Query.ContainsKey("api-version")) refusal = AzureWire.Of(404, "404", "Resource not found");
        return new(Azure, region, deployment, principal, refusal);
    }

    // The v1 path takes the resource key as a bearer too: that is how the plain OpenAI client is pointed at Azure.
    private (string? Principal, string Region) AzureCaller(HttpRequest request, bool keyMayBeBearer)
    {
        if (request.Headers["api-key"].ToString() is { Length: > 0 } key) return ByAzureKey(key);
        if (KeyFingerprint.Bearer(request) is not { } token) return (null, DefaultRegion);
        if (_azureTokens.TryGetValue(token, out var principal)) return (principal, DefaultRegion);
        if (issued.HolderOf(token, TokenUse.Azure) is { } holder) return holder;
        return keyMayBeBearer ? ByAzureKey(token) : (null, DefaultRegion);
    }

    private (string? Principal, string Region) ByAzureKey(string key) => _azureKeys.TryGetValue(key, out var known) ? known : (null, DefaultRegion);
}
