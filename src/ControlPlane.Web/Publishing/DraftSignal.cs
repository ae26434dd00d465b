namespace ControlPlane.Web.Publishing;

/// <summary>Tells this process that the draft, a revision or the overlay changed here; other nodes notice by polling.</summary>
internal sealed class DraftSignal
{
    public event Action? Raised;

    public void Raise() => Raised?.Invoke();
}
