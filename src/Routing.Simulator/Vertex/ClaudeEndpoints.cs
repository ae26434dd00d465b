using System.Text.Json;
using Routing.Simulator.Anthropic;
using Routing.Simulator.Calls;

namespace Routing.Simulator.Vertex;

/// <summary>Claude on Vertex: <c>publishers/anthropic/models/{m}:rawPredict</c>, <c>:streamRawPredict</c>, and <c>count-tokens:rawPredict</c>.</summary>
internal sealed class ClaudeEndpoints(CallRunner runner, SimulatorIds ids, GoogleTokens tokens, TimeProvider time)
{
    private const string Version = "vertex-2023-10-16";
    private const string CountTokens = "count-tokens";
    private static readonly ClaudeWire Wire = new();
    private static readonly MessageForm Messages = new();
    private static readonly TokenCountForm Counts = new();

    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/projects/{project}/locations/{location}/publishers/anthropic/models/{modelAndVerb}", AnswerAsync);

    private async Task AnswerAsync(HttpContext http)
    {
        var (named, verb) = ModelPath.Split((string)http.Request.RouteValues["modelAndVerb"]!); // The route does not match without it.
        var body = await RequestBody.TryReadAsync(http.Request);
        using var document = body is null ? null : RequestBody.TryParse(body);
        var root = document?.RootElement ?? default;
        var random = ids.NextRandom();
        var generates = named != CountTokens;
        var call = new SimulatedCall
        {
            Wire = Wire, Form = generates ? Messages : Counts, Region = (string)http.Request.RouteValues["location"]!, // As above.
            Model = generates ? named : root.Text("model") ?? "", Streamed = generates && (verb == "streamRawPredict" || root.IsTrue("stream")), Generates = generates,
            RequestId = SimulatorIds.Letters(ref random, "msg_vrtx_01", 22), At = time.GetUtcNow(), OmitsThoughtText = root.Get("thinking")?.Text("display") == "omitted",
        };
        if (body is null)
        {
            await runner.RefuseTooLargeAsync(http, call);
            return;
        }

        var refusal = GoogleDoor.Check(http.Request, tokens, out var principal);
        call = call with { Principal = principal };
        if (refusal is null && verb is not ("rawPredict" or "streamRawPredict")) refusal = VertexErrors.Of(404, "NOT_FOUND", "This simulator answers rawPredict and streamRawPredict.");
        var (problem, ask) = ("", (Answers.ChatAsk?)null);
        if (refusal is null && (problem = Check(root, document is not null, generates)).Length == 0) ask = MessageReader.Read(root, root.Text("anthropic_version") ?? Version, generates ? named : null, generates, out problem);
        if (refusal is null && ask is null) refusal = AnthropicErrors.Of(400, "invalid_request_error", problem, call);
        if (refusal is not null) await runner.RefuseAsync(http, call, refusal);
        else await runner.RunAsync(http, call with { Ask = ask! }); // Neither refused nor with a problem: it was read.
    }

    private static string Check(JsonElement root, bool isJson, bool generates)
    {
        if (!isJson) return "The request body is not valid JSON";
        if (generates && root.Get("model") is not null) return "model: Extra inputs are not permitted";
        if (!generates && root.Text("model") is null) return "model: Field required";
        if (!generates) return "";
        return root.Text("anthropic_version") switch
        {
            Version or ApiVersion.October2026 => "",
            null => "anthropic_version: Field required",
            var other => $"anthropic_version: Input should be '{Version}', not '{other}'",
        };
    }
}
