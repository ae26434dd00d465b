using System.Collections.Immutable;
using ControlPlane.Web.Edges;
using ControlPlane.Web.ModelEndpoints;
using ControlPlane.Web.Shell;
using ControlPlane.Web.Ui;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Providers;

namespace ControlPlane.Web.Insights;

/// <summary>One model endpoint now: its traffic in the range, and its worst state over the edges that are heard.</summary>
internal sealed record EndpointNow(ModelEndpointView Endpoint, EndpointTraffic? Traffic, BreakerView State, int EdgesInState, int Edges, EndpointHealthView? Worst)
{
    public string Provider => Endpoint.Provider is { } kind ? ProviderWords.Of(kind) : Endpoint.Account;

    public string Name => ProviderWords.Endpoint(Endpoint.Title, Provider, Endpoint.Region);
}

/// <summary>Puts live reports and roll-ups together. Pure.</summary>
internal static class HealthModel
{
    // Below this a percentile says little; counts are shown instead.
    private const int EnoughSamples = 5;

    public static ImmutableArray<EndpointNow> Endpoints(
        ImmutableArray<ModelEndpointView> endpoints, ImmutableArray<EndpointTraffic> traffic, ImmutableArray<EdgeHealth> edges)
    {
        Dictionary<string, EndpointTraffic> byId = traffic.ToDictionary(t => t.ModelEndpoint, StringComparer.Ordinal);
        ILookup<string, EndpointHealthView> live = edges.SelectMany(e => e.Endpoints).ToLookup(v => v.ModelEndpoint, StringComparer.Ordinal);
        return [.. endpoints.Select(e => Now(e, byId.GetValueOrDefault(e.Id), [.. live[e.Id]]))];
    }

    /// <summary>Worst breaker over the edges that are heard; no traffic when no edge speaks of it.</summary>
    public static BreakerView WorstState(ImmutableArray<EdgeHealth> edges, string modelEndpoint) =>
        edges.SelectMany(e => e.Endpoints).Where(v => v.ModelEndpoint == modelEndpoint).MaxBy(Severity) is { } worst ? BreakerView.From(worst.State, worst.SharePercent) : BreakerView.NoTraffic;

    /// <param name="seen">Time over which rates are averaged; shorter than the range where less of it is known.</param>
    public static IReadOnlyList<MatrixRow> Matrix(ImmutableArray<EndpointNow> endpoints, TimeSpan seen, string rangeName, bool byModel, out IReadOnlyList<string> columns)
    {
        ImmutableArray<IGrouping<string, EndpointNow>> groups =
            [.. endpoints.GroupBy(e => byModel ? e.Endpoint.Title : e.Provider, StringComparer.Ordinal).OrderBy(g => Order(g.First().Endpoint.Provider)).ThenBy(g => g.Key, StringComparer.Ordinal)];
        int width = Math.Max(2, groups.Length == 0 ? 2 : groups.Max(g => g.Count()));
        columns = [.. Enumerable.Range(1, width).Select(i => $"Model endpoint {i}")];
        return [.. groups.Select(g => Row(g, width, seen, rangeName, byModel))];
    }

    private static MatrixRow Row(IGrouping<string, EndpointNow> group, int width, TimeSpan seen, string rangeName, bool byModel)
    {
        List<MatrixCellView?> cells = [.. group.OrderBy(e => e.Endpoint.Region, StringComparer.Ordinal).ThenBy(e => e.Endpoint.Id, StringComparer.Ordinal).Select(e => Cell(e, seen, rangeName, byModel))];
        while (cells.Count < width) cells.Add(null);
        double rate = group.Sum(e => e.Traffic?.Attempts ?? 0) / seen.TotalSeconds;
        return new MatrixRow(group.Key, Format.Rate(rate), cells);
    }

    private static MatrixCellView Cell(EndpointNow e, TimeSpan seen, string rangeName, bool byModel)
    {
        string place = byModel ? $"{e.Provider} {e.Endpoint.Region}" : e.Endpoint.Region.Length == 0 ? e.Endpoint.Title : $"{e.Endpoint.Region} · {e.Endpoint.Title}";
        if (e.Edges > 1 && e.State.IsAbnormal) place += $" · {e.EdgesInState} of {e.Edges} edges";
        bool quiet = e.Traffic is null || e.Traffic.Attempts == 0;
        return new MatrixCellView
        {
            State = e.State,
            Place = place,
            Href = Urls.EndpointHealth(e.Endpoint.Id),
            Rate = quiet ? null : e.Traffic!.Attempts / seen.TotalSeconds, // not quiet: there is traffic
            P50 = e.Traffic?.FirstTokenP50Ms,
            P90 = e.Traffic?.FirstTokenP90Ms,
            ErrorRatio = e.Traffic?.ErrorShare,
            Spark = quiet ? [] : e.Traffic!.FirstTokenP90Line, // as above
            Instead = e.State.Kind == BreakerKind.Isolated ? Isolated(e) : quiet ? $"no requests in {rangeName}" : null,
        };
    }

    // A fault of the configuration isolates, too: only without one was it a person.
    private static string Isolated(EndpointNow e) => e.Worst switch
    {
        { Fault: FailureKind.CredentialExchangeFailed } => "identity fault",
        { Fault: not null } => "configuration fault",
        { Until: { } until } => $"by a person, until {Format.Clock(until)} UTC",
        _ => "by a person",
    };

    private static EndpointNow Now(ModelEndpointView endpoint, EndpointTraffic? traffic, ImmutableArray<EndpointHealthView> views)
    {
        if (views.IsEmpty) return new EndpointNow(endpoint, traffic, BreakerView.NoTraffic, 0, 0, null);
        EndpointHealthView worst = views.MaxBy(Severity)!; // there is at least one
        BreakerView state = BreakerView.From(worst.State, worst.SharePercent);
        if (worst.State == BreakerState.Closed && (traffic?.Attempts ?? 0) == 0) state = BreakerView.NoTraffic;
        else if (worst.State == BreakerState.Closed && traffic!.Attempts < EnoughSamples) state = BreakerView.NotEnough(traffic.Attempts, EnoughSamples); // some traffic
        return new EndpointNow(endpoint, traffic, state, views.Count(v => v.State == worst.State && v.SharePercent == worst.SharePercent), views.Length, worst);
    }

    public static int Severity(EndpointHealthView view) => view.State switch
    {
        BreakerState.Open => 300,
        BreakerState.Isolated => 250,
        BreakerState.PartialOpen => 200 - view.SharePercent,
        _ => 0,
    };

    private static int Order(ProviderKind? kind) => kind is { } k ? (int)k : 99;
}
