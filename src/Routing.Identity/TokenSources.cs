using System.Collections.Immutable;
using Amazon.Runtime;
using Routing.Core.Credentials;
using Routing.Core.Health;
using Routing.Core.Providers;
using Routing.Core.Snapshots;
using Routing.Identity.Home;

namespace Routing.Identity;

/// <summary>
/// The token source of every provider account. A source lives as long as its account's trust and secret stay the same,
/// so that a new table goes on with the tokens of the old one.
/// </summary>
public sealed class TokenSources : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly HomeIdentity _home;
    private readonly CredentialExchanges _exchanges;
    private readonly TimeProvider _time;
    private readonly int _seed;

    /// <param name="seed">Of the jitter; processes need different ones.</param>
    public TokenSources(AddressRules rules, TimeProvider time, IdentityOptions? options = null, int seed = 1) : this(rules, time, options, seed, awsKeys: null) { }

    internal TokenSources(AddressRules rules, TimeProvider time, IdentityOptions? options, int seed, Func<AWSCredentials>? awsKeys)
    {
        (_time, _seed) = (time, seed);
        _home = new HomeIdentity(options ?? new IdentityOptions(), rules, time, awsKeys);
        _exchanges = new CredentialExchanges(_home, rules, time);
    }

    /// <summary>The source of one account; one that always fails, with the reason, when its secret cannot be found or is of the wrong shape.</summary>
    public ICloudTokenSource Of(ProviderAccountConfig account, ISecretResolver secrets)
    {
        var missing = SecretResolvers.TryResolve(secrets, account.Credential, out var fields);
        lock (_lock)
        {
            if (missing is null && _entries.TryGetValue(account.Id, out var entry) && entry.IsFor(account, fields)) return entry.Source;
            var source = missing is null ? Create(account, fields) : new UnavailableTokenSource($"The credential of account '{account.Id}' is not available. {missing}", _time);
            _entries[account.Id] = new Entry(account, missing is null ? fields : null, source);
            return source;
        }
    }

    /// <summary>How obtaining each account's credential is going; accounts with a fixed key that is there have no entry.</summary>
    public ImmutableArray<IdentityHealthView> Views()
    {
        lock (_lock)
        {
            return [.. _entries.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => View(e.Key, e.Value.Source)).OfType<IdentityHealthView>()];
        }
    }

    /// <summary>Forgets accounts that the configuration no longer has.</summary>
    public void KeepOnly(IReadOnlySet<string> accounts)
    {
        lock (_lock)
        {
            foreach (var id in _entries.Keys.Where(id => !accounts.Contains(id)).ToList()) _entries.Remove(id);
        }
    }

    /// <summary>Obtains one account's credential anew, step by step, for somebody who wants to see it work. Nothing is kept of it.</summary>
    public async Task<ChainReport> ProveAsync(ProviderAccountConfig account, ISecretResolver secrets, CancellationToken cancellationToken)
    {
        var log = new ChainLog();
        try
        {
            if (SecretResolvers.TryResolve(secrets, account.Credential, out var fields) is { } missing) throw new CredentialException(missing) { Step = CredentialStep.Secret };
            if (CredentialExchanges.Fixed(account, fields) is not null) log.Done(CredentialStep.Secret, "A fixed credential is there. Whether it is taken, only the call shows.");
            else await _exchanges.Of(account, fields).RunAsync(log, cancellationToken).ConfigureAwait(false);
            return new ChainReport(log.Steps, null);
        }
        catch (CredentialException e)
        {
            return new ChainReport(log.Steps, e);
        }
    }

    public void Dispose() => _home.Dispose();

    /// <summary>A fresh source.</summary>
    internal ICloudTokenSource Create(ProviderAccountConfig account, IReadOnlyDictionary<string, string> fields)
    {
        try
        {
            return CredentialExchanges.Fixed(account, fields) is { } credential ? new StaticTokenSource(credential)
                : new RefreshingTokenSource(_exchanges.Of(account, fields), _time, _seed ^ StableHash(account.Id));
        }
        catch (CredentialException e)
        {
            return new UnavailableTokenSource($"The credential of account '{account.Id}' cannot be used. {e.Message}", _time);
        }
    }

    private static IdentityHealthView? View(string account, ICloudTokenSource source) => source switch
    {
        RefreshingTokenSource refreshing => refreshing.View(account),
        UnavailableTokenSource unavailable => unavailable.View(account),
        _ => null,
    };

    // FNV-1a: string.GetHashCode differs from run to run, and a seed must replay.
    private static int StableHash(string id)
    {
        var hash = 2166136261u;
        foreach (var c in id) hash = (hash ^ c) * 16777619u;
        return (int)hash;
    }

    /// <param name="Fields">Null when they could not be found: such a source is never used again.</param>
    private sealed record Entry(ProviderAccountConfig Account, Dictionary<string, string>? Fields, ICloudTokenSource Source)
    {
        public bool IsFor(ProviderAccountConfig account, Dictionary<string, string> fields) =>
            Fields is not null && Account.Credential.Kind == account.Credential.Kind && Account.Provider == account.Provider
            && Account.Address == account.Address && Account.Credential.Federation == account.Credential.Federation
            && Fields.Count == fields.Count && Fields.All(f => fields.TryGetValue(f.Key, out var value) && value == f.Value);
    }
}

/// <summary>What came of obtaining a credential step by step.</summary>
/// <param name="Done">The steps that went well, in order.</param>
/// <param name="Failure">The step that did not; null when all did.</param>
public sealed record ChainReport(ImmutableArray<ChainStep> Done, CredentialException? Failure);
