using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Ui;

/// <summary>
/// Base of everything that refreshes by itself. Loads once when it first renders, then on the shared tick, unless the reader paused or hid
/// the tab. One refresh at a time; a failed one keeps the last good values and shows in <see cref="Failure"/>.
/// </summary>
public abstract partial class LiveComponent : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private IDisposable? _subscription;
    private bool _wasRunning = true;

    [Inject] protected LiveTicker Ticker { get; set; } = null!; // injected

    [Inject] protected LiveState Live { get; set; } = null!; // injected

    [Inject] protected TimeProvider Time { get; set; } = null!; // injected

    [Inject] private ILoggerFactory Loggers { get; set; } = null!; // injected

    /// <summary>When the values shown were read; null before the first time.</summary>
    protected DateTimeOffset? UpdatedAt { get; private set; }

    /// <summary>Reference of the last refresh if it failed, for ErrorState or StaleBar.</summary>
    protected string? Failure { get; private set; }

    protected virtual TimeSpan Interval => TimeSpan.FromSeconds(5);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads what is shown. Throws or returns; it must not render.</summary>
    protected abstract Task RefreshAsync(CancellationToken cancellation);

    /// <summary>For Retry buttons and changed parameters.</summary>
    protected async Task RefreshNowAsync()
    {
        try
        {
            await RefreshAsync(_gone.Token);
            UpdatedAt = Time.GetUtcNow();
            Failure = null;
            if (_subscription is not null)
                Live.Refreshed();
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            return;
        }
        catch (Exception exception)
        {
            Failure = ErrorReference.Next(Time);
            LogRefreshFailed(Loggers.CreateLogger(GetType()), exception, Failure);
        }
        if (!_gone.IsCancellationRequested)
            StateHasChanged();
    }

    protected override Task OnInitializedAsync() => RefreshNowAsync();

    protected override void OnAfterRender(bool firstRender)
    {
        if (!firstRender || _gone.IsCancellationRequested)
            return;
        _subscription = Ticker.Listen(Interval, TickAsync);
        Live.Changed += Resume;
        Live.Join(UpdatedAt);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || _gone.IsCancellationRequested)
            return;
        _gone.Cancel();
        if (_subscription is not null)
        {
            _subscription.Dispose();
            Live.Changed -= Resume;
            Live.Leave();
        }
        _gone.Dispose();
    }

    private async Task TickAsync()
    {
        if (!Live.Running || _gone.IsCancellationRequested)
            return;
        try
        {
            await InvokeAsync(RefreshNowAsync);
        }
        catch (ObjectDisposedException)
        {
            // The circuit ended between the check and the call.
        }
    }

    /// <summary>Back from a pause: what is on the screen is old, so it is read at once.</summary>
    private void Resume()
    {
        bool resumed = Live.Running && !_wasRunning;
        _wasRunning = Live.Running;
        if (resumed)
            _ = TickAsync();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A live part could not be refreshed; reference {Reference}")]
    private static partial void LogRefreshFailed(ILogger logger, Exception exception, string reference);
}
