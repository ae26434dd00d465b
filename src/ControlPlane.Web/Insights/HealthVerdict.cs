using System.Collections.Immutable;
using ControlPlane.Web.Edges;
using ControlPlane.Web.Ui;
using Routing.Core.Health;
using Routing.Core.Llm;

namespace ControlPlane.Web.Insights;

/// <summary>The answer in a sentence: who is affected, what it is, since when; and whose it is.</summary>
internal sealed record HealthVerdict(string Sentence, string Detail, string? Cause)
{
    /// <summary>How far back "now" goes: what is over must not stay in the headline for as long as the range is.</summary>
    public static readonly TimeSpan Now = TimeSpan.FromMinutes(3);

    private const double AnsweredWell = 0.999;
    private const double Nothing = 1e-9;
    private const string Budget = "budget";

    /// <param name="now">Traffic of the last <see cref="Now"/>.</param>
    /// <param name="totals">Traffic of the range.</param>
    public static HealthVerdict Of(ImmutableArray<EndpointNow> endpoints, PlaneTraffic now, PlaneTraffic totals, string range, ImmutableArray<EdgeHealth> edges, int enrolled)
    {
        if (enrolled == 0) return new("No edge has enrolled yet.", "Enrol one on the Edges page; until then there is nothing to see.", null);
        if (edges.IsEmpty) return new("The control plane hears no edge; edges keep serving what they have.", "States below are unknown, not healthy. Check the network between edges and control plane.", "ours");

        ImmutableArray<EndpointNow> bad = [.. endpoints.Where(e => e.Worst is { State: not BreakerState.Closed }).OrderByDescending(e => HealthModel.Severity(e.Worst!)).ThenBy(e => e.Worst!.Since)]; // filtered on Worst
        string callers = Callers(now);
        string figures = Figures(totals, range);
        if (bad.IsEmpty) return new($"{callers}; every model endpoint is closed.", figures, OnlyRefused(now) ? Budget : null);

        EndpointNow first = bad[0];
        EndpointHealthView worst = first.Worst!; // filtered on Worst
        string what = worst.State switch
        {
            BreakerState.Open => "is open",
            BreakerState.Isolated => IsIdentityFault(worst) ? "has an identity fault" : "is isolated",
            _ => $"is at {worst.SharePercent}{Format.Nbsp}%",
        };
        string others = bad.Length > 1 ? $", {bad.Length - 1} more {(bad.Length == 2 ? "is" : "are")} not closed" : "";
        string reason = worst.Reason.Length == 0 || worst.Reason.EndsWith('.') ? worst.Reason : worst.Reason + ".";
        return new($"{callers}; {first.Name} {what} since {Format.Clock(worst.Since)}{others}.", $"{reason} {figures}".Trim(), OnlyRefused(now) ? Budget : Owner(worst));
    }

    /// <summary>Calls that are refused for a budget: the headline, unless a model endpoint or an edge is in trouble; then right behind it.</summary>
    public HealthVerdict With(string? stopped) => stopped is null ? this
        : Cause is null or Budget ? this with { Sentence = stopped, Detail = $"{Sentence} {Detail}".Trim(), Cause = Budget }
        : this with { Detail = $"{stopped} {Detail}".Trim() };

    private static string Callers(PlaneTraffic now)
    {
        string window = $"the last {Format.Duration(Now)}";
        if (now.AnsweredShare is not { } answered) return $"No requests in {window}";
        if (answered >= AnsweredWell) return "Callers are unaffected";
        string failed = now.FailedShare > Nothing ? $"{Format.Percent(now.FailedShare, PercentKind.Error)} of requests are not answered" : "";
        string refused = now.Refused > 0 ? $"{Format.Percent(now.RefusedShare, PercentKind.Error)} {(failed.Length == 0 ? "of requests " : "")}are refused for their budget" : "";
        return $"In {window} {string.Join(" and ", new[] { failed, refused }.Where(s => s.Length > 0))}";
    }

    // Whoever is in trouble besides, callers notice only the budgets.
    private static bool OnlyRefused(PlaneTraffic now) => now is { Refused: > 0, FailedShare: <= Nothing };

    private static string Figures(PlaneTraffic totals, string range)
    {
        string missed = totals is { AnsweredShare: < AnsweredWell, FailedShare: > Nothing and var failed } ? $"{Format.Percent(failed, PercentKind.Error)} of requests were not answered" : "";
        string refused = totals.Refused > 0 ? $"{Format.Percent(totals.RefusedShare, PercentKind.Error)} of requests were refused for their budget" : "";
        string served = totals.BackupShare is { } backup ? $"{Format.Percent(backup, PercentKind.Error)} of answers came from a backup" : "";
        string both = string.Join(", ", new[] { missed, refused, served }.Where(s => s.Length > 0));
        return both.Length == 0 ? "" : $"In {range}, {both}.";
    }

    private static bool IsIdentityFault(EndpointHealthView view) => view.Fault == FailureKind.CredentialExchangeFailed;

    // An edge says in its sentence what only it knows: a refused credential, or a hand that forced the state.
    private static string Owner(EndpointHealthView worst) => worst.Reason switch
    {
        _ when IsIdentityFault(worst) => "identity",
        var reason when reason.StartsWith("Out of service", StringComparison.Ordinal) => "credentials",
        var reason when worst.State == BreakerState.Isolated || reason.Contains("orced ", StringComparison.Ordinal) => "ours",
        _ => "provider",
    };
}
