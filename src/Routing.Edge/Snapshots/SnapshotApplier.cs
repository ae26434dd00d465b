using Routing.Core.Budgets;
using Routing.Core.Credentials;
using Routing.Core.Health;
using Routing.Core.Providers;
using Routing.Core.Snapshots;
using Routing.Core.Tables;
using Routing.Identity;

namespace Routing.Edge.Snapshots;

/// <summary>
/// The only way to a new table, whether the configuration comes from the control plane or from a file:
/// validate, compile, warm, swap, then the overlay's isolations and forced shares. Whatever fails on the way, the old table stays.
/// </summary>
internal sealed partial class SnapshotApplier(
    CurrentTable current, EndpointHealthRegistry health, TokenSources tokens, AddressRules rules, EdgeSeed seed, TimeProvider time, ILogger<SnapshotApplier> log, LeaseSource? leases = null)
    : IDisposable
{
    // Tokens are fetched ahead of traffic, but a silent token service must not hold a revocation back.
    private static readonly TimeSpan WarmLimit = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly OverlayIsolations _isolations = new(health, time);

    /// <param name="isPublished">By a control plane: whoever is to mend it is not here, so that a rule younger than the document only warns.</param>
    public async Task<ApplyOutcome> ApplyAsync(
        RoutingSnapshot? snapshot, EdgeOverlay overlay, string epoch, ISecretResolver secrets, bool isPublished, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var problems = isPublished ? SnapshotValidator.ValidatePublished(snapshot, rules) : SnapshotValidator.Validate(snapshot, rules);
            if (snapshot is null || SnapshotValidator.HasErrors(problems)) return new ApplyOutcome(false, problems);
            if (!TryCompile(snapshot, overlay, epoch, secrets, out var table, out var problem)) return ApplyOutcome.Refused(problem);
            await WarmAsync(table, cancellationToken).ConfigureAwait(false);
            if (!current.TrySwap(table)) return Stale(table);
            _isolations.Apply(overlay);
            tokens.KeepOnly(snapshot.Accounts.Select(a => a.Id).ToHashSet(StringComparer.Ordinal));
            health.KeepOnly(table.Endpoints.Keys.ToHashSet(StringComparer.Ordinal));
            Applied(log, table.Revision, table.Overlay, table.Features.Count, table.Endpoints.Count);
            return new ApplyOutcome(true, problems.AddRange(MissingSecrets(snapshot, secrets)));
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    // The validator should have found everything. If it has not, that is a bug of ours, and still no reason to stop serving.
    private bool TryCompile(
        RoutingSnapshot snapshot, EdgeOverlay overlay, string epoch, ISecretResolver secrets, out RoutingTable table, out SnapshotProblem problem)
    {
        try
        {
            table = new RoutingTableCompiler(health, account => tokens.Of(account, secrets), seed.Value, leases).Compile(snapshot, overlay, epoch, current.Value);
            problem = null!; // Only read when false is returned.
            return true;
        }
        catch (Exception e)
        {
            CompileFailed(log, e, snapshot.Revision);
            problem = new SnapshotProblem("", "compile_failed", $"The configuration could not be compiled: {e.Message}");
            table = null!; // Only read when true is returned.
            return false;
        }
    }

    private async Task WarmAsync(RoutingTable table, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(WarmLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await Task.WhenAll(table.Endpoints.Values.Select(e => e.Credentials).Distinct().Select(s => WarmAsync(s, either.Token))).ConfigureAwait(false);
    }

    private async Task WarmAsync(ICloudTokenSource source, CancellationToken cancellationToken)
    {
        try
        {
            await source.GetAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (CredentialException e)
        {
            CredentialMissing(log, e.Message);
        }
        catch (OperationCanceledException)
        {
            // Too slow for now; the first request waits for it.
        }
    }

    private static IEnumerable<SnapshotProblem> MissingSecrets(RoutingSnapshot snapshot, ISecretResolver secrets)
    {
        foreach (var account in snapshot.Accounts)
        {
            if (SecretResolvers.TryResolve(secrets, account.Credential, out _) is { } problem)
            {
                yield return new SnapshotProblem($"accounts[{account.Id}].credential", "secret_missing", problem, ProblemSeverity.Warning);
            }
        }
    }

    private ApplyOutcome Stale(RoutingTable offered)
    {
        var now = current.Value!; // A swap is refused only in favour of a table.
        return ApplyOutcome.Refused("revision", "stale",
            $"Revision {offered.Revision}, overlay {offered.Overlay} is older than revision {now.Revision}, overlay {now.Overlay} in use; versions only go forward.");
    }

    [LoggerMessage(LogLevel.Information, "Serving revision {Revision}, overlay {Overlay}: {Features} features, {Endpoints} model endpoints.")]
    private static partial void Applied(ILogger log, long revision, long overlay, int features, int endpoints);

    [LoggerMessage(LogLevel.Warning, "{Problem}")]
    private static partial void CredentialMissing(ILogger log, string problem);

    [LoggerMessage(LogLevel.Error, "Revision {Revision} passed validation and could not be compiled; the old table stays.")]
    private static partial void CompileFailed(ILogger log, Exception exception, long revision);
}

/// <summary>Seed of the weighted choices and of every jitter; edges need different ones.</summary>
internal sealed record EdgeSeed(ulong Value)
{
    public int Small => (int)(Value ^ (Value >> 32));
}
