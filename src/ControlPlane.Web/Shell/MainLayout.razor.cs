using ControlPlane.Web.Ui;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.JSInterop;

namespace ControlPlane.Web.Shell;

/// <summary>The frame of every page: header, navigation, content with its error boundary, status region.</summary>
public sealed partial class MainLayout : IAsyncDisposable
{
    private PageErrorBoundary? _boundary;
    private DotNetObjectReference<MainLayout>? _self;
    private IJSObjectReference? _module;
    private IJSObjectReference? _visibility;

    [Inject] private LiveState Live { get; set; } = null!; // injected

    [Inject] private PendingChanges Pending { get; set; } = null!; // injected

    [Inject] private Announcer Announcer { get; set; } = null!; // injected

    [Inject] private NavigationManager Navigation { get; set; } = null!; // injected

    [Inject] private IJSRuntime Js { get; set; } = null!; // injected

    /// <summary>A bare "#main" would lead to the site root, because of the base element.</summary>
    private string Here => Navigation.ToBaseRelativePath(Navigation.Uri).Split('#')[0];

    [JSInvokable]
    public void SetHidden(bool hidden) => Live.SetHidden(hidden);

    public async ValueTask DisposeAsync()
    {
        Pending.Changed -= Refresh;
        Announcer.Changed -= Refresh;
        Navigation.LocationChanged -= LeaveError;
        try
        {
            if (_visibility is not null)
            {
                await _visibility.InvokeVoidAsync("dispose");
                await _visibility.DisposeAsync();
            }
            if (_module is not null)
                await _module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The browser is gone, and its listeners with it.
        }
        _self?.Dispose();
    }

    protected override void OnInitialized()
    {
        Pending.Changed += Refresh;
        Announcer.Changed += Refresh;
        Navigation.LocationChanged += LeaveError;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        _self = DotNetObjectReference.Create(this);
        _module = await Js.InvokeAsync<IJSObjectReference>("import", "/js/shell.js");
        _visibility = await _module.InvokeAsync<IJSObjectReference>("watchVisibility", _self);
    }

    private void LeaveError(object? sender, LocationChangedEventArgs change) => _boundary?.Recover();

    private void Refresh() => _ = InvokeAsync(StateHasChanged);
}
