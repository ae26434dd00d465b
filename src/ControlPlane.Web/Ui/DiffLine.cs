namespace ControlPlane.Web.Ui;

/// <summary>Added, removed, changed by hand, or following from another change.</summary>
public enum DiffSign { Add, Remove, Change, Follows }

/// <summary>One change as a sentence; Before and After stand behind it, struck and strong.</summary>
public sealed record DiffLine(DiffSign Sign, string Text, string? Before = null, string? After = null, string? Effect = null);

/// <summary>The changes of one object: "thread-summary", "binding".</summary>
public sealed record DiffGroup(string Name, string? Kind, IReadOnlyList<DiffLine> Lines);
