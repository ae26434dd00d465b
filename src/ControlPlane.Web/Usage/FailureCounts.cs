using System.Globalization;
using Routing.Core.Llm;

namespace ControlPlane.Web.Usage;

/// <summary>Counts by failure kind, kept as <c>rate_limited=3;transport=1</c>. Kinds of a newer version stay as they are written.</summary>
internal sealed class FailureCounts
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, long> ByKind => _counts;

    public void Add(FailureKind kind, long count) => Add(kind.Name(), count);

    public void Add(string stored)
    {
        foreach (string pair in stored.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            int mark = pair.IndexOf('=', StringComparison.Ordinal);
            if (mark > 0 && long.TryParse(pair.AsSpan(mark + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long count)) Add(pair[..mark], count);
        }
    }

    public override string ToString() => string.Join(';', _counts.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Key}={c.Value}")));

    private void Add(string kind, long count) => _counts[kind] = _counts.GetValueOrDefault(kind) + count;
}
