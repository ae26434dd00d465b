using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Web.Prices;

/// <summary>A row of the draft: what a model endpoint costs from a moment on, in micro-units per million tokens. Never updated.</summary>
internal sealed class Price
{
    public required Guid Id { get; init; }
    [MaxLength(100)]
    public required string ModelEndpoint { get; init; }
    public required DateTimeOffset From { get; init; }
    [MaxLength(3)]
    public required string Currency { get; init; }
    public required long Input { get; init; }
    public long? CacheRead { get; init; }
    public long? CacheWrite { get; init; }
    public required long Output { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    [MaxLength(100)]
    public required string CreatedBy { get; init; }
}
