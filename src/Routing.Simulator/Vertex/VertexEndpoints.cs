using System.Text.Json;
using Routing.Simulator.Calls;

namespace Routing.Simulator.Vertex;

/// <summary>Gemini and embedding models on Vertex, and the token endpoint its clients trade their assertions at.</summary>
internal sealed class VertexEndpoints(CallRunner runner, SimulatorIds ids, GoogleTokens tokens, TimeProvider time)
{
    private static readonly string[] Verbs = ["generateContent", "streamGenerateContent", "countTokens", "predict", "embedContent"];
    private static readonly VertexWire Wire = new();
    private static readonly GeminiForm Gemini = new();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/projects/{project}/locations/{location}/publishers/google/models/{modelAndVerb}", AnswerAsync);
        routes.MapPost("/v1beta1/projects/{project}/locations/{location}/publishers/google/models/{modelAndVerb}", AnswerAsync);
        routes.MapPost("/token", (Delegate)TokenAsync);
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var (model, verb) = ModelPath.Split((string)http.Request.RouteValues["modelAndVerb"]!); // The route does not match without it.
        var random = ids.NextRandom();
        var call = new SimulatedCall
        {
            Wire = Wire, Form = Gemini, Region = (string)http.Request.RouteValues["location"]!, // As above.
            Model = model, Streamed = verb == "streamGenerateContent",
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
        var problem = "Invalid JSON payload received. Unexpected token.";
        var ready = document is null ? null : Read(document.RootElement, verb, call, out problem);
        if (ready is null) await runner.RefuseAsync(http, call, VertexErrors.For(call, VertexErrors.Of(400, "INVALID_ARGUMENT", problem)));
        else await runner.RunAsync(http, ready);
    }

    private static SimulatedCall? Read(JsonElement root, string verb, SimulatedCall call, out string problem)
    {
        if (verb is "predict" or "embedContent") return EmbeddingReader.Read(root, verb, call, out problem);
        if (verb == "countTokens") return GeminiCountReader.Read(root, call, out problem);
        return GeminiReader.Read(root, call.Model, out problem) is { } ask ? call with { Ask = ask } : null;
    }

    private static string? AskedTraffic(HttpRequest request)
    {
        if (request.Headers["x-vertex-ai-llm-request-type"] == "dedicated") return "PROVISIONED_THROUGHPUT";
        return request.Headers["x-vertex-ai-llm-shared-request-type"].ToString() switch
        {
            "priority" => "ON_DEMAND_PRIORITY",
            "flex" => "ON_DEMAND_FLEX",
            _ => request.Headers["x-vertex-ai-llm-request-type"] == "shared" ? "ON_DEMAND" : null,
        };
    }

    private ErrorReply? Check(HttpRequest request, string verb, out string? principal)
    {
        if (GoogleDoor.Check(request, tokens, out principal) is { } refusal) return refusal;
        return Verbs.Contains(verb) ? null : VertexErrors.Of(404, "NOT_FOUND", $"This simulator answers {string.Join(", ", Verbs)}.");
    }

    private async Task<IResult> TokenAsync(HttpContext http)
    {
        if (!http.Request.HasFormContentType) return Refuse("invalid_request", "Required parameter is missing: grant_type");
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var (token, expires, error, description) = tokens.Exchange(form["grant_type"].ToString(), form["assertion"].ToString());
        return token is null ? Refuse(error, description)
            : Results.Json(new Dictionary<string, object>(StringComparer.Ordinal) { ["access_token"] = token, ["expires_in"] = expires, ["token_type"] = "Bearer" });
    }

    private static IResult Refuse(string error, string description) =>
        Results.Json(new Dictionary<string, string>(StringComparer.Ordinal) { ["error"] = error, ["error_description"] = description }, statusCode: 400);
}
