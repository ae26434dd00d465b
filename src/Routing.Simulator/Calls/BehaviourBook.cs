using System.Collections.Concurrent;
using Routing.Simulator.Faults;

namespace Routing.Simulator.Calls;

/// <summary>Which configured behaviour a model endpoint has.</summary>
internal sealed class BehaviourBook
{
    // Clients choose the model name: without a bound, a client could fill the memory.
    private const int MostRemembered = 10_000;

    private static readonly ModelBehaviour Default = new();
    private readonly (EndpointKey Key, ModelBehaviour Behaviour)[] _configured;
    private readonly ConcurrentDictionary<(string, string, string), ModelBehaviour> _found = new();

    public BehaviourBook(SimulatorOptions options) =>
        _configured = [.. options.Models.Select(m => (Parse(m.Key), m)).OrderByDescending(m => m.Item1.Precision)];

    public ModelBehaviour Of(string wire, string region, string model)
    {
        if (_found.TryGetValue((wire, region, model), out var known)) return known;
        var found = Default;
        foreach (var (key, behaviour) in _configured)
        {
            if (!key.Matches(wire, region, model)) continue;
            found = behaviour;
            break;
        }

        if (_found.Count < MostRemembered) _found[(wire, region, model)] = found;
        return found;
    }

    private static EndpointKey Parse(string key) =>
        EndpointKey.Parse(key) ?? throw new InvalidOperationException($"Simulator:Models has the key '{key}', which is not of the form {EndpointKey.Form}.");
}
