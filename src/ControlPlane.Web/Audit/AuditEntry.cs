using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Web.Audit;

/// <summary>Who changed what, from what to what. Append-only; each row's hash covers the row before it.</summary>
internal sealed class AuditEntry
{
    public required long Sequence { get; init; }
    public required DateTimeOffset At { get; init; }
    [MaxLength(100)]
    public required string ActorId { get; init; }
    [MaxLength(100)]
    public required string ActorName { get; init; }

    /// <summary>A verb, for example <c>binding.save</c>.</summary>
    [MaxLength(60)]
    public required string Action { get; init; }
    [MaxLength(40)]
    public required string ObjectKind { get; init; }
    [MaxLength(200)]
    public required string ObjectId { get; init; }

    /// <summary>JSON without secrets; empty when there was nothing.</summary>
    public required string Before { get; init; }
    public required string After { get; init; }
    [MaxLength(500)]
    public required string Reason { get; init; }
    [MaxLength(64)]
    public required string PreviousHash { get; init; }
    [MaxLength(64)]
    public required string Hash { get; init; }
}
