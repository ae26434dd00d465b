using Routing.Simulator.Answers;
using Routing.Simulator.Calls;

namespace Routing.Simulator.Bedrock;

/// <summary><c>POST /model/{modelId}/converse</c> and <c>/converse-stream</c>.</summary>
internal sealed class BedrockEndpoints(SimulatorOptions options, CallRunner runner, SimulatorIds ids, TimeProvider time)
{
    private const string Prefix = "/model/";
    private static readonly ChatAsk NothingAsked = new() { LastUserText = "", InputTokens = 0 };
    private readonly BedrockWire _wire = new();
    private readonly BedrockDoor _door = new(options.Aws, time);

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/model/{**rest}", AnswerAsync);

    private async Task AnswerAsync(HttpContext http)
    {
        var (path, query) = RequestBody.RawTarget(http);
        var cut = path.LastIndexOf('/');
        var operation = path[(cut + 1)..];
        var random = ids.NextRandom();
        var call = new SimulatedCall
        {
            Wire = _wire, Region = "unknown", Model = cut > Prefix.Length ? Uri.UnescapeDataString(path[Prefix.Length..cut]) : "", Ask = NothingAsked,
            Streamed = operation == "converse-stream", RequestId = SimulatorIds.Uuid(ref random), At = time.GetUtcNow(),
        };

        if (await RequestBody.TryReadAsync(http.Request) is not { } body)
        {
            await runner.RefuseTooLargeAsync(http, call);
            return;
        }

        var refusal = _door.Check(http.Request, path, query, body, out var by);
        if (by is not null) call = call with { Region = by.Region, Principal = by.KeyId };
        if (refusal is null && (operation is not ("converse" or "converse-stream") || call.Model.Length == 0))
            refusal = BedrockErrors.Of(404, "UnknownOperationException", "This simulator answers converse and converse-stream.");
        if (refusal is not null)
        {
            await runner.RefuseAsync(http, call, refusal);
            return;
        }

        using var document = RequestBody.TryParse(body);
        var problem = "Unexpected field type or malformed JSON.";
        var ask = document is null ? null : ConverseReader.Read(document.RootElement, out problem);
        if (ask is null)
        {
            var type = document is null ? "SerializationException" : "ValidationException";
            await runner.RefuseAsync(http, call, BedrockErrors.Of(400, type, problem));
            return;
        }

        await runner.RunAsync(http, call with { Ask = ask });
    }
}
