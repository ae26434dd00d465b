using System.Collections.Immutable;
using ControlPlane.Web.Data;
using ControlPlane.Web.Shell;
using ControlPlane.Web.Ui;
using Microsoft.AspNetCore.Components;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Publishing;

/// <summary>One revision: what it changed, and the way back to it.</summary>
public sealed partial class RevisionPage
{
    private RevisionView? _view;
    private long _live;
    private ImmutableArray<SnapshotChange> _changes = [];
    private ImmutableArray<SnapshotProblem> _refused = [];
    private ImmutableArray<SnapshotProblem> _losses = [];
    private ConfirmDialog? _ask;

    [Parameter] public long Number { get; set; }

    [SupplyParameterFromQuery(Name = "base")] private long? AskedBase { get; set; }

    [Inject] private RevisionStore Revisions { get; set; } = null!; // injected

    [Inject] private SnapshotPublisher Publisher { get; set; } = null!; // injected

    private long Base => Math.Max(0, AskedBase ?? Number - 1);

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _view = await Revisions.FindAsync(Number, cancellationToken);
        _live = (await Revisions.ListAsync(0, 1, cancellationToken)).FirstOrDefault()?.Number ?? 0;
        _losses = await Revisions.CompareLossesAsync(_live, Number, cancellationToken);
        _changes = await Revisions.DiffAsync(Base, Number, cancellationToken);
    }

    private async Task RollBackAsync()
    {
        if (await _ask!.AskAsync() is not { } given) return; // rendered with the button
        SaveResult<RevisionView>? result = null;
        _refused = [];
        if (!await ActAsync(async ct => result = await Publisher.RollBackAsync(Me, Number, given.Reason ?? "", ct)) || result is null) return;
        _refused = result.Problems;
        if (result.Value is { } made) Navigation.NavigateTo(Urls.Revision(made.Number));
    }
}
