using System.Collections.Immutable;
using ControlPlane.Web.Access;
using ControlPlane.Web.Ui;
using Microsoft.AspNetCore.Components;
using Routing.Core.Snapshots;
using Routing.Identity;

namespace ControlPlane.Web.ProviderAccounts;

/// <summary>Proves one account and shows which step failed and what to check.</summary>
public sealed partial class ProofPanel
{
    private ImmutableArray<ProofStep> _steps = [];
    private string? _failure;
    private bool _busy;
    private bool _isNew;
    private ElementReference _list;

    [Parameter, EditorRequired] public string AccountId { get; set; } = "";

    /// <summary>Of the stored account.</summary>
    [Parameter, EditorRequired] public CredentialKind Kind { get; set; }

    /// <summary>There are edits that are not saved: what would be proven is not what is shown.</summary>
    [Parameter] public bool Disabled { get; set; }

    [Inject] private IdentityProofs Proofs { get; set; } = null!; // injected

    [Inject] private IdentityOptions Identity { get; set; } = null!; // injected

    [Inject] private CurrentActor User { get; set; } = null!; // injected

    private bool IsIdentity => Kind is CredentialKind.Federated or CredentialKind.Ambient;

    private string Origin => !IsIdentity ? "from this control plane" : Identity.Home switch
    {
        HomeKind.File => "as this control plane, which proves itself by a token file",
        HomeKind.Aws => "as this control plane, which proves itself by AWS",
        HomeKind.Google => "as this control plane, which proves itself by Google Cloud",
        HomeKind.Azure => "as this control plane, which proves itself by Azure",
        _ => "as this control plane, which has no identity set up",
    };

    private string Words => IsIdentity
        ? "Obtains the credential anew, step by step, and makes one tiny call with it. Tokens are never shown. Each edge does the same with an identity of its own."
        : Kind == CredentialKind.None ? "Makes one tiny call, without a credential as the account says." : "Makes one tiny call with the stored credential, which is never shown.";

    // Below the fold and behind the bar that saves, they would look like nothing.
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_isNew || _busy) return;
        _isNew = false;
        await _list.FocusAsync();
    }

    // The button stays on meanwhile: one that is off would take the keyboard's place away.
    private async Task ProveAsync()
    {
        if (_busy) return;
        (_busy, _failure, _steps) = (true, null, []);
        try
        {
            if (await Proofs.RunAsync(await User.GetAsync(), AccountId, CancellationToken.None) is { } steps) (_steps, _isNew) = (steps, true);
            else _failure = "There is no such account any more.";
        }
        catch (AccessDeniedException e)
        {
            _failure = e.Message;
        }
        finally
        {
            _busy = false;
        }
    }

    private static IconName IconOf(ProofOutcome outcome) => outcome switch { ProofOutcome.Ok => IconName.Check, ProofOutcome.Failed => IconName.Error, _ => IconName.Info };

    private static string ColourOf(ProofOutcome outcome) => outcome switch { ProofOutcome.Ok => "good", ProofOutcome.Failed => "bad", _ => "m" };

    private static string WordOf(ProofOutcome outcome) => outcome switch { ProofOutcome.Ok => "ok", ProofOutcome.Failed => "failed", _ => "not reached" };
}
