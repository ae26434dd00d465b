using System.Text.Json;
using Routing.Simulator.Calls;

namespace Routing.Simulator.Anthropic;

/// <summary><c>POST /v1/messages</c> and <c>/v1/messages/count_tokens</c>.</summary>
internal sealed class AnthropicEndpoints(SimulatorOptions options, CallRunner runner, SimulatorIds ids, TimeProvider time)
{
    private const string Region = "default";
    private static readonly string[] Versions = ["2023-01-01", "2023-06-01", ApiVersion.October2026];
    private static readonly AnthropicWire Wire = new();
    private static readonly MessageForm Messages = new();
    private static readonly TokenCountForm Counts = new();
    private readonly Dictionary<string, string> _keys = options.Anthropic.Keys.Concat(options.Anthropic.Tokens).ToDictionary(k => k, KeyFingerprint.Of, StringComparer.Ordinal);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/messages", http => AnswerAsync(http, generates: true));
        routes.MapPost("/v1/messages/count_tokens", http => AnswerAsync(http, generates: false));
    }

    public IResult ListModels(HttpRequest request)
    {
        if (PrincipalOf(request) is null)
            return Results.Json(new { type = "error", error = new { type = "authentication_error", message = "invalid x-api-key" } }, SimulatorJson.Readable, statusCode: 401);
        var models = options.Anthropic.Models;
        return Results.Json(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["data"] = models.Select(id => new { type = "model", id, display_name = id, created_at = "2025-09-29T00:00:00Z" }),
            ["has_more"] = false, ["first_id"] = models.FirstOrDefault(), ["last_id"] = models.LastOrDefault(),
        });
    }

    private async Task AnswerAsync(HttpContext http, bool generates)
    {
        var body = await RequestBody.TryReadAsync(http.Request);
        using var document = body is null ? null : RequestBody.TryParse(body);
        var root = document?.RootElement ?? default;
        var random = ids.NextRandom();
        var call = new SimulatedCall
        {
            Wire = Wire, Form = generates ? Messages : Counts, Region = Region, Model = root.Text("model") ?? "", Streamed = generates && root.IsTrue("stream"),
            Generates = generates, RequestId = SimulatorIds.Letters(ref random, "msg_01", 22), At = time.GetUtcNow(), Principal = PrincipalOf(http.Request),
            ServiceTier = "standard", OmitsThoughtText = root.Get("thinking")?.Text("display") == "omitted",
        };
        if (body is null)
        {
            await runner.RefuseTooLargeAsync(http, call);
            return;
        }

        if (Check(http.Request, root, document is not null, call) is { } refusal)
        {
            await runner.RefuseAsync(http, call, refusal);
            return;
        }

        if (MessageReader.Read(root, http.Request.Headers["anthropic-version"].ToString(), generates ? call.Model : null, generates, out var problem) is { } ask) await runner.RunAsync(http, call with { Ask = ask });
        else await runner.RefuseAsync(http, call, AnthropicErrors.Of(400, "invalid_request_error", problem, call));
    }

    private static ErrorReply? Check(HttpRequest request, JsonElement root, bool isJson, SimulatedCall call)
    {
        if (call.Principal is null) return AnthropicErrors.Unauthenticated(call);
        var version = request.Headers["anthropic-version"].ToString();
        if (version.Length == 0) return AnthropicErrors.Of(400, "invalid_request_error", "anthropic-version: header is required", call);
        if (!Versions.Contains(version)) return AnthropicErrors.Of(400, "invalid_request_error", $"anthropic-version: \"{version}\" is not a valid version.", call);
        if (!isJson) return AnthropicErrors.Of(400, "invalid_request_error", "The request body is not valid JSON", call);
        return root.Text("model") is null ? AnthropicErrors.Of(400, "invalid_request_error", "model: Field required", call) : null;
    }

    private string? PrincipalOf(HttpRequest request)
    {
        var key = request.Headers["x-api-key"].ToString() is { Length: > 0 } own ? own : KeyFingerprint.Bearer(request);
        return key is null ? null : _keys.GetValueOrDefault(key);
    }
}
