using System.Collections.Concurrent;
using System.Text.Json;
using ControlPlane.Web.Data;
using ControlPlane.Web.Publishing;
using ControlPlane.Web.Secrets;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Edges;

/// <summary>An envelope as one edge gets it.</summary>
internal sealed record BuiltEnvelope(string ETag, byte[] Body, string Signature);

/// <summary>
/// Builds envelopes: the newest revision's bytes as they were published, and the overlay with secrets sealed to the edge.
/// Kept per edge until the version changes; an unchanged poll costs one small row.
/// </summary>
internal sealed class EnvelopeSource(IDbContextFactory<ControlPlaneDb> contexts, OpenedSecrets secrets, EnvelopeSigner signer, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, BuiltEnvelope> _built = new(StringComparer.Ordinal);

    /// <summary>What edges should run; null before the first publish.</summary>
    public async Task<PlaneVersion?> VersionAsync(CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        return await VersionAsync(db, cancellationToken);
    }

    /// <exception cref="VaultSealedException">The key-encryption key is missing: no secret can be read.</exception>
    public async Task<BuiltEnvelope?> ForAsync(EdgeIdentity edge, CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await VersionAsync(db, cancellationToken) is not { } version) return null;
        string etag = version.ETag;
        if (_built.TryGetValue(edge.Id, out BuiltEnvelope? built) && built.ETag == etag) return built;
        return _built[edge.Id] = await BuildAsync(db, edge, version, cancellationToken);
    }

    private static async Task<PlaneVersion?> VersionAsync(ControlPlaneDb db, CancellationToken cancellationToken)
    {
        PlaneState state = await db.PlaneState.AsNoTracking().SingleAsync(cancellationToken);
        long? revision = await db.Revisions.MaxAsync(r => (long?)r.Number, cancellationToken);
        return revision is { } number ? new PlaneVersion(state.Epoch, number, state.OverlayVersion, state.ConfirmedShrink) : null;
    }

    private async Task<BuiltEnvelope> BuildAsync(ControlPlaneDb db, EdgeIdentity edge, PlaneVersion version, CancellationToken cancellationToken)
    {
        byte[] document = await db.Revisions.Where(r => r.Number == version.Revision).Select(r => r.Document).SingleAsync(cancellationToken);
        RoutingSnapshot revision = DocumentJson.Read<RoutingSnapshot>(document) ?? throw new InvalidDataException($"Revision {version.Revision} is empty.");
        EdgeOverlay overlay = await OverlayAsync(db, edge, version, revision, cancellationToken);
        byte[] body = Write(edge.Id, version.Epoch, document, overlay);
        return new BuiltEnvelope(version.ETag, body, Convert.ToBase64String(signer.Sign(body)));
    }

    private async Task<EdgeOverlay> OverlayAsync(ControlPlaneDb db, EdgeIdentity edge, PlaneVersion version, RoutingSnapshot revision, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        List<StoredSecret> stored = await OpenedSecrets.BoundAsync(db, revision.Accounts, cancellationToken);
        List<string> revoked = await db.RevokedKeys.OrderBy(r => r.Sha256).Select(r => r.Sha256).ToListAsync(cancellationToken);
        List<ManualIsolation> manual = await db.Isolations.AsNoTracking().Where(i => i.Until > now).OrderBy(i => i.ModelEndpoint).ToListAsync(cancellationToken);
        return new EdgeOverlay
        {
            Version = version.Overlay,
            Secrets = [.. secrets.SealTo(edge.Id, edge.PublicKey, stored)],
            RevokedKeys = [.. revoked],
            Isolations = [.. manual.Where(m => m.SharePercent is null).Select(m => new Isolation(m.ModelEndpoint, m.Until, m.Reason, m.By))],
            ForcedShares = [.. manual.Where(m => m.SharePercent is not null).Select(m => new ForcedShare(m.ModelEndpoint, m.SharePercent ?? 0, m.Until, m.Reason, m.By))],
            ConfirmedShrink = version.ConfirmedShrink,
        };
    }

    // The revision's own bytes, not a copy made by serialising again: what was checked and signed off is what edges read.
    private static byte[] Write(string edgeId, string epoch, byte[] document, EdgeOverlay overlay)
    {
        using var stream = new MemoryStream(document.Length + 4096);
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion"u8, 1);
            json.WriteString("epoch"u8, epoch);
            json.WriteString("edgeId"u8, edgeId);
            json.WritePropertyName("revision"u8);
            json.WriteRawValue(document, skipInputValidation: true);
            json.WritePropertyName("overlay"u8);
            json.WriteRawValue(JsonSerializer.SerializeToUtf8Bytes(overlay, SnapshotJson.Default.EdgeOverlay), skipInputValidation: true);
            json.WriteEndObject();
        }
        return stream.ToArray();
    }
}

/// <summary>What edges should run.</summary>
internal sealed record PlaneVersion(string Epoch, long Revision, long Overlay, long ConfirmedShrink)
{
    public string ETag => EdgeApi.ETag(Epoch, Revision, Overlay);
}
