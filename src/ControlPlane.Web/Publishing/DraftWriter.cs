using ControlPlane.Web.Access;
using ControlPlane.Web.Bindings;
using ControlPlane.Web.Breakers;
using ControlPlane.Web.Callers;
using ControlPlane.Web.Data;
using ControlPlane.Web.ModelEndpoints;
using ControlPlane.Web.Prices;
using ControlPlane.Web.ProviderAccounts;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Publishing;

/// <summary>
/// Makes the draft equal to a document: for a roll-back and for a first set-up. Prices and caller keys are only ever added: a price is
/// history, and a key that was revoked stays revoked. What they still differ in shows as pending changes.
/// </summary>
internal sealed class DraftWriter(TimeProvider time)
{
    /// <summary>Call inside the transaction that publishes and audits.</summary>
    public async Task ReplaceAsync(ControlPlaneDb db, Actor actor, RoutingSnapshot document, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        await AccountsAsync(db, document, Touch, cancellationToken);
        await EndpointsAsync(db, document, Touch, cancellationToken);
        await BreakersAsync(db, document, Touch, cancellationToken);
        await FeaturesAsync(db, document, Touch, cancellationToken);
        await CallersAsync(db, document, Touch, actor, now, cancellationToken);
        await PricesAsync(db, document, actor, now, cancellationToken);

        void Touch(IDraftRow row)
        {
            row.Version++;
            row.UpdatedAt = now;
            row.UpdatedBy = actor.Name;
        }
    }

    private static async Task AccountsAsync(ControlPlaneDb db, RoutingSnapshot document, Action<IDraftRow> touch, CancellationToken cancellationToken)
    {
        Dictionary<string, ProviderAccount> rows = await db.ProviderAccounts.ToDictionaryAsync(a => a.Id, StringComparer.Ordinal, cancellationToken);
        foreach (ProviderAccountConfig config in document.Accounts)
        {
            ProviderAccount row = rows.Remove(config.Id, out ProviderAccount? known) ? known : db.Add(new ProviderAccount { Id = config.Id }).Entity;
            (row.Name, row.Provider, row.Address, row.Project, row.ApiVersion) = (config.Name, config.Provider, config.Address, config.Project, config.ApiVersion);
            row.CredentialKind = config.Credential.Kind;
            bool stored = config.Credential.Fields.Values.All(v => v.StartsWith("sealed:", StringComparison.Ordinal));
            row.References = stored ? "" : JsonText.Of(config.Credential.Fields);
            row.Federation = config.Credential.Federation is { } trust ? JsonText.Of(trust) : "";
            touch(row);
        }
        db.RemoveRange(rows.Values);
    }

    private static async Task EndpointsAsync(ControlPlaneDb db, RoutingSnapshot document, Action<IDraftRow> touch, CancellationToken cancellationToken)
    {
        Dictionary<string, ModelEndpoint> rows = await db.ModelEndpoints.ToDictionaryAsync(e => e.Id, StringComparer.Ordinal, cancellationToken);
        foreach (ModelEndpointConfig config in document.ModelEndpoints)
        {
            ModelEndpoint row = rows.Remove(config.Id, out ModelEndpoint? known) ? known : db.Add(new ModelEndpoint { Id = config.Id }).Entity;
            (row.DisplayName, row.Account, row.Region, row.Model) = (config.DisplayName, config.Account, config.Region, config.Model);
            (row.CapacityClass, row.ContextTokens, row.MaxOutputTokens) = (config.CapacityClass, config.ContextTokens, config.MaxOutputTokens);
            (row.Breaker, row.Probe, row.Family) = (config.Breaker, config.Probe, config.Family);
            (row.Residency, row.RequestsPerMinute, row.TokensPerMinute) = (config.Residency, config.RequestsPerMinute, config.TokensPerMinute);
            row.Quirks = config.Quirks is { } quirks ? JsonText.Of(quirks) : "";
            row.Capabilities = config.Capabilities.IsEmpty ? "" : JsonText.Of(config.Capabilities);
            touch(row);
        }
        db.RemoveRange(rows.Values);
    }

    private static async Task BreakersAsync(ControlPlaneDb db, RoutingSnapshot document, Action<IDraftRow> touch, CancellationToken cancellationToken)
    {
        Dictionary<string, BreakerPolicy> rows = await db.BreakerPolicies.ToDictionaryAsync(p => p.Id, StringComparer.Ordinal, cancellationToken);
        foreach (BreakerPolicyConfig c in document.Breakers)
        {
            BreakerPolicy row = rows.Remove(c.Id, out BreakerPolicy? known) ? known : db.Add(new BreakerPolicy { Id = c.Id }).Entity;
            (row.Name, row.WindowSeconds, row.FailurePercent, row.MinimumSamples) = (c.Name, c.WindowSeconds, c.FailurePercent, c.MinimumSamples);
            (row.ConsecutiveFailures, row.FirstTokenP90Ms, row.DurationP90MsPer100Tokens) = (c.ConsecutiveFailures, c.FirstTokenP90Ms, c.DurationP90MsPer100Tokens);
            row.FirstTokenBaselinePercent = c.FirstTokenBaselinePercent;
            (row.MinimumLatencySamples, row.OpenSeconds, row.MaxOpenSeconds) = (c.MinimumLatencySamples, c.OpenSeconds, c.MaxOpenSeconds);
            (row.DwellSeconds, row.StepSuccesses, row.StepConsecutiveSuccesses) = (c.DwellSeconds, c.StepSuccesses, c.StepConsecutiveSuccesses);
            (row.FloorPerSecond, row.FailOpenConcurrency, row.RampPercent) = (c.FloorPerSecond, c.FailOpenConcurrency, string.Join(',', c.RampPercent));
            touch(row);
        }
        db.RemoveRange(rows.Values);
    }

    private static async Task FeaturesAsync(ControlPlaneDb db, RoutingSnapshot document, Action<IDraftRow> touch, CancellationToken cancellationToken)
    {
        Dictionary<string, Feature> rows = await db.Features.Include(f => f.Candidates).ToDictionaryAsync(f => f.Name, StringComparer.Ordinal, cancellationToken);
        // Positions are keys: the old candidates go before the new ones come.
        db.RemoveRange(rows.Values.SelectMany(f => f.Candidates));
        await db.SaveChangesAsync(cancellationToken);
        foreach (FeatureConfig config in document.Features)
        {
            Feature row = rows.Remove(config.Name, out Feature? known) ? known : db.Add(new Feature { Name = config.Name }).Entity;
            (row.Owner, row.Description, row.FirstTokenMs, row.TotalMs) = (config.Owner, config.Description, config.FirstTokenMs, config.TotalMs);
            (row.MaxAttempts, row.SloFirstTokenMs, row.Delivery, row.Lane) = (config.MaxAttempts, config.SloFirstTokenMs, config.Delivery, config.Lane);
            (row.IdleMs, row.Selection, row.Affinity, row.WarmPercent) = (config.IdleMs, config.Selection, config.Affinity, config.WarmPercent);
            (row.HedgePercent, row.FailOverOnContentFilter, row.MaxCostMicros) = (config.HedgePercent, config.FailOverOnContentFilter, config.MaxCostMicros);
            (row.ShadowPercent, row.Residency) = (config.ShadowPercent, string.Join(',', config.Residency));
            (row.BudgetMicros, row.BudgetCurrency, row.BudgetAction) = (config.BudgetMicros, config.BudgetCurrency, config.BudgetAction);
            row.Candidates.Clear();
            row.Candidates.AddRange(config.Candidates.Select((c, position) => new BindingCandidate
            {
                Feature = config.Name, Position = position, ModelEndpoint = c.ModelEndpoint, Tier = c.Tier, Weight = c.Weight, Role = c.Role,
            }));
            touch(row);
        }
        db.RemoveRange(rows.Values);
    }

    private static async Task CallersAsync(ControlPlaneDb db, RoutingSnapshot document, Action<IDraftRow> touch, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Dictionary<string, Caller> rows = await db.Callers.Include(c => c.Keys).ToDictionaryAsync(c => c.Id, StringComparer.Ordinal, cancellationToken);
        HashSet<string> revoked = await db.RevokedKeys.Select(r => r.Sha256).ToHashSetAsync(StringComparer.Ordinal, cancellationToken);
        foreach (CallerConfig config in document.Callers)
        {
            Caller row = rows.TryGetValue(config.Id, out Caller? known) ? known : db.Add(new Caller { Id = config.Id }).Entity;
            (row.Name, row.Features) = (config.Name, JsonText.Of(config.Features));
            foreach (CallerKeyConfig key in config.Keys.Where(k => !revoked.Contains(k.Sha256) && row.Keys.All(have => have.Sha256 != k.Sha256)))
            {
                row.Keys.Add(new CallerKey
                {
                    Id = Guid.CreateVersion7(now), Caller = config.Id, Prefix = key.Prefix, Sha256 = key.Sha256, CreatedAt = now, CreatedBy = actor.Name, ExpiresAt = key.ExpiresAt,
                });
            }
            touch(row);
        }
    }

    private static async Task PricesAsync(ControlPlaneDb db, RoutingSnapshot document, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        HashSet<(string, DateTimeOffset)> known = [.. (await db.Prices.AsNoTracking().Select(p => new { p.ModelEndpoint, p.From }).ToListAsync(cancellationToken)).Select(p => (p.ModelEndpoint, p.From))];
        foreach (PriceConfig c in document.Prices.Where(p => !known.Contains((p.ModelEndpoint, p.From))))
        {
            db.Prices.Add(new Price
            {
                Id = Guid.CreateVersion7(now), ModelEndpoint = c.ModelEndpoint, From = c.From, Currency = c.Currency, Input = c.Input, CacheRead = c.CacheRead,
                CacheWrite = c.CacheWrite, Output = c.Output, CreatedAt = now, CreatedBy = actor.Name,
            });
        }
    }
}
