using System.Collections.Immutable;
using ControlPlane.Web.Edges;
using ControlPlane.Web.Ui;
using Routing.Core.Health;

namespace ControlPlane.Web.Insights;

/// <summary>The answer in a sentence: who is affected, what it is, since when; and whose it is.</summary>
internal sealed record HealthVerdict(string Sentence, string Detail, string? Cause)
{
    private const double AnsweredWell = 0.999;

    public static HealthVerdict Of(ImmutableArray<EndpointNow> endpoints, PlaneTraffic totals, ImmutableArray<EdgeHealth> edges, int enrolled)
    {
        if (enrolled == 0) return new("No edge has enrolled yet.", "Enrol one on the Edges page; until then there is nothing to see.", null);
        if (edges.IsEmpty) return new("The control plane hears no edge; edges keep serving what they have.", "States below are unknown, not healthy. Check the network between edges and control plane.", "ours");

        ImmutableArray<EndpointNow> bad = [.. endpoints.Where(e => e.Worst is { State: not BreakerState.Closed }).OrderBy(e => e.Worst!.Since)]; // filtered on Worst
        string callers = totals.AnsweredShare switch
        {
            null => "No requests in this range",
            >= AnsweredWell => "Callers are unaffected",
            { } share => $"{Format.Percent(1 - share, PercentKind.Error)} of requests were not answered",
        };
        if (bad.IsEmpty) return new($"{callers}; every model endpoint is closed.", Served(totals), null);

        EndpointNow first = bad[0];
        EndpointHealthView worst = first.Worst!; // filtered on Worst
        string what = worst.State switch
        {
            BreakerState.Open => "is open",
            BreakerState.Isolated => "is isolated",
            _ => $"is back at {worst.SharePercent}{Format.Nbsp}%",
        };
        string others = bad.Length > 1 ? $" and {bad.Length - 1} more" : "";
        return new($"{callers}; {first.Name}{others} {what} since {Format.Clock(worst.Since)}.", $"{worst.Reason} {Served(totals)}".Trim(), Owner(worst));
    }

    private static string Served(PlaneTraffic totals) => totals.BackupShare is { } backup
        ? $"{Format.Percent(backup, PercentKind.Error)} of answers came from a backup."
        : "";

    private static string Owner(EndpointHealthView worst) => worst.State == BreakerState.Isolated
        ? worst.Reason.Contains("configuration", StringComparison.OrdinalIgnoreCase) ? "credentials" : "ours"
        : "provider";
}
