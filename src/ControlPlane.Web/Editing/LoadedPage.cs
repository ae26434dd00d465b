using ControlPlane.Web.Access;
using ControlPlane.Web.Secrets;
using ControlPlane.Web.Ui;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Editing;

/// <summary>A page that reads once and acts on demand. Failures keep what is shown and leave a reference; a refusal of a role is a sentence.</summary>
public abstract partial class LoadedPage : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _gone = new();

    [Inject] private CurrentActor Signed { get; set; } = null!; // injected

    [Inject] private ILoggerFactory Loggers { get; set; } = null!; // injected

    [Inject] protected NavigationManager Navigation { get; set; } = null!; // injected

    [Inject] protected TimeProvider Time { get; set; } = null!; // injected

    [Inject] protected Announcer Announcer { get; set; } = null!; // injected

    /// <summary>Who looks at the page. A viewer until it is known.</summary>
    protected Actor Me { get; private set; } = new("", "", Role.Viewer);

    protected bool IsAdmin => Me.Role >= Role.Admin;

    /// <summary>The first read is over and went well.</summary>
    protected bool Ready { get; private set; }

    /// <summary>Reference of the last read that failed.</summary>
    protected string? LoadFailure { get; private set; }

    /// <summary>What went wrong with the last act, as a sentence; null when nothing did.</summary>
    protected string? ActFailure { get; private set; }

    /// <summary>An act is under way; its button is off.</summary>
    protected bool Busy { get; private set; }

    protected CancellationToken Gone => _gone.Token;

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads what the page shows.</summary>
    protected abstract Task LoadAsync(CancellationToken cancellationToken);

    protected override Task OnParametersSetAsync() => ReloadAsync();

    protected async Task ReloadAsync()
    {
        try
        {
            Me = await Signed.GetAsync();
            await LoadAsync(Gone);
            (Ready, LoadFailure) = (true, null);
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            // The page was left.
        }
        catch (Exception exception)
        {
            LoadFailure = ErrorReference.Next(Time);
            LogLoadFailed(Loggers.CreateLogger(GetType()), exception, LoadFailure);
        }
    }

    /// <summary>Runs one act; false when it did not come to its end, with the reason in <see cref="ActFailure"/>.</summary>
    protected async Task<bool> ActAsync(Func<CancellationToken, Task> act)
    {
        ArgumentNullException.ThrowIfNull(act);
        if (Busy) return false;
        (Busy, ActFailure) = (true, null);
        try
        {
            await act(Gone);
            return true;
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception told) when (told is AccessDeniedException or VaultSealedException)
        {
            ActFailure = told.Message;
            return false;
        }
        catch (Exception exception)
        {
            string reference = ErrorReference.Next(Time);
            ActFailure = $"It failed here, and nothing was changed. Reference {reference}.";
            LogActFailed(Loggers.CreateLogger(GetType()), exception, reference);
            return false;
        }
        finally
        {
            Busy = false;
        }
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || _gone.IsCancellationRequested) return;
        _gone.Cancel();
        _gone.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A page could not load; reference {Reference}")]
    private static partial void LogLoadFailed(ILogger logger, Exception exception, string reference);

    [LoggerMessage(Level = LogLevel.Warning, Message = "An act of a page failed; reference {Reference}")]
    private static partial void LogActFailed(ILogger logger, Exception exception, string reference);
}
