using System.Collections.Immutable;
using ControlPlane.Web.Access;
using ControlPlane.Web.Data;
using ControlPlane.Web.Publishing;
using ControlPlane.Web.Shell;
using ControlPlane.Web.Ui;
using Microsoft.AspNetCore.Components;
using Routing.Core.Providers;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.ProviderAccounts;

/// <summary>One account; its credential is written here and never read back.</summary>
public sealed partial class ProviderAccountEditor
{
    private static readonly (ProviderKind, string)[] _providers = [.. Enum.GetValues<ProviderKind>().Select(p => (p, NameOf(p)))];
    private static readonly (CredentialKind Kind, string Name)[] _kinds =
    [
        (CredentialKind.Federated, "federated identity"), (CredentialKind.Ambient, "ambient identity"), (CredentialKind.ApiKey, "static: API key"),
        (CredentialKind.AwsKeys, "static: AWS keys"), (CredentialKind.ServiceAccountKey, "static: Google service-account key"), (CredentialKind.None, "none"),
    ];
    private static readonly (FederationProof, string)[] _proofs = [(FederationProof.OidcToken, "OIDC token of the home"), (FederationProof.AwsRequest, "signed AWS request")];
    private readonly Dictionary<string, string> _secret = new(StringComparer.Ordinal);
    private ImmutableArray<SnapshotProblem> _secretProblems = [];
    private ConfirmDialog? _delete;

    // What this provider can have, and what the account has all the same: a wrong one must be seen to be changed.
    private IReadOnlyList<(CredentialKind, string)> Kinds => [.. _kinds.Where(k => StaticCredentials.Fits(Form.Provider, k.Kind) || k.Kind == Form.CredentialKind)];

    private bool CanProve => Me.Role >= Role.Operator;

    [Parameter] public string? AccountId { get; set; }

    [Inject] private ProviderAccountStore Accounts { get; set; } = null!; // injected

    [Inject] private AddressRules Addresses { get; set; } = null!; // injected

    protected override string? Id => AccountId;

    protected override string Path => $"accounts[{Form.Id}]";

    internal static string NameOf(ProviderKind provider) => provider switch
    {
        ProviderKind.Bedrock => "Amazon Bedrock",
        ProviderKind.Vertex => "Google Vertex AI",
        ProviderKind.AzureOpenAI => "Azure OpenAI",
        ProviderKind.Anthropic => "Anthropic",
        _ => "OpenAI-compatible",
    };

    internal static string CredentialText(ProviderAccountView account) => account switch
    {
        { CredentialKind: CredentialKind.None } => "needs none",
        { CredentialKind: CredentialKind.Federated } => "federated identity, no secret",
        { CredentialKind: CredentialKind.Ambient } => "ambient identity, no secret",
        { References.Count: > 0 } => "must be set here: it refers to the edges' machines",
        { Secret: { Present: true } secret } => $"{(secret.Hint.Length > 1 ? $"ends in {secret.Hint}, " : "")}set {Format.DayAndClock(secret.SetAt)} by {secret.SetBy}",
        { Secret: { } secret } => $"dropped: {secret.VoidedBecause}",
        _ => "not set",
    };

    // Kind and secret as stored belong together; a kind that is only chosen has no secret yet.
    private bool HasStored => Stored is { Secret.Present: true } stored && stored.CredentialKind == Form.CredentialKind;

    private string CredentialNote => Stored is { } stored && stored.CredentialKind == Form.CredentialKind ? CredentialText(stored) : "not set";

    protected override ImmutableArray<SnapshotProblem> Check()
    {
        var row = new ProviderAccount { Id = ObjectCheck.StandIn };
        Form.WriteTo(row);
        return ObjectCheck.Add(base.Check(), new RoutingSnapshot { Accounts = [DraftReader.Account(row, "")] }, Addresses, "accounts", Path);
    }

    protected override Task<ProviderAccountView?> FindAsync(string id, CancellationToken cancellationToken) => Accounts.FindAsync(id, cancellationToken);

    protected override ProviderAccountForm FormOf(ProviderAccountView view) => ProviderAccountForm.From(view);

    protected override long VersionOf(ProviderAccountView? view) => view?.Version ?? 0;

    protected override void SetVersion(long version) => Form.Version = version;

    protected override string UrlOf(ProviderAccountView view) => Urls.Provider(view.Id);

    protected override Task<SaveResult<ProviderAccountView>> StoreAsync(Actor actor, CancellationToken cancellationToken) => Accounts.SaveAsync(actor, Form, cancellationToken);

    private string? TrustProblem(string field) => ProblemOf($"credential.federation.{field}");

    private string? SecretProblem(string field) => _secretProblems.FirstOrDefault(p => p.Path.EndsWith($".{field}", StringComparison.Ordinal))?.Message;

    private async Task SetSecretAsync()
    {
        if (Stored is not { } stored) return;
        SaveResult<ProviderAccountView>? result = null;
        _secretProblems = [];
        // What was typed for another kind of credential is no part of this one.
        Dictionary<string, string> fields = CredentialFields.Of(stored.CredentialKind).ToDictionary(f => f.Name, f => _secret.GetValueOrDefault(f.Name, ""), StringComparer.Ordinal);
        if (!await ActAsync(async ct => result = await Accounts.SetSecretAsync(Me, stored.Id, fields, ct)) || result is null) return;
        _secretProblems = result.Problems;
        if (!result.Ok) return;
        _secret.Clear();
        Show(result);
    }

    private async Task DeleteAsync()
    {
        if (Stored is not { } stored || await _delete!.AskAsync() is null) return; // rendered with the button
        SaveResult<ProviderAccountView>? result = null;
        if (!await ActAsync(async ct => result = await Accounts.DeleteAsync(Me, stored.Id, stored.Version, ct)) || result is null) return;
        if (!result.Ok)
        {
            Show(result);
            return;
        }
        Forget();
        Navigation.NavigateTo(Urls.Providers);
    }
}
