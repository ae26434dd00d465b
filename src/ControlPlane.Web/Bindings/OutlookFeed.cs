using ControlPlane.Web.Ui;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Bindings;

/// <summary>Keeps the outlook of a binding fresh under an editor that itself reads once. Shows nothing.</summary>
public sealed class OutlookFeed : LiveComponent
{
    private string _asked = "";

    [Parameter, EditorRequired] public string Feature { get; set; } = "";

    /// <summary>Model endpoints chosen in the editor; another choice is read at once.</summary>
    [Parameter, EditorRequired] public IReadOnlyCollection<string> Endpoints { get; set; } = [];

    [Parameter] public EventCallback<BindingOutlook> Read { get; set; }

    [Inject] private BindingOutlookQueries Queries { get; set; } = null!; // injected

    // Slower than a health page: figures beside a field that is being filled in should not flicker.
    protected override TimeSpan Interval => TimeSpan.FromSeconds(10);

    private string Asked => string.Join('\n', Endpoints.Prepend(Feature));

    protected override async Task OnParametersSetAsync()
    {
        if (_asked.Length > 0 && _asked != Asked) await RefreshNowAsync();
    }

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        _asked = Asked;
        await Read.InvokeAsync(await Queries.ReadAsync(Feature, Endpoints, cancellation));
    }
}
