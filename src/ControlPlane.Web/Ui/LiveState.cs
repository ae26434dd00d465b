namespace ControlPlane.Web.Ui;

/// <summary>What one browser tab wants from live parts: running, paused by its reader, or hidden; and how fresh the last refresh was.</summary>
public sealed class LiveState(TimeProvider time)
{
    /// <summary>Three missed beats of five seconds.</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(15);

    private int _subscribers;

    public event Action? Changed;

    public bool Paused { get; private set; }

    public bool Hidden { get; private set; }

    public bool Running => !Paused && !Hidden;

    public DateTimeOffset? UpdatedAt { get; private set; }

    /// <summary>Live parts on the page; the header shows its pill only when there are any.</summary>
    public int Subscribers => Volatile.Read(ref _subscribers);

    public void TogglePaused()
    {
        Paused = !Paused;
        Changed?.Invoke();
    }

    public void SetHidden(bool hidden)
    {
        if (Hidden == hidden)
            return;
        Hidden = hidden;
        Changed?.Invoke();
    }

    internal void Join(DateTimeOffset? updatedAt)
    {
        Interlocked.Increment(ref _subscribers);
        UpdatedAt = updatedAt ?? UpdatedAt;
        Changed?.Invoke();
    }

    internal void Leave()
    {
        Interlocked.Decrement(ref _subscribers);
        Changed?.Invoke();
    }

    internal void Refreshed()
    {
        UpdatedAt = time.GetUtcNow();
        Changed?.Invoke();
    }
}
