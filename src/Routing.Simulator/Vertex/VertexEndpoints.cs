using Routing.Simulator.Answers;
using Routing.Simulator.Calls;

namespace Routing.Simulator.Vertex;

/// <summary>Gemini on Vertex, and the token endpoint its clients trade their assertions at.</summary>
internal sealed class VertexEndpoints(SimulatorOptions options, CallRunner runner, SimulatorIds ids, TimeProvider time)
{
    private static readonly ChatAsk NothingAsked = new() { LastUserText = "", InputTokens = 0 };
    private readonly VertexWire _wire = new();
    private readonly GoogleTokens _tokens = new(options.Google, ids, time);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/projects/{project}/locations/{location}/publishers/google/models/{modelAndVerb}", AnswerAsync);
        routes.MapPost("/v1beta1/projects/{project}/locations/{location}/publishers/google/models/{modelAndVerb}", AnswerAsync);
        routes.MapPost("/token", (Delegate)TokenAsync);
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var modelAndVerb = (string)http.Request.RouteValues["modelAndVerb"]!; // The route does not match without it.
        var cut = modelAndVerb.LastIndexOf(':');
        var verb = modelAndVerb[(cut + 1)..];
        var random = ids.NextRandom();
        var call = new SimulatedCall
        {
            Wire = _wire, Region = (string)http.Request.RouteValues["location"]!, // As above.
            Model = cut < 0 ? modelAndVerb : modelAndVerb[..cut], Ask = NothingAsked, Streamed = verb == "streamGenerateContent",
            AsJsonArray = http.Request.Query["alt"] != "sse", RequestId = SimulatorIds.Letters(ref random, "", 22), At = time.GetUtcNow(),
            TrafficType = AskedTraffic(http.Request),
        };

        if (await RequestBody.TryReadAsync(http.Request) is not { } body)
        {
            await runner.RefuseTooLargeAsync(http, call);
            return;
        }

        var refusal = Check(http.Request, verb, out var principal);
        call = call with { Principal = principal };
        if (refusal is not null)
        {
            await runner.RefuseAsync(http, call, VertexErrors.For(call, refusal));
            return;
        }

        using var document = RequestBody.TryParse(body);
        var (problem, showsThoughts) = ("Invalid JSON payload received. Unexpected token.", false);
        var ask = document is null ? null : GeminiReader.Read(document.RootElement, out problem, out showsThoughts);
        if (ask is null) await runner.RefuseAsync(http, call, VertexErrors.For(call, VertexErrors.Of(400, "INVALID_ARGUMENT", problem)));
        else await runner.RunAsync(http, call with { Ask = ask, ShowsThoughts = showsThoughts });
    }

    private static string? AskedTraffic(HttpRequest request)
    {
        if (request.Headers["x-vertex-ai-llm-request-type"] == "dedicated") return "PROVISIONED_THROUGHPUT";
        return request.Headers["x-vertex-ai-llm-shared-request-type"] == "priority" ? "ON_DEMAND_PRIORITY" : null;
    }

    private ErrorReply? Check(HttpRequest request, string verb, out string? principal)
    {
        principal = null;
        if (KeyFingerprint.Bearer(request) is not { } token) return VertexErrors.Unauthenticated("CREDENTIALS_MISSING");
        principal = _tokens.PrincipalOf(token);
        if (principal is null) return VertexErrors.Unauthenticated("ACCESS_TOKEN_EXPIRED");
        return verb is "generateContent" or "streamGenerateContent" ? null : VertexErrors.Of(404, "NOT_FOUND", "This simulator answers generateContent and streamGenerateContent.");
    }

    private async Task<IResult> TokenAsync(HttpContext http)
    {
        if (!http.Request.HasFormContentType) return Refuse("invalid_request", "Required parameter is missing: grant_type");
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var (token, expires, error, description) = _tokens.Exchange(form["grant_type"].ToString(), form["assertion"].ToString());
        return token is null ? Refuse(error, description)
            : Results.Json(new Dictionary<string, object>(StringComparer.Ordinal) { ["access_token"] = token, ["expires_in"] = expires, ["token_type"] = "Bearer" });
    }

    private static IResult Refuse(string error, string description) =>
        Results.Json(new Dictionary<string, string>(StringComparer.Ordinal) { ["error"] = error, ["error_description"] = description }, statusCode: 400);
}
