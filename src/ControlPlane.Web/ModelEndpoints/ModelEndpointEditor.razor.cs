using System.Collections.Immutable;
using ControlPlane.Web.Access;
using ControlPlane.Web.Breakers;
using ControlPlane.Web.Data;
using ControlPlane.Web.ProviderAccounts;
using ControlPlane.Web.Publishing;
using ControlPlane.Web.Shell;
using ControlPlane.Web.Ui;
using Microsoft.AspNetCore.Components;
using Routing.Core.Providers;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.ModelEndpoints;

/// <summary>One model endpoint: where it is, which model, how its health is judged.</summary>
public sealed partial class ModelEndpointEditor
{
    private static readonly (CapacityClass, string)[] _classes = [.. Enum.GetValues<CapacityClass>().Select(c => (c, NameOf(c)))];
    private static readonly (ModelFamily, string)[] _families = [.. Enum.GetValues<ModelFamily>().Select(f => (f, NameOf(f)))];
    private (string, string)[] _accounts = [];
    private Dictionary<string, ProviderAccountView> _accountsById = [];
    private (string, string)[] _breakers = [];
    private ConfirmDialog? _delete;

    [Parameter] public string? EndpointId { get; set; }

    [Inject] private ModelEndpointStore Endpoints { get; set; } = null!; // injected

    [Inject] private ProviderAccountStore Accounts { get; set; } = null!; // injected

    [Inject] private BreakerPolicyStore Policies { get; set; } = null!; // injected

    [Inject] private AddressRules Addresses { get; set; } = null!; // injected

    protected override string? Id => EndpointId;

    protected override string Path => $"modelEndpoints[{Form.Id}]";

    // Quirks that were left behind by a change of account are shown too: the validator refuses them.
    private bool SpeaksOpenAI => _accountsById.GetValueOrDefault(Form.Account)?.Provider is ProviderKind.OpenAICompatible or ProviderKind.AzureOpenAI || Form.Quirks.ToConfig() is not null;

    internal static string NameOf(ModelFamily family) => family switch
    {
        ModelFamily.Auto => "by the model's name",
        ModelFamily.Chat => "chat",
        ModelFamily.Claude => "Claude",
        ModelFamily.Embedding => "embeddings",
        ModelFamily.TitanEmbedding => "Titan embeddings",
        _ => "Cohere embeddings",
    };

    internal static string NameOf(CapacityClass capacity) => capacity switch
    {
        CapacityClass.OnDemand => "on-demand",
        CapacityClass.Reserved => "reserved",
        CapacityClass.Priority => "priority",
        _ => "flex",
    };

    protected override async Task LoadChoicesAsync(CancellationToken cancellationToken)
    {
        ImmutableArray<ProviderAccountView> accounts = await Accounts.ListAsync(cancellationToken);
        _accountsById = accounts.ToDictionary(a => a.Id, StringComparer.Ordinal);
        _accounts = [("", "Choose an account"), .. accounts.Select(a => (a.Id, a.Name.Length > 0 ? $"{a.Name} ({a.Id})" : a.Id))];
        _breakers = [("", "Built-in"), .. (await Policies.ListAsync(cancellationToken)).Select(p => (p.Id, p.Policy.Name.Length > 0 ? p.Policy.Name : p.Id))];
    }

    protected override Task<ModelEndpointView?> FindAsync(string id, CancellationToken cancellationToken) => Endpoints.FindAsync(id, cancellationToken);

    protected override ModelEndpointForm FormOf(ModelEndpointView view) => ModelEndpointForm.From(view);

    protected override long VersionOf(ModelEndpointView? view) => view?.Version ?? 0;

    protected override void SetVersion(long version) => Form.Version = version;

    protected override string UrlOf(ModelEndpointView view) => Urls.Endpoint(view.Id);

    protected override Task<SaveResult<ModelEndpointView>> StoreAsync(Actor actor, CancellationToken cancellationToken) => Endpoints.SaveAsync(actor, Form, cancellationToken);

    protected override ImmutableArray<SnapshotProblem> Check()
    {
        var row = new ModelEndpoint { Id = ObjectCheck.StandIn };
        Form.WriteTo(row);
        return ObjectCheck.Add(base.Check(), new RoutingSnapshot
        {
            ModelEndpoints = [DraftReader.Endpoint(row)],
            Accounts = [.. _accountsById.Values.Select(a => new ProviderAccountConfig { Id = a.Id, Provider = a.Provider, Credential = new CredentialConfig { Kind = a.CredentialKind } })],
            Breakers = [.. _breakers.Where(b => b.Item1.Length > 0).Select(b => new BreakerPolicyConfig { Id = b.Item1 })],
        }, Addresses, "modelEndpoints", Path);
    }

    private void SetCapabilities(string text) => Form.Capabilities = [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    private async Task DeleteAsync()
    {
        if (Stored is not { } stored || await _delete!.AskAsync() is null) return; // rendered with the button
        SaveResult<ModelEndpointView>? result = null;
        if (!await ActAsync(async ct => result = await Endpoints.DeleteAsync(Me, stored.Id, stored.Version, ct)) || result is null) return;
        if (!result.Ok)
        {
            Show(result);
            return;
        }
        Forget();
        Navigation.NavigateTo(Urls.Endpoints);
    }
}
