using System.Text.Json;
using Routing.Simulator.Calls;

namespace Routing.Simulator.OpenAI;

/// <summary><c>chat/completions</c>.</summary>
internal sealed class ChatOperation : IOpenAIOperation
{
    private static readonly ChatForm Plain = new(hasFilterResults: false);
    private static readonly ChatForm Filtered = new(hasFilterResults: true);

    public string Path => "chat/completions";
    public string IdPrefix => "chatcmpl-";
    public bool HasDeploymentPath => true;

    public SimulatedCall Begin(JsonElement root, OpenAICaller caller) => new()
    {
        Wire = caller.Wire, Form = caller.Wire is AzureWire ? Filtered : Plain, Region = caller.Region, Model = caller.Deployment ?? root.Text("model") ?? "",
        Streamed = root.IsTrue("stream"), RequestId = "", At = default, Principal = caller.Principal,
        StreamsUsage = !root.IsTrue("stream") || root.Get("stream_options")?.IsTrue("include_usage") == true,
    };

    public SimulatedCall? Read(JsonElement root, SimulatedCall call, out ChatProblem? problem) =>
        ChatReader.Read(root, out problem) is { } ask ? call with { Ask = ask, LogProbs = ChatReader.LogProbs(root) } : null;
}
