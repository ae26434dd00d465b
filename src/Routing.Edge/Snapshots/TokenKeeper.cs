using Routing.Core.Credentials;
using Routing.Core.Health;
using Routing.Core.Tables;
using Routing.Identity;

namespace Routing.Edge.Snapshots;

/// <summary>
/// Keeps the credentials of all endpoints fresh, backups too, so that failing over needs no token service; and ends an endpoint's identity fault
/// as soon as there is a credential again.
/// </summary>
internal sealed partial class TokenKeeper(CurrentTable current, TokenSources tokens, TimeProvider time, ILogger<TokenKeeper> log) : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, IdentityState> _seen = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var beat = new PeriodicTimer(Beat, time);
        while (await beat.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            if (current.Value is { } table) await LookAsync(table, stoppingToken).ConfigureAwait(false);
            Tell();
        }
    }

    // A source that exchanges for longer than a beat goes on by itself; the next look finds it.
    private async Task LookAsync(RoutingTable table, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Beat, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await Task.WhenAll(table.Endpoints.Values.GroupBy(e => e.Credentials).Select(g => LookAsync(g.Key, g, either.Token))).ConfigureAwait(false);
    }

    private static async Task LookAsync(ICloudTokenSource source, IEnumerable<ModelEndpoint> endpoints, CancellationToken cancellationToken)
    {
        try
        {
            await source.GetAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is CredentialException or OperationCanceledException)
        {
            return;
        }
        foreach (var endpoint in endpoints) endpoint.Health.IdentityRestored();
    }

    private void Tell()
    {
        foreach (var view in tokens.Views())
        {
            var before = _seen.GetValueOrDefault(view.Account);
            _seen[view.Account] = view.State;
            if (view.State == before) continue;
            if (view.State is IdentityState.Fault or IdentityState.LastGood) Broken(log, view.Account, view.Sentence);
            else if (before is IdentityState.Fault or IdentityState.LastGood) Restored(log, view.Account);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Account {Account}: {Sentence}")]
    private static partial void Broken(ILogger log, string account, string sentence);

    [LoggerMessage(LogLevel.Information, "Account {Account}: its credential is obtained again.")]
    private static partial void Restored(ILogger log, string account);
}
