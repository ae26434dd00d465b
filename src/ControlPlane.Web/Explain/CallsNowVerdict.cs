using System.Collections.Immutable;
using Routing.Core.Dispatch;

namespace ControlPlane.Web.Explain;

/// <summary>Where a call would go, in a sentence, and what decides. Pure.</summary>
internal sealed record CallsNowVerdict(string Sentence, string Detail)
{
    /// <param name="now">At least one edge is heard.</param>
    public static CallsNowVerdict Of(CallsNow now)
    {
        ImmutableArray<EdgeGroup> groups = now.Groups;
        if (groups.Length == 1) return new CallsNowVerdict($"{Upper(Clause(groups[0], now))}.", Why(groups[0]));
        if (groups.Select(g => Clause(g, now)).Distinct(StringComparer.Ordinal).Count() == 1)
            return new CallsNowVerdict($"{Upper(Clause(groups[0], now))}, though the edges do not see all candidates alike.", Why(groups[0]));
        string rest = groups.Length > 2 ? $"; {groups.Length - 2} more of them otherwise" : "";
        return new CallsNowVerdict(
            $"Edges differ. By {groups[0].Names}: {Clause(groups[0], now)}; by {groups[1].Names}: {Clause(groups[1], now)}{rest}.",
            "Each edge judges by the calls it has made itself.");
    }

    private static string Clause(EdgeGroup group, CallsNow now)
    {
        RoutingExplanation told = group.Newest.Explanation;
        if (told.Failure is not null) return "such a call would be refused";
        string names = Join([.. group.First.Select(now.Names.Of)]);
        return told.Candidates.Any(c => c is { AskedFirst: true, Verdict: CandidateVerdict.FailOpen })
            ? $"such a call would go to {names} all the same, because nobody else is left"
            : $"such a call would go to {names}";
    }

    private static string Why(EdgeGroup group) => group.Newest.Explanation is var told && told.Failure is { } failure ? failure.Message : told.Choice ?? "";

    private static string Join(string[] names) => names.Length switch
    {
        0 => "nobody",
        1 => names[0],
        _ => $"{string.Join(", ", names[..^1])} or {names[^1]}",
    };

    private static string Upper(string clause) => char.ToUpperInvariant(clause[0]) + clause[1..];
}
