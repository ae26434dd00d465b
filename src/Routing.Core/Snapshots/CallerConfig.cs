using System.Collections.Immutable;

namespace Routing.Core.Snapshots;

/// <summary>An application that calls the edge.</summary>
public sealed record CallerConfig
{
    public required string Id { get; init; }
    public string Name { get; init; } = "";
    public ImmutableArray<CallerKeyConfig> Keys { get; init; } = [];

    /// <summary>Features the caller may name; <c>*</c> means all.</summary>
    public ImmutableArray<string> Features { get; init; } = [];
}

/// <summary>A key as it may be stored: its SHA-256 only. Keys are 256 random bits, so they need no salt.</summary>
public sealed record CallerKeyConfig
{
    /// <summary>First characters of the key, to recognise it by.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>End of life, for a rotation with overlap; null = none.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
