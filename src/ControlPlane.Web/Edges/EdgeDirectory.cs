using System.Collections.Concurrent;
using ControlPlane.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Web.Edges;

/// <summary>Who a presented edge credential belongs to. Keeps answers for a short while: an edge calls several times a second.</summary>
internal sealed class EdgeDirectory(IDbContextFactory<ControlPlaneDb> contexts, TimeProvider time)
{
    // A removed edge is refused by every node within this time.
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(10);
    private const int MostKept = 10_000;

    private readonly ConcurrentDictionary<string, (EdgeIdentity? Edge, long At)> _known = new(StringComparer.Ordinal);

    public void Forget() => _known.Clear();

    /// <summary>The lookup is by SHA-256 of 256 random bits, so its time tells nothing of use.</summary>
    public async ValueTask<EdgeIdentity?> FindAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        string header = request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer edge_", StringComparison.Ordinal)) return null;
        string hash = EdgeTokens.Hash(header["Bearer ".Length..]);
        if (_known.TryGetValue(hash, out var known) && time.GetElapsedTime(known.At) < Kept) return known.Edge;

        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        EdgeIdentity? edge = await db.Edges.AsNoTracking().Where(e => e.CredentialHash == hash && e.RemovedAt == null)
            .Select(e => new EdgeIdentity(e.Id, e.Name, e.PublicKey)).SingleOrDefaultAsync(cancellationToken);
        if (_known.Count >= MostKept) _known.Clear();
        _known[hash] = (edge, time.GetTimestamp());
        return edge;
    }
}

internal sealed record EdgeIdentity(string Id, string Name, byte[] PublicKey);
