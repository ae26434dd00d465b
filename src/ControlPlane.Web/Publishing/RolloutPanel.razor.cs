using System.Collections.Immutable;
using ControlPlane.Web.Access;
using ControlPlane.Web.Edges;
using ControlPlane.Web.Ui;
using Microsoft.AspNetCore.Components;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Publishing;

/// <summary>One box for each edge: runs it, refused it with a reason, or has not answered yet.</summary>
public sealed partial class RolloutPanel
{
    private ImmutableArray<EdgeView> _edges = [];
    private int _applied;
    private int _refused;
    private bool _asksWord;
    private Actor _me = new("", "", Role.Viewer);
    private ConfirmDialog? _ask;

    [Parameter, EditorRequired] public long Revision { get; set; }

    [Parameter] public string? Note { get; set; }

    [Inject] private EdgeStore Edges { get; set; } = null!; // injected

    [Inject] private SnapshotPublisher Publisher { get; set; } = null!; // injected

    [Inject] private CurrentActor Signed { get; set; } = null!; // injected

    protected override TimeSpan Interval => TimeSpan.FromSeconds(1);

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        _me = await Signed.GetAsync();
        _edges = await Edges.ListAsync(cancellation);
        _applied = _edges.Count(e => e.Revision >= Revision);
        _refused = _edges.Count(e => e.Revision < Revision && e.RefusedRevision >= Revision);
        _asksWord = _edges.Any(e => e.Revision < Revision && e.RefusedRevision == Revision && e.Problems.Any(p => p.Code == SnapshotShrinkage.Code));
    }

    private async Task ConfirmLossesAsync()
    {
        if (await _ask!.AskAsync() is not { } given) return; // rendered with the button
        await Publisher.ConfirmLossesAsync(_me, Revision, given.Reason ?? "", CancellationToken.None);
        await RefreshNowAsync();
    }
}
