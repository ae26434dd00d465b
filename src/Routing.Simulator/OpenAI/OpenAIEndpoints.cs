using Routing.Simulator.Calls;
using Routing.Simulator.Tokens;

namespace Routing.Simulator.OpenAI;

/// <summary>Everything under OpenAI's paths and under Azure OpenAI's two kinds of path.</summary>
internal sealed class OpenAIEndpoints(SimulatorOptions options, CallRunner runner, SimulatorIds ids, IssuedCredentials issued, TimeProvider time)
{
    private static readonly IOpenAIOperation[] Operations = [new ChatOperation(), new EmbeddingsOperation(), new ResponsesOperation()];
    private readonly OpenAIDoor _door = new(options, issued);

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var operation in Operations) Map(routes, operation);
    }

    private void Map(IEndpointRouteBuilder routes, IOpenAIOperation operation)
    {
        routes.MapPost($"/v1/{operation.Path}", http => AnswerAsync(http, operation, _door.OfOpenAI(http.Request)));
        routes.MapPost($"/openai/v1/{operation.Path}", http => AnswerAsync(http, operation, _door.OfAzure(http.Request, deployment: null)));
        if (!operation.HasDeploymentPath) return;
        routes.MapPost($"/openai/deployments/{{deployment}}/{operation.Path}",
            http => AnswerAsync(http, operation, _door.OfAzure(http.Request, (string)http.Request.RouteValues["deployment"]!))); // The route does not match without it.
    }

    private async Task AnswerAsync(HttpContext http, IOpenAIOperation operation, OpenAICaller caller)
    {
        var body = await RequestBody.TryReadAsync(http.Request);
        using var document = body is null ? null : RequestBody.TryParse(body);
        var root = document?.RootElement ?? default;
        var random = ids.NextRandom();
        var spill = http.Request.Headers["x-ms-spillover-deployment"].ToString();
        var call = operation.Begin(root, caller) with
        {
            RequestId = SimulatorIds.Letters(ref random, operation.IdPrefix, 29), At = time.GetUtcNow(),
            SpillTarget = spill.Length > 0 && caller.Wire is AzureWire ? spill : null, TrafficType = OpenAIWire.AskedTraffic(root.Text("service_tier")),
        };
        if (body is null)
        {
            await runner.RefuseTooLargeAsync(http, call);
            return;
        }

        ChatProblem? problem = null;
        var ready = caller.Refusal is null && document is not null ? operation.Read(root, call, out problem) : null;
        if (document is null) problem = new ChatProblem("We could not parse the JSON body of your request.", null);
        if (ready is not null && call.Model.Length == 0) problem = new ChatProblem("you must provide a model parameter", "model");
        var refusal = caller.Refusal ?? (problem is null ? null : OpenAIWire.Of(400, "invalid_request_error", problem.Code, problem.Message, problem.Param));
        if (refusal is not null) await runner.RefuseAsync(http, call, refusal);
        else await runner.RunAsync(http, ready!); // Neither refused nor with a problem: it was read.
    }

    public IResult ListModels(HttpRequest request)
    {
        if (_door.OfOpenAI(request).Refusal is { } refusal) return Results.Json(refusal.Body, SimulatorJson.Readable, statusCode: refusal.Status);
        return Results.Json(new
        {
            @object = "list",
            data = options.OpenAI.Models.Select(id => new { id, @object = "model", created = 1_744_316_542, owned_by = "system" }),
        });
    }
}
