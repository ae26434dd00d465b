using Routing.Core.Providers;

namespace ControlPlane.Web.Insights;

/// <summary>A breaker of some edge closed a model endpoint off, or narrowed it, by its own evidence.</summary>
internal readonly record struct Trip(DateTimeOffset At, string ModelEndpoint);

/// <summary>Where a model endpoint belongs, as far as its fate goes.</summary>
internal sealed record ProviderMember(string Id, string Title, ProviderKind Provider, string Account, string Region, string Model)
{
    /// <summary>Hosts that merely speak OpenAI's wire have nothing in common but that: each account is its own provider.</summary>
    public string Fate => Provider == ProviderKind.OpenAICompatible ? Account : ProviderWords.Of(Provider);

    /// <summary>Reserved and on-demand capacity of one deployment fall together, and say nothing about the provider.</summary>
    public (string Account, string Region, string Model) Deployment => (Account, Region, Model);
}

/// <summary>Tells when independent model endpoints of one provider tripped together: then it is the provider's trouble rather than a model's. Pure.</summary>
internal static class ProviderWideTrips
{
    /// <summary>Longest pause between trips of one event.</summary>
    public static readonly TimeSpan Together = TimeSpan.FromMinutes(1);

    public static IEnumerable<Change> Of(IEnumerable<Trip> trips, IReadOnlyCollection<ProviderMember> members)
    {
        Dictionary<string, ProviderMember> byId = members.ToDictionary(m => m.Id, StringComparer.Ordinal);
        return trips.Where(t => byId.ContainsKey(t.ModelEndpoint)).OrderBy(t => t.At)
            .GroupBy(t => byId[t.ModelEndpoint].Fate, StringComparer.Ordinal)
            .SelectMany(Runs)
            .Select(run => Event(run, byId, members))
            .OfType<Change>();
    }

    private static IEnumerable<List<Trip>> Runs(IEnumerable<Trip> trips)
    {
        List<Trip> run = [];
        foreach (Trip trip in trips)
        {
            if (run.Count > 0 && trip.At - run[^1].At > Together)
            {
                yield return run;
                run = [];
            }
            run.Add(trip);
        }
        if (run.Count > 0) yield return run;
    }

    /// <summary>Null when it was one deployment alone. Dated from the trip that made it two.</summary>
    private static Change? Event(List<Trip> run, Dictionary<string, ProviderMember> byId, IReadOnlyCollection<ProviderMember> members)
    {
        Trip[] firsts = [.. run.DistinctBy(t => byId[t.ModelEndpoint].Deployment)];
        if (firsts.Length < 2) return null;

        ProviderMember[] tripped = [.. firsts.Select(t => byId[t.ModelEndpoint])];
        string[] regions = [.. tripped.Select(m => m.Region).Distinct(StringComparer.Ordinal)];
        int all = members.Where(m => m.Fate == tripped[0].Fate && regions.Contains(m.Region)).DistinctBy(m => m.Deployment).Count();
        string subject = regions.Length == 1 ? $"{tripped[0].Fate} {regions[0]}".TrimEnd() : tripped[0].Fate;
        string places = regions.Length == 1 ? "" : $" in {string.Join(", ", regions)}";
        double seconds = Math.Ceiling((firsts[^1].At - firsts[0].At).TotalSeconds);
        string which = string.Join(", ", tripped.Select(m => m.Title).Distinct(StringComparer.Ordinal).Take(3));
        return new Change(firsts[1].At, "provider", subject,
            $"{firsts.Length} of {all} models{places} tripped within {seconds:0}\u00A0s of one another ({which}): the provider's trouble rather than a model's. {Left(all - firsts.Length)}");
    }

    private static string Left(int others) => others switch
    {
        0 => "None of its models is left to fail over to.",
        1 => "The one that still answers may be next.",
        _ => $"The {others} that still answer may be next.",
    };
}
