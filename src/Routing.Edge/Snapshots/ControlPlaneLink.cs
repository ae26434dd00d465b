namespace Routing.Edge.Snapshots;

/// <summary>The edge's identity once there is one. Loops that need it wait here; at a first start that takes until the control plane answers.</summary>
internal sealed class ControlPlaneLink
{
    private readonly TaskCompletionSource<EdgeIdentity> _identity = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string? Credential => _identity.Task.IsCompletedSuccessfully ? _identity.Task.GetAwaiter().GetResult().Credential : null;

    public void Set(EdgeIdentity identity) => _identity.TrySetResult(identity);

    public Task<EdgeIdentity> WaitAsync(CancellationToken cancellationToken) => _identity.Task.WaitAsync(cancellationToken);
}

/// <summary>A wake-up for the puller that is never lost and never counted twice.</summary>
internal sealed class PullSignal : IDisposable
{
    private readonly SemaphoreSlim _signal = new(0, 1);
    private readonly Lock _lock = new();

    public void Nudge()
    {
        lock (_lock)
        {
            if (_signal.CurrentCount == 0) _signal.Release();
        }
    }

    public void Dispose() => _signal.Dispose();

    /// <summary>Waits for a nudge, at most for <paramref name="longest"/>.</summary>
    public async Task WaitAsync(TimeSpan longest, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await _signal.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The beat itself.
        }
    }
}
