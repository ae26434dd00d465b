using System.Collections.Immutable;
using ControlPlane.Web.Bindings;
using ControlPlane.Web.Breakers;
using ControlPlane.Web.Callers;
using ControlPlane.Web.Data;
using ControlPlane.Web.ModelEndpoints;
using ControlPlane.Web.Prices;
using ControlPlane.Web.ProviderAccounts;
using ControlPlane.Web.Secrets;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Publishing;

/// <summary>Rows as edited → the document that would be published. Ordered by id, so that equal drafts give equal documents.</summary>
internal sealed class DraftReader(TimeProvider time)
{
    public async Task<RoutingSnapshot> ReadAsync(ControlPlaneDb db, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        var accounts = await db.ProviderAccounts.AsNoTracking().ToListAsync(cancellationToken);
        var fields = await db.Secrets.AsNoTracking().Where(s => s.VoidedBecause == "").Select(s => new { s.Account, s.Destination, s.Fields })
            .ToDictionaryAsync(s => (s.Account, s.Destination), s => s.Fields, cancellationToken);
        var endpoints = await db.ModelEndpoints.AsNoTracking().ToListAsync(cancellationToken);
        var breakers = await db.BreakerPolicies.AsNoTracking().ToListAsync(cancellationToken);
        var features = await db.Features.AsNoTracking().Include(f => f.Candidates).ToListAsync(cancellationToken);
        var callers = await db.Callers.AsNoTracking().Include(c => c.Keys).ToListAsync(cancellationToken);
        var prices = await db.Prices.AsNoTracking().ToListAsync(cancellationToken);
        return new RoutingSnapshot
        {
            Accounts = Ordered(accounts, a => a.Id, a => Account(a, fields.GetValueOrDefault((a.Id, SecretDestination.Of(a)), ""))),
            ModelEndpoints = Ordered(endpoints, e => e.Id, Endpoint),
            Breakers = Ordered(breakers, b => b.Id, b => BreakerPolicyView.Of(b).Policy),
            Features = Ordered(features, f => f.Name, Feature),
            Callers = Ordered(callers, c => c.Id, c => Caller(c, now)),
            Prices = [.. prices.OrderBy(p => p.ModelEndpoint, StringComparer.Ordinal).ThenBy(p => p.From).Select(Price)],
        };
    }

    private static ImmutableArray<TTo> Ordered<TFrom, TTo>(List<TFrom> rows, Func<TFrom, string> id, Func<TFrom, TTo> map) =>
        [.. rows.OrderBy(id, StringComparer.Ordinal).Select(map)];

    internal static ProviderAccountConfig Account(ProviderAccount row, string storedFields) => new()
    {
        Id = row.Id,
        Name = row.Name,
        Provider = row.Provider,
        Address = row.Address,
        Project = row.Project,
        ApiVersion = row.ApiVersion,
        Credential = new CredentialConfig { Kind = row.CredentialKind, Fields = CredentialFields.References(row, storedFields), Federation = row.Federation.Length == 0 ? null : JsonText.Read<FederationConfig>(row.Federation) },
    };

    internal static ModelEndpointConfig Endpoint(ModelEndpoint row) => new()
    {
        Id = row.Id,
        DisplayName = row.DisplayName,
        Account = row.Account,
        Region = row.Region,
        Model = row.Model,
        CapacityClass = row.CapacityClass,
        Family = row.Family,
        Quirks = ModelEndpointView.QuirksOf(row),
        Capabilities = JsonText.Strings(row.Capabilities),
        ContextTokens = row.ContextTokens,
        MaxOutputTokens = row.MaxOutputTokens,
        Residency = row.Residency,
        RequestsPerMinute = row.RequestsPerMinute,
        TokensPerMinute = row.TokensPerMinute,
        Breaker = row.Breaker,
        Probe = row.Probe,
    };

    internal static FeatureConfig Feature(Feature row) => new()
    {
        Name = row.Name,
        Owner = row.Owner,
        Description = row.Description,
        FirstTokenMs = row.FirstTokenMs,
        TotalMs = row.TotalMs,
        MaxAttempts = row.MaxAttempts,
        SloFirstTokenMs = row.SloFirstTokenMs,
        Delivery = row.Delivery,
        Lane = row.Lane,
        IdleMs = row.IdleMs,
        Selection = row.Selection,
        Affinity = row.Affinity,
        WarmPercent = row.WarmPercent,
        HedgePercent = row.HedgePercent,
        ShadowPercent = row.ShadowPercent,
        FailOverOnContentFilter = row.FailOverOnContentFilter,
        Residency = BindingChoices.Tags(row.Residency),
        MaxCostMicros = row.MaxCostMicros,
        BudgetMicros = row.BudgetMicros,
        BudgetCurrency = row.BudgetCurrency,
        BudgetAction = row.BudgetAction,
        Candidates = BindingView.Of(row).Candidates,
    };

    // Revoked and expired keys are no part of a document; the overlay still refuses revoked ones, for edges on an older revision.
    private static CallerConfig Caller(Caller row, DateTimeOffset now) => new()
    {
        Id = row.Id,
        Name = row.Name,
        Features = JsonText.Strings(row.Features),
        Keys =
        [
            .. row.Keys.Where(k => k.RevokedAt is null && !(k.ExpiresAt <= now)).OrderBy(k => k.CreatedAt).ThenBy(k => k.Sha256, StringComparer.Ordinal)
                .Select(k => new CallerKeyConfig { Prefix = k.Prefix, Sha256 = k.Sha256, ExpiresAt = k.ExpiresAt }),
        ],
    };

    private static PriceConfig Price(Price row) => new()
    {
        ModelEndpoint = row.ModelEndpoint,
        From = row.From,
        Currency = row.Currency,
        Input = row.Input,
        CacheRead = row.CacheRead,
        CacheWrite = row.CacheWrite,
        Output = row.Output,
    };
}
