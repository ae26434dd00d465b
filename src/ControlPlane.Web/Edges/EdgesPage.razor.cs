using System.Collections.Immutable;
using ControlPlane.Web.Access;
using ControlPlane.Web.Publishing;
using ControlPlane.Web.Ui;
using Microsoft.AspNetCore.Components;
using Routing.Core.Health;

namespace ControlPlane.Web.Edges;

/// <summary>Which edge runs what since when, what it refused and why, and how to add or remove one.</summary>
public sealed partial class EdgesPage
{
    private static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(60);
    private ImmutableArray<EdgeView> _edges = [];
    private Dictionary<string, ShedCalls?> _shed = [];
    private Actor _me = new("", "", Role.Viewer);
    private long _live;
    private string? _act;
    private EdgeView? _asked;
    private ConfirmDialog? _remove;
    private EnrolPanel? _enrol;

    [Inject] private EdgeStore Edges { get; set; } = null!; // injected

    [Inject] private EdgeBoard Board { get; set; } = null!; // injected

    [Inject] private RevisionStore Revisions { get; set; } = null!; // injected

    [Inject] private CurrentActor Signed { get; set; } = null!; // injected

    protected override TimeSpan Interval => TimeSpan.FromSeconds(2);

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        _me = await Signed.GetAsync();
        _edges = await Edges.ListAsync(cancellation);
        _shed = (await Board.LiveAsync(cancellation)).ToDictionary(e => e.EdgeId, e => e.Shed, StringComparer.Ordinal);
        _live = (await Revisions.ListAsync(0, 1, cancellation)).FirstOrDefault()?.Number ?? 0;
    }

    private bool IsSilent(EdgeView edge) => edge.LastReportAt is not { } heard || Time.GetUtcNow() - heard > SilentAfter;

    private BreakerView StateOf(EdgeView edge) => edge.Revision == 0 ? BreakerView.NoTraffic : edge.RefusedRevision > edge.Revision ? BreakerView.Open
        : edge.Revision < _live ? BreakerView.NoTraffic : BreakerView.Closed;

    private string? Behind(EdgeView edge) => edge.RefusedRevision > edge.Revision ? "refused a newer one"
        : edge.Revision < _live ? $"{_live - edge.Revision} behind" : null;

    private async Task RemoveAsync(EdgeView edge)
    {
        _asked = edge;
        StateHasChanged();
        if (await _remove!.AskAsync() is not { } given) return; // rendered with the rows
        try
        {
            _act = null;
            await Edges.RemoveAsync(_me, edge.Id, given.Reason ?? "", CancellationToken.None);
        }
        catch (AccessDeniedException denied)
        {
            _act = denied.Message;
        }
        await RefreshNowAsync();
    }
}
