using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Routing.Core.Snapshots.Validation;

/// <summary>Collects problems, and knows the checks that every part of a document shares. Invariant digits: a sentence is the same on every machine.</summary>
internal sealed class ProblemList
{
    // A hostile document has as many problems as it has lines; nobody reads past this.
    private const int Most = 1_000;
    private const int ShownLength = 60;

    private readonly ImmutableArray<SnapshotProblem>.Builder _problems = ImmutableArray.CreateBuilder<SnapshotProblem>();
    private int _errorsLeftOut;

    /// <summary>The document was published before.</summary>
    public bool IsPublished { get; init; }

    public bool HasErrors { get; private set; }

    public void Add(string path, string code, FormattableString message) => Add(path, code, message, ProblemSeverity.Error);

    public void Warn(string path, string code, FormattableString message) => Add(path, code, message, ProblemSeverity.Warning);

    /// <summary>Of a rule that is younger than documents which are live and break it: those go on running.</summary>
    public void AddUnlessPublished(string path, string code, FormattableString message) => Add(path, code, message, IsPublished ? ProblemSeverity.Warning : ProblemSeverity.Error);

    public ImmutableArray<SnapshotProblem> ToImmutable()
    {
        if (_errorsLeftOut > 0)
        {
            _problems.Add(new SnapshotProblem("", "too_many_problems",
                string.Create(CultureInfo.InvariantCulture, $"{_errorsLeftOut:N0} more problems are not listed. Fix the first {Most:N0} and check again.")));
        }
        return _problems.ToImmutable();
    }

    public void Range(string path, string label, long value, long least, long most, string unit = "")
    {
        if (value >= least && value <= most) return;
        var limit = value < least ? "at least" : "at most";
        Add(path, "out_of_range", $"{label} is {value:N0}{Unit(unit)}; {limit} {(value < least ? least : most):N0}{Unit(unit)}.");
    }

    public void Defined<T>(string path, string label, T value) where T : struct, Enum
    {
        if (!Enum.IsDefined(value)) Add(path, "value_unknown", $"{label} '{value}' is not known. Use {string.Join(", ", Enum.GetNames<T>())}.");
    }

    /// <summary>Free text for people: bounded, and without control characters that would break a log line or a table.</summary>
    public void Text(string path, string label, string? value, int most)
    {
        if (!Present(path, label, value) || value.Length == 0) return;
        if (value.Length > most) Add(path, "too_long", $"{label} has {value.Length:N0} characters; at most {most:N0}.");
        else if (value.AsSpan().ContainsAnyInRange('\0', '\u0008') || value.AsSpan().ContainsAnyInRange('\u000B', '\u001F') || value.Contains('\u007F'))
        {
            Add(path, "control_character", $"{label} holds a control character. Remove it.");
        }
    }

    /// <summary>A null where the types promise a text: whoever reads a valid document may rely on the promise.</summary>
    public bool Present(string path, string label, [NotNullWhen(true)] string? value)
    {
        if (value is not null) return true;
        Add(path, "null_value", $"{label} is null. Write \"\" or leave it out.");
        return false;
    }

    public void Id(string path, string label, string? id)
    {
        if (Ids.IsValid(id)) return;
        if (string.IsNullOrEmpty(id)) Add(path, "id_missing", $"{label} is missing. Use 1 to 64 of a-z, 0-9, '-', '_', '.', beginning with a letter or digit.");
        else Add(path, "id_shape", $"{label} '{Shown(id)}' has {id.Length:N0} characters or one that is not allowed. Use 1 to 64 of a-z, 0-9, '-', '_', '.', beginning with a letter or digit.");
    }

    public void Residency(string path, string tag)
    {
        if (tag.Length is >= 1 and <= 32 && tag.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')) return;
        Add(path, "residency_shape", $"'{Shown(tag)}' is not a residency. Use 1 to 32 of a-z, 0-9, '-', for example eu.");
    }

    /// <summary>Whether it is shaped like one of ISO 4217.</summary>
    public bool Currency(string path, string? currency)
    {
        if (currency is { Length: 3 } && currency.All(char.IsAsciiLetterUpper)) return true;
        Add(path, "currency_shape", $"'{Shown(currency)}' is not a currency. Write its three capital letters, for example USD.");
        return false;
    }

    public void Count<T>(string path, string plural, ImmutableArray<T> items, int most)
    {
        if (items.IsDefault) Add(path, "null_value", $"The list of {plural} is null. Write [] or leave it out.");
        else if (items.Length > most) Add(path, "too_many", $"There are {items.Length:N0} {plural}; at most {most:N0}.");
    }

    /// <summary>What is safe and short enough to repeat: never a whole value of unknown length, no control characters.</summary>
    public static string Shown(string? value)
    {
        if (string.IsNullOrEmpty(value)) return "";
        var text = value.Length > ShownLength ? value[..ShownLength] + "…" : value;
        return string.Create(text.Length, text, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = char.IsControl(source[i]) || char.IsSurrogate(source[i]) ? '\uFFFD' : source[i];
        });
    }

    private void Add(string path, string code, FormattableString message, ProblemSeverity severity)
    {
        HasErrors |= severity == ProblemSeverity.Error;
        if (_problems.Count < Most) _problems.Add(new SnapshotProblem(path, code, message.ToString(CultureInfo.InvariantCulture), severity));
        else if (severity == ProblemSeverity.Error) _errorsLeftOut++;
    }

    private static string Unit(string unit) => unit.Length == 0 ? "" : "\u00A0" + unit;
}
