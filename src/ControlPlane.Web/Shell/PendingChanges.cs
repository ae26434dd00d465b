namespace ControlPlane.Web.Shell;

/// <summary>How many edits wait to be published; Publishing sets it, every header shows it.</summary>
public sealed class PendingChanges
{
    private int _count;

    public event Action? Changed;

    public int Count => Volatile.Read(ref _count);

    public void Set(int count)
    {
        if (Interlocked.Exchange(ref _count, count) != count)
            Changed?.Invoke();
    }
}
