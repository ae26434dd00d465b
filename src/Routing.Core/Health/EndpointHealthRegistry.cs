using System.Collections.Concurrent;
using System.Collections.Immutable;
using Routing.Core.Snapshots;

namespace Routing.Core.Health;

/// <summary>Health of every model endpoint this process routes to, by id; the same object across table swaps.</summary>
/// <param name="time">Moves every stay, window and gate.</param>
/// <param name="seed">Of the jitter; edges need different ones.</param>
public sealed class EndpointHealthRegistry(TimeProvider time, int seed)
{
    private readonly ConcurrentDictionary<string, EndpointHealth> _endpoints = new(StringComparer.Ordinal);
    private readonly SharedHealth _shared = new(time);

    /// <summary>Moves that were lost because nobody acknowledged them in time.</summary>
    public long DroppedTransitions => _shared.Log.Dropped;

    /// <summary>
    /// How many edges route to the same model endpoints, this one included; 1 until somebody says otherwise. A returning endpoint's trickle is
    /// meant for all of them: each sends its part, and asks for its part of the evidence.
    /// </summary>
    public int Edges
    {
        get => _shared.Edges;
        set => _shared.Edges = value;
    }

    public EndpointHealth Get(string endpointId, BreakerPolicyConfig policy, QuotaLimits quota = default)
    {
        ArgumentNullException.ThrowIfNull(endpointId);
        ArgumentNullException.ThrowIfNull(policy);
        if (policy.RampPercent.IsDefaultOrEmpty) policy = policy with { RampPercent = BreakerPolicyConfig.Default.RampPercent };
        var health = _endpoints.GetOrAdd(endpointId, static (id, state) =>
            new EndpointHealth(id, state.policy, state.seed ^ StableHash(id), state._shared), (policy, seed, _shared));
        health.Apply(policy, quota);
        return health;
    }

    public EndpointHealth? Find(string endpointId) => _endpoints.GetValueOrDefault(endpointId);

    /// <summary>Forgets endpoints that the configuration no longer has.</summary>
    public void KeepOnly(IReadOnlySet<string> endpointIds)
    {
        foreach (var id in _endpoints.Keys)
        {
            if (!endpointIds.Contains(id)) _endpoints.TryRemove(id, out _);
        }
    }

    /// <summary>Every endpoint as it is now, ordered by id.</summary>
    public ImmutableArray<EndpointHealthView> Views() =>
        [.. _endpoints.Values.OrderBy(e => e.ModelEndpoint, StringComparer.Ordinal).Select(e => e.View())];

    /// <summary>Makes the moves that time alone causes, so that views and reports go on without traffic. Cheap; call it once a second.</summary>
    public void Tick()
    {
        foreach (var (_, health) in _endpoints) health.Tick();
    }

    /// <summary>The oldest unacknowledged moves; they stay until <see cref="AcknowledgeTransitions"/>.</summary>
    public ImmutableArray<BreakerTransition> TakeTransitions(int max = 200) => _shared.Log.Take(max);

    /// <summary>Removes what <see cref="TakeTransitions"/> gave.</summary>
    public void AcknowledgeTransitions(ImmutableArray<BreakerTransition> taken)
    {
        if (!taken.IsDefaultOrEmpty) _shared.Log.Acknowledge(taken[^1].Id);
    }

    /// <summary>Completes after a move, at once if one came since the last call. One waiter at a time.</summary>
    public ValueTask WaitForTransitionAsync(CancellationToken cancellationToken) => _shared.Log.WaitAsync(cancellationToken);

    // FNV-1a: string.GetHashCode differs from run to run, and a seed must replay.
    private static int StableHash(string id)
    {
        var hash = 2166136261u;
        foreach (var c in id) hash = (hash ^ c) * 16777619u;
        return (int)hash;
    }
}
