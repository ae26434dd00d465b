using System.Collections.Immutable;
using ControlPlane.Web.Ui;
using Routing.Core.Health;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Bindings;

/// <summary>What a binding should cost and feel like while its first tier answers, after what its endpoints did in the last 24 h.</summary>
/// <param name="PerThousand">Micro-units; null when unknown.</param>
/// <param name="Missing">Why something is unknown, as a sentence; null when nothing is.</param>
internal sealed record Expectation(long? PerThousand, string Currency, int? FirstTokenP50Ms, int? FirstTokenP90Ms, double? ErrorShare, string? Missing);

/// <summary>The published binding against the one being edited. Pure; says where it does not know.</summary>
/// <param name="Missing">What the verdict does not say of what is unknown; null when nothing is left.</param>
internal sealed record BindingImpact(Expectation? Live, Expectation? Draft, string Verdict, string? Missing)
{
    /// <summary>What copies to shadows cost on top; null without any.</summary>
    public string? Copies { get; private init; }

    private const int Points = 200;
    private const double Same = 0.02;

    // A p90 of fewer is the slowest call or two.
    private const int Enough = 20;
    private const string TooLittle = "Too little traffic to say";

    public static BindingImpact Of(IReadOnlyList<CandidateConfig> draft, int shadowPercent, BindingOutlook outlook, Func<string, string> nameOf)
    {
        Expectation? before = outlook.Live is { } live ? Expect(live.Candidates, outlook, nameOf) : null;
        Expectation? after = draft.All(c => c.Role == CandidateRole.Shadow) ? null : Expect(draft, outlook, nameOf);
        string verdict = Say(outlook, before, after, outlook.Live is { } l && FirstTier(l.Candidates).SequenceEqual(FirstTier(draft)));
        return new BindingImpact(before, after, verdict, verdict.StartsWith(TooLittle, StringComparison.Ordinal) || verdict == after?.Missing ? null : after?.Missing)
        {
            Copies = OfCopies(draft, shadowPercent, outlook, nameOf),
        };
    }

    private static string? OfCopies(IReadOnlyList<CandidateConfig> draft, int percent, BindingOutlook outlook, Func<string, string> nameOf)
    {
        string[] shadows = [.. draft.Where(c => c.Role == CandidateRole.Shadow && c.ModelEndpoint.Length > 0).Select(c => c.ModelEndpoint)];
        if (percent == 0 || shadows.Length == 0) return null;
        IEnumerable<string> costs = shadows.Select(id => outlook.Endpoints.GetValueOrDefault(id) is { PerThousand: { } micros } known
            ? $"about {Format.Money(micros * percent / 100, known.Currency, MoneyKind.PerThousand)} to {nameOf(id)}"
            : $"an amount nobody can tell yet to {nameOf(id)}");
        return $"Copies of {percent}{Format.Nbsp}% of the answered calls are paid for as well, for 1,000 answers {string.Join(" and ", costs)}.";
    }

    private static Expectation Expect(IReadOnlyList<CandidateConfig> candidates, BindingOutlook outlook, Func<string, string> nameOf)
    {
        List<(double Weight, EndpointOutlook? Endpoint, string Name)> parts =
            [.. FirstTier(candidates).Select(c => (c.Weight / 100.0, outlook.Endpoints.GetValueOrDefault(c.ModelEndpoint), nameOf(c.ModelEndpoint)))];
        string? unknown = parts.Where(p => p.Endpoint?.Day is not { Attempts: >= Enough }).Select(p => Unknown(p.Name, p.Endpoint?.Day?.Attempts ?? 0)).FirstOrDefault();
        string? unpriced = parts.Where(p => p.Endpoint is not { IsPriced: true }).Select(p => p.Name).FirstOrDefault();
        ImmutableArray<string> currencies = [.. parts.Select(p => p.Endpoint?.Currency ?? "").Distinct(StringComparer.Ordinal)];
        bool costs = parts.Count > 0 && currencies.Length == 1 && parts.TrueForAll(p => p.Endpoint?.PerThousand is not null);
        bool known = parts.Count > 0 && unknown is null;
        List<(LatencyHistogram, double)> latencies = [.. parts.Where(p => p.Endpoint?.Day is not null).Select(p => (p.Endpoint!.Day!.FirstToken, p.Weight))]; // filtered on both
        return new Expectation(
            costs ? (long)parts.Sum(p => p.Weight * p.Endpoint!.PerThousand!.Value) : null, costs ? currencies[0] : "", // costs: every part has one
            known ? Quantile(latencies, 0.5) : null, known ? Quantile(latencies, 0.9) : null,
            known ? parts.Sum(p => p.Weight * p.Endpoint!.Day!.ErrorShare) : null, // known: every part has a day
            unknown ?? (unpriced is not null ? $"{unpriced} has no price: its cost is unknown, not 0." : null));
    }

    private static string Unknown(string name, long calls) => calls == 0
        ? $"No history of {name} in 24{Format.Nbsp}h."
        : $"{TooLittle}: {calls} {(calls == 1 ? "call" : "calls")} of {name} in 24{Format.Nbsp}h, {Enough} are needed.";

    /// <summary>Who is asked while all is well; order does not matter, an endpoint without weight is not asked.</summary>
    private static IEnumerable<(string ModelEndpoint, int Weight)> FirstTier(IReadOnlyList<CandidateConfig> candidates) => candidates.All(c => c.Role == CandidateRole.Shadow) ? [] :
        candidates.Where(c => c.Role != CandidateRole.Shadow && c.Tier == candidates.Where(x => x.Role != CandidateRole.Shadow).Min(x => x.Tier) && c.Weight > 0 && c.ModelEndpoint.Length > 0)
            .Select(c => (c.ModelEndpoint, c.Weight)).OrderBy(c => c.ModelEndpoint, StringComparer.Ordinal);

    // Of a mixture: averages of quantiles are not quantiles, so each part gives points of its own distribution.
    private static int? Quantile(List<(LatencyHistogram Histogram, double Weight)> parts, double share)
    {
        List<(int Value, double Weight)> points =
            [.. parts.Where(p => p.Histogram.Count > 0).SelectMany(p => Enumerable.Range(0, Points).Select(i => (p.Histogram.Quantile((i + 0.5) / Points) ?? 0, p.Weight))).OrderBy(p => p.Item1)];
        double rank = share * points.Sum(p => p.Weight);
        double seen = 0;
        foreach ((int value, double weight) in points)
        {
            seen += weight;
            if (seen >= rank) return value;
        }
        return null;
    }

    private static string Say(BindingOutlook outlook, Expectation? before, Expectation? after, bool same)
    {
        if (after is null) return "Nothing is bound: calls would be refused.";
        if (outlook.LastDay == 0) return $"No history: no request of this feature in 24{Format.Nbsp}h.";
        if (same) return "Same first tier as published: cost and first token of the answers stay as they are.";
        if (outlook.LastDay < Enough) return $"{TooLittle}: {outlook.LastDay} {(outlook.LastDay == 1 ? "request" : "requests")} of this feature in 24{Format.Nbsp}h, {Enough} are needed.";
        if (before is null) return after.Missing is null ? "Not published yet; this is what to expect." : "Not published yet.";
        if (before.Missing is not null && before.FirstTokenP90Ms is null || after.FirstTokenP90Ms is null && after.Missing is not null) return after.Missing ?? before.Missing!; // one of them is why
        string? cost = Direction(before.PerThousand, after.PerThousand, "cheaper", "dearer", "at the same cost");
        string? speed = Direction(before.FirstTokenP90Ms, after.FirstTokenP90Ms, "faster", "slower", "as fast");
        string[] words = [.. new[] { speed, cost }.OfType<string>()];
        return words.Length == 0 ? "Not comparable: see what is missing below." : $"Against published: {string.Join(", ", words)}.";
    }

    private static string? Direction(long? before, long? after, string less, string more, string same) =>
        before is not { } b || after is not { } a ? null : Math.Abs(a - b) <= Same * b ? same : a < b ? less : more;
}
