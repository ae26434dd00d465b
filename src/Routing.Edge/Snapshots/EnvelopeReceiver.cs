using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Routing.Core.Credentials;
using Routing.Core.Snapshots;
using Routing.Core.Snapshots.Validation;

namespace Routing.Edge.Snapshots;

/// <summary>Takes an envelope, from the network or the disk, through every step to a table. The one code path for both.</summary>
internal sealed partial class EnvelopeReceiver(EdgeIdentity identity, SnapshotApplier applier, LastGoodEnvelope lastGood, ILogger<EnvelopeReceiver> log) : IDisposable
{
    private readonly EnvelopeVerifier _verifier = new(identity);
    private readonly ECDiffieHellman _privateKey = identity.OpenPrivateKey();

    /// <summary>What is in use; null before the first envelope.</summary>
    public EdgeEnvelope? InUse { get; private set; }

    /// <summary>Versions of the last envelope that was readable, for the refusal's report.</summary>
    public EdgeEnvelope? Offered { get; private set; }

    public async Task<ApplyOutcome> ReceiveAsync(SealedEnvelope received, bool keep, CancellationToken cancellationToken)
    {
        Offered = null;
        if (_verifier.TryOpen(received, out var refusal) is not { } envelope) return refusal;
        Offered = envelope;
        if (Backwards(envelope) is { } problem) return ApplyOutcome.Refused(problem);
        var problems = OverlayValidator.Validate(envelope.Overlay).AddRange(SealedReferences.Check(envelope.Revision));
        if (!problems.IsEmpty) return ApplyOutcome.Refused(problems);
        if (Shrinks(envelope) is { IsEmpty: false } losses) return await WithoutRevisionAsync(envelope, ApplyOutcome.Refused(losses), cancellationToken).ConfigureAwait(false);
        var secrets = new SealedSecrets(Open(envelope.Overlay));
        var outcome = await applier.ApplyAsync(envelope.Revision, envelope.Overlay, envelope.Epoch, secrets, isPublished: true, cancellationToken).ConfigureAwait(false);
        if (!outcome.Applied) return await WithoutRevisionAsync(envelope, outcome, cancellationToken).ConfigureAwait(false);
        var isNew = InUse is not { } current || current.Revision.Revision != envelope.Revision.Revision || current.Overlay.Version != envelope.Overlay.Version;
        InUse = envelope;
        if (keep && isNew) Keep(received); // What is on disk already must not push the older generation out.
        return outcome;
    }

    /// <summary>
    /// A refused revision must not hold back what cannot wait: revoked keys, isolations and forced shares take effect on the revision in
    /// use. Its secrets stay as they are; the offered ones belong to the offered revision.
    /// </summary>
    private async Task<ApplyOutcome> WithoutRevisionAsync(EdgeEnvelope offered, ApplyOutcome refusal, CancellationToken cancellationToken)
    {
        if (InUse is not { } current || offered.Overlay.Version <= current.Overlay.Version) return refusal;
        var overlay = offered.Overlay with { Secrets = current.Overlay.Secrets };
        var outcome = await applier.ApplyAsync(current.Revision, overlay, current.Epoch, new SealedSecrets(Open(overlay)), isPublished: true, cancellationToken).ConfigureAwait(false);
        if (outcome.Applied) InUse = current with { Overlay = overlay };
        return refusal;
    }

    public void Dispose()
    {
        _verifier.Dispose();
        _privateKey.Dispose();
    }

    /// <summary>Versions only go forward, and a control plane restored from a backup has another epoch: people decide whether to follow it.</summary>
    private SnapshotProblem? Backwards(EdgeEnvelope offered)
    {
        if (InUse is not { } current) return null;
        if (offered.Epoch != current.Epoch)
        {
            return new SnapshotProblem("epoch", "epoch_changed",
                $"The control plane's epoch is '{offered.Epoch}', this edge follows '{current.Epoch}': it was restored or replaced. To follow it, delete the edge's envelope files and restart it.");
        }

        return offered.Revision.Revision >= current.Revision.Revision && offered.Overlay.Version >= current.Overlay.Version ? null
            : new SnapshotProblem("revision", "stale",
                $"Revision {offered.Revision.Revision}, overlay {offered.Overlay.Version} is older than revision {current.Revision.Revision}, overlay {current.Overlay.Version} in use.");
    }

    /// <summary>A slip of the hand or a half-read database must not take every feature away: without a second word, much less than before is refused.</summary>
    private ImmutableArray<SnapshotProblem> Shrinks(EdgeEnvelope offered)
    {
        if (InUse is not { Revision: var current } || offered.Overlay.ConfirmedShrink > current.Revision) return [];
        return [.. SnapshotShrinkage.Between(current, offered.Revision).Select(p => p with { Severity = ProblemSeverity.Error })];
    }

    private Dictionary<string, IReadOnlyDictionary<string, string>> Open(EdgeOverlay overlay)
    {
        var opened = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var secret in overlay.Secrets.IsDefault ? [] : overlay.Secrets)
        {
            if (TryOpen(secret) is { } fields) opened[secret.Id] = fields;
            else SecretClosed(log, secret.Id, secret.Version);
        }

        return opened;
    }

    private Dictionary<string, string>? TryOpen(SealedSecret secret)
    {
        if (!SealedBox.TryOpen(_privateKey, secret.Box, SealedBox.Context(identity.EdgeId, secret.Id, secret.Version), out var plain)) return null;
        try
        {
            return JsonSerializer.Deserialize(plain, SnapshotJson.Default.DictionaryStringString);
        }
        catch (JsonException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    // Serving goes on without a copy; the next start would need the control plane.
    private void Keep(SealedEnvelope received)
    {
        try
        {
            lastGood.Write(received);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            NotKept(log, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Error, "The sealed secret {Id}, version {Version}, cannot be opened with this edge's key.")]
    private static partial void SecretClosed(ILogger log, string id, long version);

    [LoggerMessage(LogLevel.Error, "The envelope is in use but could not be kept for the next start: {Reason}")]
    private static partial void NotKept(ILogger log, string reason);
}
