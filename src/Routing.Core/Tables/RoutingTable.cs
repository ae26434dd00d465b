using System.Collections.Frozen;
using Routing.Core.Pricing;

namespace Routing.Core.Tables;

/// <summary>What a request reads: one immutable object, made whole by <see cref="RoutingTableCompiler"/> and swapped whole.</summary>
public sealed class RoutingTable
{
    public required string Epoch { get; init; }
    public required long Revision { get; init; }
    public required long Overlay { get; init; }
    public required FrozenDictionary<KeyHash, CallerBinding> Callers { get; init; }
    public required FrozenDictionary<string, FeatureRoute> Features { get; init; }
    public required FrozenDictionary<string, ModelEndpoint> Endpoints { get; init; }
    public required PriceBook Prices { get; init; }

    /// <summary>The caller that holds this key, or null. Comparing SHA-256 digests of 256-bit keys leaks nothing of use through time.</summary>
    public CallerBinding? FindCaller(in KeyHash key, DateTimeOffset now) =>
        Callers.TryGetValue(key, out var caller) && (caller.ExpiresAt is not { } end || now < end) ? caller : null;
}
