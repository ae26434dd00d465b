using System.Collections.Immutable;
using ControlPlane.Web.Data;
using ControlPlane.Web.Ui;
using Microsoft.AspNetCore.Components;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Callers;

/// <summary>Callers with their keys: made once, rotated with an overlap, revoked at once.</summary>
public sealed partial class CallersPage
{
    private static readonly TimeSpan[] _overlaps = [TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(7), TimeSpan.FromDays(30)];
    private ImmutableArray<CallerView> _callers = [];
    private ImmutableArray<SnapshotProblem> _refused = [];
    private CallerForm _form = new();
    private string _features = "*";
    private NewCallerKey? _made;
    private string _madeFor = "";
    private string _about = "";
    private ConfirmDialog? _rotate;
    private ConfirmDialog? _revoke;
    private ConfirmDialog? _delete;

    [Inject] private CallerStore Callers { get; set; } = null!; // injected

    [Inject] private CallerKeyStore Keys { get; set; } = null!; // injected

    protected override async Task LoadAsync(CancellationToken cancellationToken) => _callers = await Callers.ListAsync(cancellationToken);

    private string? ProblemOf(string field) => _refused.FirstOrDefault(p => p.Path == $"callers[{_form.Id}].{field}")?.Message;

    private bool IsAlive(CallerKeyView key) => key.RevokedAt is null && !(key.ExpiresAt <= Time.GetUtcNow());

    private string StateOf(CallerKeyView key) => key switch
    {
        { RevokedAt: { } at } => $"revoked {Format.DayAndClock(at)} by {key.RevokedBy}",
        { ExpiresAt: { } end } when end <= Time.GetUtcNow() => $"ended {Format.DayAndClock(end)}",
        { ExpiresAt: { } end } => $"ends {Format.DayAndClock(end)}, being rotated",
        _ => "works",
    };

    private void Edit(CallerView caller)
    {
        _form = CallerForm.From(caller);
        _features = string.Join(", ", caller.Features);
        _refused = [];
    }

    private void Clear() => (_form, _features, _refused) = (new CallerForm(), "*", []);

    private void Forget() => _made = null;

    private async Task SaveAsync()
    {
        _form.Features = [.. _features.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        if (await DoAsync(ct => Callers.SaveAsync(Me, _form, ct)) is not null) Clear();
    }

    private async Task MakeAsync(CallerView caller) => Show(caller, await DoAsync(ct => Keys.CreateAsync(Me, caller.Id, ct)));

    private async Task RotateAsync(CallerView caller, CallerKeyView key)
    {
        _about = $"{key.Prefix}… of {caller.Id}";
        StateHasChanged();
        if (await _rotate!.AskAsync() is not { Duration: { } overlap }) return; // rendered with the page
        Show(caller, await DoAsync(ct => Keys.RotateAsync(Me, key.Id, overlap, ct)));
    }

    private async Task RevokeAsync(CallerView caller, CallerKeyView key)
    {
        _about = $"{key.Prefix}… of {caller.Id}";
        StateHasChanged();
        if (await _revoke!.AskAsync() is not { } given) return; // rendered with the page
        if (await DoAsync(ct => Keys.RevokeAsync(Me, key.Id, given.Reason ?? "", ct)) is not null) Announcer.Say("The key is revoked on every edge.", now: true);
    }

    private async Task DeleteAsync(CallerView caller)
    {
        _about = caller.Id;
        StateHasChanged();
        if (await _delete!.AskAsync() is null) return; // rendered with the page
        await DoAsync(ct => Callers.DeleteAsync(Me, caller.Id, caller.Version, ct));
    }

    private void Show(CallerView caller, NewCallerKey? made)
    {
        if (made is null) return;
        (_made, _madeFor) = (made, caller.Id);
        Announcer.Say("The new key is shown at the top of the page.", now: true);
    }

    /// <summary>Does one thing, reads the list again, and shows why if it was refused.</summary>
    private async Task<T?> DoAsync<T>(Func<CancellationToken, Task<SaveResult<T>>> act) where T : class
    {
        SaveResult<T>? result = null;
        _refused = [];
        if (!await ActAsync(async ct => result = await act(ct)) || result is null) return null;
        _refused = result.Status switch
        {
            SaveStatus.Conflict => [new SnapshotProblem("callers", "conflict", "Somebody else saved this caller in between. The list is read again; what you typed is still in the form: open Edit again to build on theirs.")],
            SaveStatus.NotFound => [new SnapshotProblem("callers", "gone", "It is gone: somebody removed it in between.")],
            _ => result.Problems,
        };
        await ReloadAsync();
        return result.Value;
    }
}
