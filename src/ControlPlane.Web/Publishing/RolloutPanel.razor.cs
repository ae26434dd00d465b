using System.Collections.Immutable;
using ControlPlane.Web.Edges;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Publishing;

/// <summary>One box for each edge: runs it, refused it with a reason, or has not answered yet.</summary>
public sealed partial class RolloutPanel
{
    private ImmutableArray<EdgeView> _edges = [];
    private int _applied;
    private int _refused;

    [Parameter, EditorRequired] public long Revision { get; set; }

    [Parameter] public string? Note { get; set; }

    [Inject] private EdgeStore Edges { get; set; } = null!; // injected

    protected override TimeSpan Interval => TimeSpan.FromSeconds(1);

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        _edges = await Edges.ListAsync(cancellation);
        _applied = _edges.Count(e => e.Revision >= Revision);
        _refused = _edges.Count(e => e.Revision < Revision && e.RefusedRevision >= Revision);
    }
}
