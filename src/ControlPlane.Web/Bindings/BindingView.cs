using System.Collections.Immutable;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Bindings;

/// <summary>A feature and its binding as pages show them.</summary>
public sealed record BindingView(
    string Name,
    string Owner,
    string Description,
    int FirstTokenMs,
    int TotalMs,
    int MaxAttempts,
    int SloFirstTokenMs,
    DeliveryMode Delivery,
    RequestLane Lane,
    BindingChoices Choices,
    ImmutableArray<CandidateConfig> Candidates,
    long Version,
    DateTimeOffset UpdatedAt,
    string UpdatedBy)
{
    internal static BindingView Of(Feature row) => new(
        row.Name, row.Owner, row.Description, row.FirstTokenMs, row.TotalMs, row.MaxAttempts, row.SloFirstTokenMs, row.Delivery, row.Lane, BindingChoices.Of(row),
        [
            .. row.Candidates.OrderBy(c => c.Position).Select(c => new CandidateConfig
            {
                ModelEndpoint = c.ModelEndpoint,
                Tier = c.Tier,
                Weight = c.Weight,
                Role = c.Role,
            }),
        ],
        row.Version, row.UpdatedAt, row.UpdatedBy);
}
