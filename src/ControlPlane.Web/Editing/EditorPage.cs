using System.Collections.Immutable;
using System.Text.Json;
using ControlPlane.Web.Access;
using ControlPlane.Web.Data;
using ControlPlane.Web.Ui;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Editing;

/// <summary>
/// A page that edits one object of the draft: form, problems beside their fields, conflict that loses nothing, question before unsaved changes go.
/// </summary>
public abstract class EditorPage<TForm, TView> : LoadedPage
    where TForm : class, new()
    where TView : class
{
    private string _baseline = "";
    private string? _loadedId;
    private bool _tried;
    private bool _justCreated;
    private ImmutableArray<SnapshotProblem> _refused = [];

    protected TForm Form { get; private set; } = new();

    /// <summary>What is stored, as last read; null for something new.</summary>
    protected TView? Stored { get; private set; }

    /// <summary>Somebody else saved in between: what is stored now, or null if it was deleted.</summary>
    protected TView? Theirs { get; private set; }

    protected bool InConflict { get; private set; }

    protected bool Missing { get; private set; }

    protected bool IsNew => Id is null;

    protected DateTimeOffset? SavedAt { get; private set; }

    protected bool Dirty => Ready && !Missing && JsonSerializer.Serialize(Form) != _baseline;

    /// <summary>Of the form as it is now, then what the store refused at the last save.</summary>
    protected ImmutableArray<SnapshotProblem> Problems => [.. (IsChecked ? Check() : []).Union(_refused)];

    // Something new is not called wrong before it is finished.
    private bool IsChecked => _tried || !IsNew;

    /// <summary>From the address; null: something new.</summary>
    protected abstract string? Id { get; }

    /// <summary>Of the object in the document, for example <c>features[recap]</c>; problems of its fields begin with it.</summary>
    protected abstract string Path { get; }

    protected abstract Task<TView?> FindAsync(string id, CancellationToken cancellationToken);

    protected abstract TForm FormOf(TView view);

    protected abstract long VersionOf(TView? view);

    protected abstract void SetVersion(long version);

    protected abstract string UrlOf(TView view);

    protected abstract Task<SaveResult<TView>> StoreAsync(Actor actor, CancellationToken cancellationToken);

    /// <summary>Further data the form chooses from.</summary>
    protected virtual Task LoadChoicesAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What keeps nothing from being saved, and should be known before it is published.</summary>
    protected virtual ImmutableArray<SnapshotProblem> Warnings => [];

    protected virtual ImmutableArray<SnapshotProblem> Check() => FormCheck.Of(Form, Path);

    /// <summary>Sentence for one field: what is wrong with it, or null.</summary>
    protected string? ProblemOf(string field) => Problems.FirstOrDefault(p => p.Path == $"{Path}.{field}" && p.Severity == ProblemSeverity.Error)?.Message;

    protected IReadOnlyList<ProblemItem> ProblemItems => [.. Problems.Select(ProblemItem.From)];

    /// <summary>The problems, or what their absence means.</summary>
    protected IReadOnlyList<ProblemItem> Findings =>
        Problems.Union(Warnings) is var all && all.Any() ? [.. all.Select(ProblemItem.From)]
        : IsChecked ? [new(ProblemLevel.Passed, "Every field is inside its limits.")]
        : [new(ProblemLevel.Note, "Nothing is checked yet; what is missing or wrong is listed here when you save.")];

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        await LoadChoicesAsync(cancellationToken);
        // A re-render with the same address must not take away what is being typed.
        if (Ready && _loadedId == (Id ?? "")) return;
        _loadedId = Id ?? "";
        TView? found = Id is { } id ? await FindAsync(id, cancellationToken) : null;
        Missing = Id is not null && found is null;
        if (!_justCreated) SavedAt = null;
        _justCreated = false;
        Take(found);
    }

    protected async Task SaveAsync()
    {
        _tried = true;
        if (SnapshotValidator.HasErrors(Check()))
        {
            SayRefused();
            return;
        }
        SaveResult<TView>? result = null;
        if (await ActAsync(async ct => result = await StoreAsync(Me, ct)) && result is not null) Settle(result);
    }

    /// <summary>Takes the stored state and drops what was typed.</summary>
    protected void TakeTheirs()
    {
        Missing = Theirs is null;
        Take(Theirs);
    }

    /// <summary>Keeps what was typed; the next save replaces what somebody else stored.</summary>
    protected void KeepMine()
    {
        SetVersion(VersionOf(Theirs));
        Stored = Theirs;
        (InConflict, Theirs) = (false, null);
    }

    protected void Discard() => Take(Stored);

    /// <summary>The change is no longer ours to ask about: it was deleted, or is being left on purpose.</summary>
    protected void Forget() => _baseline = JsonSerializer.Serialize(Form);

    /// <summary>Shows what became of another act on the stored object.</summary>
    protected void Show(SaveResult<TView> result) => Settle(result);

    private void Settle(SaveResult<TView> result)
    {
        ArgumentNullException.ThrowIfNull(result);
        _refused = result.Problems;
        switch (result.Status)
        {
            case SaveStatus.Saved:
                bool created = IsNew;
                Take(result.Value);
                SavedAt = Time.GetUtcNow();
                Announcer.Say("Saved in the draft.", now: true);
                if (created && result.Value is { } value)
                {
                    _justCreated = true;
                    Navigation.NavigateTo(UrlOf(value), replace: true);
                }
                break;
            case SaveStatus.Conflict:
                (InConflict, Theirs) = (true, result.Current);
                Announcer.Say("Not saved: somebody else saved this in between.", now: true);
                break;
            case SaveStatus.NotFound:
                (InConflict, Theirs) = (true, null);
                break;
            default:
                SayRefused();
                break;
        }
    }

    private void SayRefused()
    {
        int errors = Problems.Count(p => p.Severity == ProblemSeverity.Error);
        Announcer.Say($"Nothing was saved: {errors} {(errors == 1 ? "problem" : "problems")}.", now: true);
    }

    private void Take(TView? view)
    {
        Stored = view;
        Form = view is null ? NewForm() : FormOf(view);
        _baseline = JsonSerializer.Serialize(Form);
        (InConflict, Theirs, _refused, _tried) = (false, null, [], false);
    }

    /// <summary>Starts something new; pages that take values from the address fill them in here.</summary>
    protected virtual TForm NewForm() => new();
}
