using ControlPlane.Web.Ui;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Edges;

/// <summary>Makes a one-time token and shows exactly what to start the edge with.</summary>
public sealed partial class EnrolPanel
{
    private NewEnrolment? _made;
    private ConfirmDialog? _ask;
    private string _name = "";

    [Inject] private EdgeStore Edges { get; set; } = null!; // injected

    public async Task AskAndMakeAsync()
    {
        _name = "";
        if (await _ask!.AskAsync() is null) return; // rendered before the button works
        await ActAsync(async ct => _made = await Edges.CreateEnrolmentAsync(Me, _name.Trim(), ct));
        StateHasChanged();
    }

    protected override Task LoadAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Forget() => _made = null;

    private string Settings(string token) =>
        $"Edge__ControlPlane__Address={new Uri(Navigation.BaseUri).GetLeftPart(UriPartial.Authority)}\nEdge__ControlPlane__EnrolToken={token}";
}
