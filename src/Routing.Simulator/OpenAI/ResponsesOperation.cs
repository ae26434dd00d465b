using System.Text.Json;
using Routing.Simulator.Calls;

namespace Routing.Simulator.OpenAI;

/// <summary><c>responses</c>, without its memory: nothing is stored and nothing can be continued by id.</summary>
internal sealed class ResponsesOperation : IOpenAIOperation
{
    public string Path => "responses";
    public string IdPrefix => "resp_";
    public bool HasDeploymentPath => false;

    public SimulatedCall Begin(JsonElement root, OpenAICaller caller) => new()
    {
        Wire = caller.Wire, Form = new ResponsesForm(root), Region = caller.Region, Model = root.Text("model") ?? "", Streamed = root.IsTrue("stream"),
        RequestId = "", At = default, Principal = caller.Principal,
    };

    public SimulatedCall? Read(JsonElement root, SimulatedCall call, out ChatProblem? problem) =>
        ResponsesReader.Read(root, out problem) is { } ask ? call with { Ask = ask } : null;
}
