namespace Routing.Edge.Usage;

/// <summary>Where usage events go without a control plane: a file of JSON lines, one event each.</summary>
internal sealed class UsageFileWriter(string path) : IUsageSink
{
    public async Task<Delivery> SendAsync(SpoolBatch batch, CancellationToken cancellationToken)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0, useAsync: false);
        await using (file.ConfigureAwait(false))
        {
            await file.WriteAsync(batch.Lines, cancellationToken).ConfigureAwait(false);
            file.Flush(flushToDisk: true);
        }

        return Delivery.Taken;
    }
}
