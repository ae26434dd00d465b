namespace Routing.Edge.Usage;

/// <summary>Takes batches from the spool: the control plane, or a file.</summary>
internal interface IUsageSink
{
    /// <summary>True when the batch is safe there and may be removed here.</summary>
    Task<bool> SendAsync(SpoolBatch batch, CancellationToken cancellationToken);
}
