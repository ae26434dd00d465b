namespace Routing.Edge.Usage;

/// <summary>Takes batches from the spool: the control plane, or a file.</summary>
internal interface IUsageSink
{
    /// <summary>Delivers a batch, or says that it cannot be taken now. Throws when there is nobody to talk to.</summary>
    Task<Delivery> SendAsync(SpoolBatch batch, CancellationToken cancellationToken);
}

internal enum Delivery : byte
{
    /// <summary>Safe there; may be removed here.</summary>
    Taken,

    /// <summary>Not taken; the same batch may be taken later.</summary>
    NotNow,

    /// <summary>Read and found wrong; it will be found wrong again.</summary>
    Refused,
}
