using System.Collections.Immutable;
using ControlPlane.Web.Data;
using ControlPlane.Web.Ui;
using Microsoft.AspNetCore.Components;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Publishing;

/// <summary>What would change, what speaks against it, and the button; afterwards each edge's answer.</summary>
public sealed partial class PublishPage
{
    private PublishState? _state;
    private RevisionView? _published;
    private ImmutableArray<SnapshotProblem> _refused = [];
    private string _note = "";
    private bool _moved;
    private ConfirmDialog? _ask;

    [Inject] private SnapshotPublisher Publisher { get; set; } = null!; // injected

    private IReadOnlyList<ProblemItem> Items => _state is not { } state ? []
        : state.Problems.IsEmpty && state.Losses.IsEmpty && _refused.IsEmpty ? [new(ProblemLevel.Passed, "The edges' own validator finds nothing wrong with this document.")]
        : [.. state.Problems.Union(state.Losses).Union(_refused).OrderBy(p => p.Severity).Select(ProblemItem.From)];

    private string CheckNote
    {
        get
        {
            int errors = _state?.Problems.Count(p => p.Severity == ProblemSeverity.Error) ?? 0;
            int warnings = (_state?.Problems.Length ?? 0) + (_state?.Losses.Length ?? 0) - errors;
            return $"{errors} {(errors == 1 ? "error" : "errors")}, {warnings} {(warnings == 1 ? "warning" : "warnings")}";
        }
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken) => _state = await Publisher.StateAsync(cancellationToken);

    private async Task PublishAsync()
    {
        if (_state is not { } state) return;
        bool loses = !state.Losses.IsEmpty;
        if (loses && await _ask!.AskAsync() is null) return; // rendered with the button
        SaveResult<RevisionView>? result = null;
        (_moved, _refused) = (false, []);
        if (!await ActAsync(async ct => result = await Publisher.PublishAsync(Me, _note, state.Live, loses, ct)) || result is null) return;
        if (result.Ok)
        {
            (_published, _note) = (result.Value, "");
            Announcer.Say($"Revision {result.Value!.Number} is published.", now: true); // Saved carries a value
        }
        _moved = result.Status == SaveStatus.Conflict;
        await ReloadAsync();
        _refused = result.Problems;
    }
}
