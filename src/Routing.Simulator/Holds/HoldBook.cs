using System.Collections.Immutable;
using Routing.Simulator.Faults;

namespace Routing.Simulator.Holds;

/// <summary>A hold in force: how many parts it let through and how many calls wait at it.</summary>
public sealed record HoldState(string Key, long Passed, int Waiting);

/// <summary>The holds in force, one a key; the most precise matching one is waited at.</summary>
public sealed class HoldBook
{
    private readonly Lock _lock = new();
    private ImmutableArray<(EndpointKey Key, Hold Hold)> _entries = [];

    public IReadOnlyList<HoldState> All =>
        [.. _entries.OrderBy(e => e.Key.ToString(), StringComparer.Ordinal).Select(e => new HoldState(e.Key.ToString(), e.Hold.Passed, e.Hold.Waiting))];

    /// <summary>Holds every call that begins from now on; false when the key is not of the form. A hold already there stays as it is.</summary>
    public bool Set(string key)
    {
        if (EndpointKey.Parse(key) is not { } parsed) return false;
        lock (_lock)
        {
            if (!_entries.Any(e => e.Key == parsed)) _entries = [.. _entries.Append((Key: parsed, Hold: new Hold())).OrderByDescending(e => e.Key.Precision)];
        }

        return true;
    }

    /// <summary>Lets <paramref name="parts"/> parts through; false without such a hold.</summary>
    public bool Release(string key, int parts)
    {
        if (Find(key) is not { } hold) return false;
        hold.Release(parts);
        return true;
    }

    /// <summary>Ends a hold: all that wait go on. False without such a hold.</summary>
    public bool Remove(string key)
    {
        if (Find(key) is not { } hold) return false;
        lock (_lock) _entries = [.. _entries.Where(e => e.Hold != hold)];
        hold.End();
        return true;
    }

    internal Hold? Of(string wire, string region, string model)
    {
        foreach (var (key, hold) in _entries)
            if (key.Matches(wire, region, model)) return hold;
        return null;
    }

    private Hold? Find(string key) => EndpointKey.Parse(key) is { } parsed ? _entries.FirstOrDefault(e => e.Key == parsed).Hold : null;
}
