using System.Collections.Immutable;
using Routing.Simulator.Answers;

namespace Routing.Simulator.Faults;

/// <summary>A rule in force and how often it has struck.</summary>
public sealed record FaultState(string Key, FaultRule Rule, long Struck);

/// <summary>The faults in force. One rule a key; the most precise matching rule that strikes wins.</summary>
public sealed class FaultBook(ulong seed)
{
    private readonly Lock _lock = new();

    // Replaced whole, so that a call without faults costs one read.
    private ImmutableArray<Entry> _entries = [];
    private StableRandom _random = new(StableRandom.Hash(seed, "faults"));

    public IReadOnlyList<FaultState> All =>
        [.. _entries.OrderBy(e => e.Key.ToString(), StringComparer.Ordinal).Select(e => new FaultState(e.Key.ToString(), e.Rule, e.Struck))];

    /// <summary>Sets the rule of a key; its counter starts again. False when the key is not <c>{wire}/{region}/{model}</c>.</summary>
    public bool Set(string key, FaultRule rule)
    {
        if (EndpointKey.Parse(key) is not { } parsed) return false;
        lock (_lock)
        {
            _entries = [.. _entries.Where(e => e.Key != parsed).Append(new Entry(parsed, rule)).OrderByDescending(e => e.Key.Precision)];
        }

        return true;
    }

    /// <summary>True when the key had a rule.</summary>
    public bool Remove(string key)
    {
        if (EndpointKey.Parse(key) is not { } parsed) return false;
        lock (_lock)
        {
            var before = _entries.Length;
            _entries = [.. _entries.Where(e => e.Key != parsed)];
            return _entries.Length < before;
        }
    }

    public void Clear()
    {
        lock (_lock) _entries = [];
    }

    internal FaultRule? Roll(string wire, string region, string model)
    {
        if (_entries.IsEmpty) return null;
        lock (_lock)
        {
            foreach (var entry in _entries)
            {
                if (!entry.Key.Matches(wire, region, model)) continue;
                if (entry.Rule.Count is { } count && entry.Struck >= count) continue;
                if (entry.Rule.Rate < 1 && _random.Fraction() >= entry.Rule.Rate) continue;
                entry.Struck++;
                return entry.Rule;
            }
        }

        return null;
    }

    private sealed class Entry(EndpointKey key, FaultRule rule)
    {
        public EndpointKey Key => key;
        public FaultRule Rule => rule;
        public long Struck { get; set; }
    }
}
