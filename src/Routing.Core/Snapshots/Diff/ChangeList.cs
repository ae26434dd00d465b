using System.Collections.Immutable;
using System.Globalization;

namespace Routing.Core.Snapshots.Diff;

/// <summary>Collects differences. A sentence begins with the object's id, so that it can stand alone.</summary>
internal sealed class ChangeList
{
    private readonly ImmutableArray<SnapshotChange>.Builder _changes = ImmutableArray.CreateBuilder<SnapshotChange>();

    public int Count => _changes.Count;

    public ImmutableArray<SnapshotChange> ToImmutable() => _changes.ToImmutable();

    public void Added(in Subject subject, string path, FormattableString what, string? value = null) =>
        Add(ChangeKind.Added, subject, path, Say(what), null, value);

    public void Removed(in Subject subject, string path, FormattableString what, string? value = null) =>
        Add(ChangeKind.Removed, subject, path, Say(what), value, null);

    public void Changed(in Subject subject, string path, FormattableString what, string? old, string? now) =>
        Add(ChangeKind.Changed, subject, path, Say(what), old, now);

    /// <summary>"label is now A (was B)", when they differ.</summary>
    public void Value(in Subject subject, string path, string label, string? old, string? now)
    {
        old ??= "";
        now ??= "";
        if (old == now) return;
        var sentence = now.Length == 0 ? $"{label} is cleared (was {old})" : old.Length == 0 ? $"{label} is now {now}" : $"{label} is now {now} (was {old})";
        Add(ChangeKind.Changed, subject, path, sentence, old, now);
    }

    public void Number(in Subject subject, string path, string label, long old, long now, string unit = "", string zero = "0")
    {
        if (old == now) return;
        Value(subject, path, label, Text(old), Text(now));
        string Text(long value) => value == 0 && zero != "0" ? zero : Say($"{value:N0}{(unit.Length == 0 ? "" : "\u00A0" + unit)}");
    }

    public static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void Add(ChangeKind kind, in Subject subject, string path, string what, string? old, string? now) =>
        _changes.Add(new SnapshotChange(kind, subject.Group, subject.Id, path.Length == 0 ? subject.Path : $"{subject.Path}.{path}", $"{subject.Id}: {what}", old, now));
}

/// <summary>The object a change is about.</summary>
internal readonly record struct Subject(string Group, string Array, string Id)
{
    public string Path => $"{Array}[{Id}]";
}
