using Routing.Simulator.Answers;
using Routing.Simulator.Calls;

namespace Routing.Simulator.OpenAI;

/// <summary>Chat completions of OpenAI and of Azure OpenAI, by deployment path and by the v1 path.</summary>
internal sealed class ChatEndpoints(SimulatorOptions options, CallRunner runner, SimulatorIds ids, TimeProvider time)
{
    private const string DefaultRegion = "default";
    private static readonly ChatAsk NothingAsked = new() { LastUserText = "", InputTokens = 0 };
    private static readonly OpenAIWire OpenAI = new();
    private static readonly AzureWire Azure = new();

    private readonly Dictionary<string, string> _openAIKeys = options.OpenAI.Keys.ToDictionary(k => k, KeyFingerprint.Of, StringComparer.Ordinal);
    private readonly Dictionary<string, (string Principal, string Region)> _azureKeys = AzureKeys(options.Azure);
    private readonly Dictionary<string, string> _azureTokens = options.Azure.Tokens.ToDictionary(t => t, KeyFingerprint.Of, StringComparer.Ordinal);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/chat/completions", AnswerOpenAIAsync);
        routes.MapGet("/v1/models", ListModels);
        routes.MapPost("/openai/deployments/{deployment}/chat/completions", http => AnswerAzureAsync(http, (string)http.Request.RouteValues["deployment"]!)); // The route does not match without it.
        routes.MapPost("/openai/v1/chat/completions", http => AnswerAzureAsync(http, deployment: null));
    }

    private async Task AnswerOpenAIAsync(HttpContext http)
    {
        var key = KeyFingerprint.Bearer(http.Request);
        var principal = key is null ? null : _openAIKeys.GetValueOrDefault(key);
        await AnswerAsync(http, OpenAI, null, DefaultRegion, principal, principal is null ? OpenAIWire.InvalidKey() : null);
    }

    private async Task AnswerAzureAsync(HttpContext http, string? deployment)
    {
        var (principal, region) = AzureCaller(http.Request, keyMayBeBearer: deployment is null);
        var refusal = principal is null ? AzureWire.Unauthenticated() : null;

        // By the deployment path, Azure knows no resource without an api-version.
        if (refusal is null && deployment is not null && !http.Request.Query.ContainsKey("api-version")) refusal = AzureWire.Of(404, "404", "Resource not found");
        await AnswerAsync(http, Azure, deployment, region, principal, refusal);
    }

    private async Task AnswerAsync(HttpContext http, ChatWire wire, string? deployment, string region, string? principal, ErrorReply? refusal)
    {
        var body = await RequestBody.TryReadAsync(http.Request);
        using var document = body is null ? null : RequestBody.TryParse(body);
        var root = document?.RootElement ?? default;
        var random = ids.NextRandom();
        var call = new SimulatedCall
        {
            Wire = wire, Region = region, Model = deployment ?? root.Text("model") ?? "", Ask = NothingAsked, Streamed = root.IsTrue("stream"),
            RequestId = SimulatorIds.Letters(ref random, "chatcmpl-", 29), At = time.GetUtcNow(), Principal = principal,
            StreamsUsage = !root.IsTrue("stream") || root.Get("stream_options")?.IsTrue("include_usage") == true,
        };
        if (body is null)
        {
            await runner.RefuseTooLargeAsync(http, call);
            return;
        }

        ChatProblem? problem = null;
        var ask = refusal is null && document is not null ? ChatReader.Read(root, out problem) : null;
        if (document is null) problem = new ChatProblem("We could not parse the JSON body of your request.", null);
        if (ask is not null && call.Model.Length == 0) problem = new ChatProblem("you must provide a model parameter", "model");
        if (refusal is null && problem is not null) refusal = Invalid(problem);
        if (refusal is not null) await runner.RefuseAsync(http, call, refusal);
        else await runner.RunAsync(http, call with { Ask = ask! }); // Neither refused nor with a problem: it was read.
    }

    // The v1 path takes the resource key as a bearer too: that is how the plain OpenAI client is pointed at Azure.
    private (string? Principal, string Region) AzureCaller(HttpRequest request, bool keyMayBeBearer)
    {
        if (request.Headers["api-key"].ToString() is { Length: > 0 } key) return ByAzureKey(key);
        if (KeyFingerprint.Bearer(request) is not { } token) return (null, DefaultRegion);
        if (_azureTokens.TryGetValue(token, out var principal)) return (principal, DefaultRegion);
        return keyMayBeBearer ? ByAzureKey(token) : (null, DefaultRegion);
    }

    private (string? Principal, string Region) ByAzureKey(string key) => _azureKeys.TryGetValue(key, out var known) ? known : (null, DefaultRegion);

    private IResult ListModels(HttpRequest request)
    {
        if (KeyFingerprint.Bearer(request) is not { } key || !_openAIKeys.ContainsKey(key))
            return Results.Json(OpenAIWire.InvalidKey().Body, SimulatorJson.Readable, statusCode: 401);
        return Results.Json(new
        {
            @object = "list",
            data = options.OpenAI.Models.Select(id => new { id, @object = "model", created = 1_744_316_542, owned_by = "system" }),
        });
    }

    private static ErrorReply Invalid(ChatProblem problem) => OpenAIWire.Of(400, "invalid_request_error", problem.Code, problem.Message, problem.Param);

    private static Dictionary<string, (string, string)> AzureKeys(AzureCloud cloud) =>
        cloud.Keys.ToDictionary(k => k.Key, k => (KeyFingerprint.Of(k.Key), k.Region), StringComparer.Ordinal);
}
