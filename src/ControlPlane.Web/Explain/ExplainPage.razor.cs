using System.Globalization;
using ControlPlane.Web.Access;
using ControlPlane.Web.Shell;
using ControlPlane.Web.Ui;
using Microsoft.AspNetCore.Components;
using Routing.Core.Llm;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Explain;

/// <summary>Where a call of a feature would go now, and why: edge by edge, from what each reported. What is asked about is in the address.</summary>
public sealed partial class ExplainPage
{
    private CallsNow? _now;
    private CallsNowVerdict? _verdict;

    [SupplyParameterFromQuery(Name = "feature")] private string? Feature { get; set; }
    [SupplyParameterFromQuery(Name = "api")] private string? Api { get; set; }
    [SupplyParameterFromQuery(Name = "stream")] private string? Stream { get; set; }
    [SupplyParameterFromQuery(Name = "input")] private string? Input { get; set; }
    [SupplyParameterFromQuery(Name = "limit")] private string? Limit { get; set; }
    [SupplyParameterFromQuery(Name = "needs")] private string? Needs { get; set; }

    [Inject] private CallsNowQueries Queries { get; set; } = null!; // injected

    [Inject] private CurrentActor Signed { get; set; } = null!; // injected

    [Inject] private NavigationManager Navigation { get; set; } = null!; // injected

    [Inject] private Announcer Announcer { get; set; } = null!; // injected

    protected override TimeSpan Interval => TimeSpan.FromSeconds(2);

    private CallShape Shape { get; set; } = new();

    protected override async Task OnParametersSetAsync()
    {
        Shape = CallShape.Parse(Api, Stream, Input, Limit, Needs);
        if (_now is not null) await RefreshNowAsync();
    }

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        Shape = CallShape.Parse(Api, Stream, Input, Limit, Needs);
        CallsNow now = await Queries.ReadAsync(await Signed.GetAsync(), Feature, Shape, cancellation);
        CallsNowVerdict? verdict = now.Edges.IsEmpty ? null : CallsNowVerdict.Of(now);
        if (_now is not null && verdict is not null && verdict.Sentence != _verdict?.Sentence) Announcer.Say(verdict.Sentence);
        (_now, _verdict) = (now, verdict);
    }

    private IEnumerable<string> Unknown(FeatureConfig feature)
    {
        yield return "Edges report every two seconds. What has changed since is not in it, and a call in a share or by chance may go either way.";
        if (feature.Affinity != AffinityMode.None || feature.Candidates.Any(c => c.Role == CandidateRole.Experiment))
            yield return "A call that names its user or conversation may be kept where calls of that key go.";
        if (!Shape.IsEmbedding) yield return "Single fields of a request may keep it from a candidate that takes the rest: paste the request itself into the command to see.";
        if (feature.HedgePercent > 0) yield return "A slow call may be answered by a second provider that is asked beside the first.";
        yield return "The cost is by the prices of now: the input as text nobody has cached, the answer as long as those of the last hour, at most as long as it may be.";
    }

    private static string Word(int tokens) => tokens.ToString(CultureInfo.InvariantCulture);

    private void Toggle(Capabilities need, bool on) =>
        Show("needs", (Shape with { Needs = on ? Shape.Needs | need : Shape.Needs & ~need }).NeedsKey);

    private void Show(string name, string? value) =>
        Navigation.NavigateTo(Urls.WithQuery("/" + Navigation.ToBaseRelativePath(Navigation.Uri), name, string.IsNullOrWhiteSpace(value) ? null : value), replace: true);

    // Enter in a field changes it, which is what asks.
    private static void Nothing() { }
}
