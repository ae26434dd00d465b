using System.Collections.Immutable;
using ControlPlane.Web.Access;
using ControlPlane.Web.Data;
using ControlPlane.Web.ModelEndpoints;
using ControlPlane.Web.Shell;
using ControlPlane.Web.Ui;
using Microsoft.AspNetCore.Components;
using Routing.Core.Providers;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Bindings;

/// <summary>The binding of one feature: ordered candidates, deadlines, what is wrong, what will happen to a call.</summary>
public sealed partial class BindingEditor
{
    private ImmutableArray<ModelEndpointView> _endpoints = [];
    private ConfirmDialog? _delete;
    private BindingOutlook? _outlook;
    private RoutingSnapshot? _draft;

    [Parameter] public string? Name { get; set; }

    [Inject] private BindingStore Bindings { get; set; } = null!; // injected

    [Inject] private ModelEndpointStore EndpointStore { get; set; } = null!; // injected

    [Inject] private AddressRules Addresses { get; set; } = null!; // injected

    protected override string? Id => Name;

    protected override string Path => $"features[{Form.Name}]";

    private string Summary
    {
        get
        {
            int answering = Form.Candidates.Count(c => !c.IsShadow), shadows = Form.Candidates.Count - answering;
            string candidates = (answering == 1 ? "1 candidate" : $"{answering} candidates") + (shadows == 0 ? "" : shadows == 1 ? ", 1 shadow" : $", {shadows} shadows");
            string slo = Form.SloFirstTokenMs > 0 ? $" · SLO TTFT p90 {Format.Latency(Form.SloFirstTokenMs)}" : "";
            return (Form.Owner.Length > 0 ? $"owner {Form.Owner} · " : "") + candidates + slo;
        }
    }

    protected override ImmutableArray<SnapshotProblem> Warnings => IsNew || _draft is null || !Check().IsEmpty ? [] : BindingWarnings.Of(Form, _draft, Addresses, Path);

    protected override async Task LoadChoicesAsync(CancellationToken cancellationToken)
    {
        _endpoints = await EndpointStore.ListAsync(cancellationToken);
        _draft = await Bindings.DocumentAsync(cancellationToken);
    }

    protected override Task<BindingView?> FindAsync(string id, CancellationToken cancellationToken) => Bindings.FindAsync(id, cancellationToken);

    protected override BindingForm FormOf(BindingView view) => BindingForm.From(view);

    protected override long VersionOf(BindingView? view) => view?.Version ?? 0;

    protected override void SetVersion(long version) => Form.Version = version;

    protected override string UrlOf(BindingView view) => Urls.EditFeature(view.Name);

    protected override Task<SaveResult<BindingView>> StoreAsync(Actor actor, CancellationToken cancellationToken) =>
        Bindings.SaveAsync(actor, Form, cancellationToken);

    protected override ImmutableArray<SnapshotProblem> Check() =>
    [
        .. FormCheck.Of(Form, Path),
        .. Form.Candidates.SelectMany((c, i) => FormCheck.Of(c, $"{Path}.candidates[{i}]")),
        .. Form.Candidates.Where(c => !c.IsShadow).GroupBy(c => c.Tier).Where(t => t.Sum(c => c.Weight) != 100).Select(t => new SnapshotProblem(
            $"{Path}.candidates", "weight_sum", $"Tier {t.Key} adds up to {t.Sum(c => c.Weight)} %; it must be 100 %.")),
    ];

    private static string Was(int? stored, int now, string otherwise) => stored is { } was && was != now ? $"was {Format.Number(was, 0)}" : otherwise;

    private string TitleOf(CandidateForm candidate) => candidate.ModelEndpoint.Length > 0 ? TitleOf(candidate.ModelEndpoint) : "a candidate without a model endpoint";

    private string TitleOf(string endpointId) => _endpoints.FirstOrDefault(e => e.Id == endpointId) is { } endpoint
        ? endpoint.Region.Length > 0 ? $"{endpoint.Title} in {endpoint.Region}" : endpoint.Title
        : endpointId;

    private async Task DeleteAsync()
    {
        if (Stored is not { } stored || await _delete!.AskAsync() is null) return; // rendered with the button
        SaveResult<BindingView>? result = null;
        if (!await ActAsync(async ct => result = await Bindings.DeleteAsync(Me, stored.Name, stored.Version, ct)) || result is null) return;
        if (result.Ok)
        {
            Forget();
            Navigation.NavigateTo(Urls.Features);
        }
        else
        {
            Show(result);
        }
    }
}
