using System.Text.Json;
using Routing.Simulator.Calls;

namespace Routing.Simulator.OpenAI;

/// <summary>One operation of OpenAI's API, on OpenAI's door and on Azure's.</summary>
internal interface IOpenAIOperation
{
    /// <summary>What follows <c>/v1/</c>.</summary>
    string Path { get; }

    string IdPrefix { get; }

    /// <summary>Azure has it below <c>/openai/deployments/{deployment}/</c> too.</summary>
    bool HasDeploymentPath { get; }

    /// <summary>What can be said before the body is judged; <paramref name="root"/> may be no object at all.</summary>
    SimulatedCall Begin(JsonElement root, OpenAICaller caller);

    /// <summary>Null with a problem when the body is not acceptable.</summary>
    SimulatedCall? Read(JsonElement root, SimulatedCall call, out ChatProblem? problem);
}
