namespace Routing.Edge.Probes;

/// <summary>
/// The way out: while draining, /readyz says 503 and every answer carries <c>Connection: close</c>, so that load balancers and keep-alive
/// clients leave before the listener closes.
/// </summary>
internal sealed class Drain
{
    private int _inFlight;
    private volatile bool _isDraining;

    public bool IsDraining => _isDraining;
    public int InFlight => Volatile.Read(ref _inFlight);

    public void Begin() => _isDraining = true;

    public Lease Enter(HttpContext context)
    {
        Interlocked.Increment(ref _inFlight);
        if (_isDraining) context.Response.Headers.Connection = "close";
        return new Lease(this);
    }

    public readonly struct Lease(Drain drain) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref drain._inFlight);
    }
}
