using System.Collections.Immutable;
using ControlPlane.Web.Access;
using ControlPlane.Web.Breakers;
using ControlPlane.Web.Data;
using ControlPlane.Web.Edges;
using ControlPlane.Web.ModelEndpoints;
using ControlPlane.Web.Shell;
using ControlPlane.Web.Ui;
using ControlPlane.Web.Ui.Charts;
using Microsoft.AspNetCore.Components;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Insights;

/// <summary>One model endpoint: the breaker's band and the charts that explain it.</summary>
public sealed partial class EndpointPage
{
    private static readonly IReadOnlyList<TimeSpan> Ends = [TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(24)];

    private ConfirmDialog? _isolate;
    private ConfirmDialog? _force;
    private BreakerState _forceTo = BreakerState.PartialOpen;
    private int _forceShare = 10;
    private EndpointNow? _now;
    private IsolationView? _manual;
    private ImmutableArray<EndpointPoint> _points = [];
    private ImmutableArray<BreakerMove> _moves = [];
    private ImmutableArray<IdentityHealthView> _identities = [];
    private IReadOnlyList<StateSpan> _spans = [];
    private IReadOnlyList<ChartSeries> _firstToken = [];
    private IReadOnlyList<ChartSeries> _errors = [];
    private IReadOnlyList<ChartSeries> _total = [];
    private IReadOnlyList<ChartSeries> _spend = [];
    private IReadOnlyList<ChartAnnotation> _annotations = [];
    private IReadOnlyList<string> _labels = [];
    private ChartLimit? _limit;
    private IReadOnlyList<double> _ramp = StateBandModel.DefaultRamp;
    private DateTimeOffset _to;
    private bool _missing;
    private string _said = "";

    /// <summary>Model endpoint.</summary>
    [Parameter] public string Id { get; set; } = "";

    [SupplyParameterFromQuery(Name = TimeRange.QueryName)]
    private string? From { get; set; }

    [Inject] private UsageQueries Usage { get; set; } = null!; // injected

    [Inject] private EdgeBoard Board { get; set; } = null!; // injected

    [Inject] private ModelEndpointStore Endpoints { get; set; } = null!; // injected

    [Inject] private BreakerPolicyStore Breakers { get; set; } = null!; // injected

    [Inject] private IsolationStore Isolations { get; set; } = null!; // injected

    [Inject] private CurrentActor User { get; set; } = null!; // injected

    private TimeRange Range => TimeRange.Parse(From);

    private DateTimeOffset From_ => _points.IsEmpty ? _to - Range.Length : _points[0].At;

    // Over the time since its first call: a range that reaches back before it would make it small.
    private double Rate => _points.FirstOrDefault(p => p.Attempts > 0) is { } first ? _points.Sum(p => p.Attempts) / (_to - first.At).TotalSeconds : 0;

    private double Share => (_now?.Worst?.State ?? BreakerState.Closed) == BreakerState.Closed ? 1 : (_now!.Worst!.SharePercent / 100.0); // not closed: there is a worst

    private string SpendText => Format.Money(_points.Sum(p => p.PrimaryMicros + p.OtherMicros));

    private string LastMove => _moves.IsEmpty ? "No breaker has moved in this range." : $"{Format.ClockSeconds(_moves[^1].At)} {_moves[^1].Sentence}";

    private string FailedRequests => Urls.WithQuery(Urls.RequestsFailedOn(Id), TimeRange.QueryName, Range == TimeRange.Default ? null : Range.Key);

    private static string Counted(int count, string word) => $"{count} {word}{(count == 1 ? "" : "s")}";

    private string ByHand => _manual is not { } manual ? "" : (manual.SharePercent switch
    {
        null => "Isolated",
        0 => "Forced open",
        100 => "Forced closed; the breaker may trip again",
        { } share => $"Forced to at most {share}{Format.Nbsp}%",
    }) + $", by {manual.By} until {Format.Clock(manual.Until)} UTC: {manual.Reason}";

    private string ForceMeaning => _forceTo switch
    {
        BreakerState.Open => "Other candidates take over; it is asked only when none of them is left.",
        BreakerState.Closed => "All traffic comes at once, without a ramp. The breaker trips again by itself if calls fail.",
        _ => "Enters that share now and widens no further until the end; failures still narrow and open it.",
    };

    private string Next => _now?.Worst switch
    {
        null => "No edge is heard; its state is unknown.",
        { State: BreakerState.PartialOpen } worst when _manual is { SharePercent: { } share } manual && worst.SharePercent >= share => $"Held at {share}{Format.Nbsp}% until {Format.Clock(manual.Until)} UTC.",
        { State: BreakerState.PartialOpen } worst => $"Widens at {worst.StageNeeded} successes: {worst.StageSuccesses} of {worst.StageNeeded}.",
        { State: BreakerState.Open, Until: { } until } => $"Open; next try at {Format.ClockSeconds(until)} UTC.",
        { Fault: FailureKind.CredentialExchangeFailed } worst => $"{worst.Reason} {IdentitySentence}".TrimEnd(),
        { State: BreakerState.Isolated, Until: { } until } worst => $"{worst.Reason} Until {Format.Clock(until)} UTC.",
        _ => "All traffic passes.",
    };

    /// <summary>What the first edge with trouble says of the account's identity.</summary>
    private string IdentitySentence => _identities.FirstOrDefault(i => i.Account == _now?.Endpoint.Account && i.State is IdentityState.Fault or IdentityState.LastGood)?.Sentence ?? "";

    protected override TimeSpan Interval => TimeSpan.FromSeconds(3);

    protected override async Task OnParametersSetAsync()
    {
        if (_now is not null) await RefreshNowAsync();
    }

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        if (await Endpoints.FindAsync(Id, cancellation) is not { } endpoint)
        {
            _missing = true;
            return;
        }
        (DateTimeOffset from, DateTimeOffset to) = Range.At(Time.GetUtcNow());
        _points = await Usage.EndpointSeriesAsync(Id, from, to, Range.Step, cancellation);
        _moves = await Usage.TransitionsAsync(Id, from, to, cancellation);
        _manual = (await Isolations.ListAsync(cancellation)).FirstOrDefault(i => i.ModelEndpoint == Id);
        ImmutableArray<EndpointTraffic> traffic = await Usage.EndpointsAsync(from, to, cancellation);
        ImmutableArray<EdgeHealth> live = await Board.LiveAsync(cancellation);
        _identities = [.. live.SelectMany(e => e.Identities)];
        _now = HealthModel.Endpoints([endpoint], [.. traffic.Where(t => t.ModelEndpoint == Id)], live)[0];
        _to = to;
        await PolicyAsync(endpoint, cancellation);
        Draw(to);
    }

    private async Task PolicyAsync(ModelEndpointView endpoint, CancellationToken cancellation)
    {
        BreakerPolicyConfig policy = (endpoint.Breaker.Length == 0 ? null : (await Breakers.FindAsync(endpoint.Breaker, cancellation))?.Policy) ?? BreakerPolicyConfig.Default;
        _ramp = [.. policy.RampPercent.Select(p => p / 100.0)];
        int limit = policy.FirstTokenP90Ms;
        _limit = limit > 0 ? new ChartLimit(limit, $"limit {Format.Latency(limit)}") : null;
    }

    private void Draw(DateTimeOffset to)
    {
        _spans = BreakerBand.Spans(_moves, From_, to, _now?.Worst is not null);
        _firstToken = [Line("p50", 1, p => p.FirstTokenP50Ms, SeriesStroke.P50), Line("p90", 1, p => p.FirstTokenP90Ms, SeriesStroke.P90), Line("p99", 1, p => p.FirstTokenP99Ms, SeriesStroke.P99)];
        _total = [Line("p50", 3, p => p.DurationP50Ms, SeriesStroke.P50), Line("p90", 3, p => p.DurationP90Ms, SeriesStroke.P90)];
        _spend = [new ChartSeries("Primary", 1, [.. _points.Select(p => (double?)p.PrimaryMicros)], Area: true), new ChartSeries("Other causes", 2, [.. _points.Select(p => (double?)p.OtherMicros)])];
        _errors = [Share("5xx", 5, p => p.ServerErrors), Share("429", 2, p => p.RateLimited), Share("Timeout", 8, p => p.Timeouts), Share("Other", 4, p => p.OtherErrors)];
        _labels = [.. _points.Select(p => Format.Clock(p.At))];
        _annotations = Apart(to);

        ChartSeries Line(string name, int hue, Func<EndpointPoint, int?> value, SeriesStroke stroke) => new(name, hue, [.. _points.Select(p => (double?)value(p))], stroke);
        ChartSeries Share(string name, int hue, Func<EndpointPoint, long> value) => new(name, hue, [.. _points.Select(p => p.Attempts == 0 ? (double?)null : (double)value(p) / p.Attempts)]);
    }

    // Moves in quick succession would print over each other: of those closer than a fifteenth of the range the last one is named.
    private List<ChartAnnotation> Apart(DateTimeOffset to)
    {
        TimeSpan gap = (to - From_) / 15;
        List<ChartAnnotation> shown = [];
        foreach (BreakerMove move in _moves.Where(m => m.At >= From_))
        {
            if (shown.Count > 0 && move.At - shown[^1].At < gap) shown.RemoveAt(shown.Count - 1);
            shown.Add(new ChartAnnotation(move.At, Word(move)));
        }
        return shown;
    }

    private static string Word(BreakerMove move) => move.To switch
    {
        BreakerState.Open => "open",
        BreakerState.Isolated => "isolated",
        BreakerState.PartialOpen => $"{move.SharePercent}{Format.Nbsp}%",
        _ => "closed",
    };

    private async Task IsolateAsync()
    {
        if (_isolate is null || await _isolate.AskAsync() is not { } answer) return;
        await SayAsync(async actor =>
        {
            SaveResult<IsolationView> result = await Isolations.IsolateAsync(actor, Id, answer.Duration ?? Ends[1], answer.Reason ?? "", CancellationToken.None);
            return result.Ok ? "" : string.Join(" ", result.Problems.Select(p => p.Message));
        });
    }

    private async Task ForceAsync()
    {
        if (_force is null || await _force.AskAsync() is not { } answer) return;
        int share = _forceTo switch { BreakerState.Open => 0, BreakerState.Closed => 100, _ => _forceShare };
        await SayAsync(async actor =>
        {
            SaveResult<IsolationView> result = await Isolations.ForceAsync(actor, Id, share, answer.Duration ?? Ends[1], answer.Reason ?? "", CancellationToken.None);
            return result.Ok ? "" : string.Join(" ", result.Problems.Select(p => p.Message));
        });
    }

    private Task ReleaseAsync() => SayAsync(async actor =>
        await Isolations.ReleaseAsync(actor, Id, "released from the endpoint page", CancellationToken.None) ? "Released; traffic comes back step by step." : "Nothing was set by hand any more.");

    private async Task SayAsync(Func<Actor, Task<string>> act)
    {
        try
        {
            _said = await act(await User.GetAsync());
        }
        catch (AccessDeniedException e)
        {
            _said = e.Message;
        }
        await RefreshNowAsync();
    }
}
