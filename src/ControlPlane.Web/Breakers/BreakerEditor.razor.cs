using ControlPlane.Web.Access;
using ControlPlane.Web.Data;
using ControlPlane.Web.Editing;
using ControlPlane.Web.Shell;
using ControlPlane.Web.Ui;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Breakers;

/// <summary>All thresholds of one policy, each with its unit, limit and meaning.</summary>
public sealed partial class BreakerEditor
{
    private ConfirmDialog? _delete;

    [Parameter] public string? PolicyId { get; set; }

    [Inject] private BreakerPolicyStore Policies { get; set; } = null!; // injected

    protected override string? Id => PolicyId;

    protected override string Path => $"breakers[{Form.Id}]";

    protected override Task<BreakerPolicyView?> FindAsync(string id, CancellationToken cancellationToken) => Policies.FindAsync(id, cancellationToken);

    protected override BreakerPolicyForm FormOf(BreakerPolicyView view) => BreakerPolicyForm.From(view);

    protected override long VersionOf(BreakerPolicyView? view) => view?.Version ?? 0;

    protected override void SetVersion(long version) => Form.Version = version;

    protected override string UrlOf(BreakerPolicyView view) => Urls.Breaker(view.Id);

    protected override Task<SaveResult<BreakerPolicyView>> StoreAsync(Actor actor, CancellationToken cancellationToken) => Policies.SaveAsync(actor, Form, cancellationToken);

    private RenderFragment Number(string field, string label, string unit, int least, int most, int value, Action<int> set, string hint) => builder =>
    {
        builder.OpenComponent<NumberField>(0);
        builder.AddComponentParameter(1, nameof(NumberField.Id), field);
        builder.AddComponentParameter(2, nameof(NumberField.Label), label);
        builder.AddComponentParameter(3, nameof(NumberField.Unit), unit);
        builder.AddComponentParameter(4, nameof(NumberField.Min), least);
        builder.AddComponentParameter(5, nameof(NumberField.Max), most);
        builder.AddComponentParameter(6, nameof(NumberField.Value), value);
        builder.AddComponentParameter(7, nameof(NumberField.ValueChanged), EventCallback.Factory.Create(this, set));
        builder.AddComponentParameter(8, nameof(NumberField.Hint), hint);
        builder.AddComponentParameter(9, nameof(NumberField.Problem), ProblemOf(field));
        builder.AddComponentParameter(10, nameof(NumberField.Disabled), !IsAdmin);
        builder.CloseComponent();
    };

    private async Task DeleteAsync()
    {
        if (Stored is not { } stored || await _delete!.AskAsync() is null) return; // rendered with the button
        SaveResult<BreakerPolicyView>? result = null;
        if (!await ActAsync(async ct => result = await Policies.DeleteAsync(Me, stored.Id, stored.Version, ct)) || result is null) return;
        if (!result.Ok)
        {
            Show(result);
            return;
        }
        Forget();
        Navigation.NavigateTo(Urls.Breakers);
    }
}
