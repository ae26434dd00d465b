using System.Text.Json;
using Routing.Simulator.Calls;
using Routing.Simulator.Tokens;

namespace Routing.Simulator.Bedrock;

/// <summary><c>POST /model/{modelId}/converse</c>, <c>/converse-stream</c>, <c>/count-tokens</c> and, for embedding models, <c>/invoke</c>.</summary>
internal sealed class BedrockEndpoints(SimulatorOptions options, CallRunner runner, SimulatorIds ids, IssuedCredentials issued, TimeProvider time)
{
    private const string Prefix = "/model/";
    private static readonly string[] Operations = ["converse", "converse-stream", "count-tokens", "invoke"];
    private static readonly BedrockWire Wire = new();
    private static readonly ConverseForm Converse = new();
    private readonly BedrockDoor _door = new(options.Aws, time, issued, "bedrock");

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/model/{**rest}", AnswerAsync);

    private async Task AnswerAsync(HttpContext http)
    {
        var (path, query) = RequestBody.RawTarget(http);
        var cut = path.LastIndexOf('/');
        var operation = path[(cut + 1)..];
        var random = ids.NextRandom();
        var call = new SimulatedCall
        {
            Wire = Wire, Form = Converse, Region = "unknown", Model = cut > Prefix.Length ? Uri.UnescapeDataString(path[Prefix.Length..cut]) : "",
            Streamed = operation == "converse-stream", RequestId = SimulatorIds.Uuid(ref random), At = time.GetUtcNow(),
        };

        if (await RequestBody.TryReadAsync(http.Request) is not { } body)
        {
            await runner.RefuseTooLargeAsync(http, call);
            return;
        }

        var refusal = _door.Check(http.Request, path, query, body, out var by);
        if (by is not null) call = call with { Region = by.Region, Principal = by.KeyId };
        if (refusal is null && (!Operations.Contains(operation) || call.Model.Length == 0))
            refusal = BedrockErrors.Of(404, "UnknownOperationException", $"This simulator answers {string.Join(", ", Operations)}.");
        if (refusal is not null)
        {
            await runner.RefuseAsync(http, call, refusal);
            return;
        }

        using var document = RequestBody.TryParse(body);
        var problem = "Unexpected field type or malformed JSON.";
        var ready = document is null ? null : Read(document.RootElement, operation, call, out problem);
        if (ready is null)
        {
            var type = document is null ? "SerializationException" : "ValidationException";
            await runner.RefuseAsync(http, call, BedrockErrors.Of(400, type, problem));
            return;
        }

        await runner.RunAsync(http, ready);
    }

    private static SimulatedCall? Read(JsonElement root, string operation, SimulatedCall call, out string problem)
    {
        if (operation == "invoke") return InvokeEmbeddings.Read(root, call, out problem);
        if (operation == "count-tokens") return CountReader.Read(root, call, out problem);
        return ConverseReader.Read(root, call.Model, out problem) is { } ask ? call with { Ask = ask, ServiceTier = root.Get("serviceTier")?.Text("type") } : null;
    }
}
