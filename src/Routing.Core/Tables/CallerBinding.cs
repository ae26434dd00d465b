using System.Collections.Frozen;

namespace Routing.Core.Tables;

/// <summary>A caller and the features it may name.</summary>
/// <param name="ExpiresAt">End of life of the key that was presented; null = none.</param>
public sealed record CallerBinding(string Id, FrozenDictionary<string, FeatureRoute> Features, DateTimeOffset? ExpiresAt);
