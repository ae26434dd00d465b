using ControlPlane.Web.Ui;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace ControlPlane.Web.Shell;

/// <summary>Keeps one page's exception from ending the circuit, and gives the reader a reference that is also in the log.</summary>
public sealed partial class PageErrorBoundary : ErrorBoundaryBase
{
    private string? _reference;

    [Inject] private ILogger<PageErrorBoundary> Logger { get; set; } = null!; // injected

    [Inject] private TimeProvider Time { get; set; } = null!; // injected

    protected override Task OnErrorAsync(Exception exception)
    {
        _reference = ErrorReference.Next(Time);
        LogPageFailed(Logger, exception, _reference);
        return Task.CompletedTask;
    }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        if (CurrentException is null)
        {
            builder.AddContent(0, ChildContent);
            return;
        }
        builder.OpenComponent<PageFrame>(1);
        builder.AddComponentParameter(2, nameof(PageFrame.Title), "This page stopped working");
        builder.AddComponentParameter(3, nameof(PageFrame.ChildContent), (RenderFragment)(body =>
        {
            body.OpenComponent<ErrorState>(0);
            body.AddComponentParameter(1, nameof(ErrorState.Title), "The page failed while it was drawn");
            body.AddComponentParameter(2, nameof(ErrorState.Reference), _reference);
            body.AddComponentParameter(3, nameof(ErrorState.Retry), EventCallback.Factory.Create(this, Recover));
            body.AddComponentParameter(4, nameof(ErrorState.Text), (RenderFragment)(text => text.AddContent(0, "What you saved before is kept. Edges keep serving.")));
            body.CloseComponent();
        }));
        builder.CloseComponent();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A page failed while it was drawn; reference {Reference}")]
    private static partial void LogPageFailed(ILogger logger, Exception exception, string reference);
}
