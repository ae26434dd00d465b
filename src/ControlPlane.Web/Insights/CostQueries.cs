using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ControlPlane.Web.Data;
using ControlPlane.Web.Usage;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Usage;

namespace ControlPlane.Web.Insights;

public enum CostGroup { Feature, Model, Provider, ModelEndpoint, Cause }

/// <summary>Spend of one group in one currency.</summary>
/// <param name="Series">Micro-units per step of the range; null where nothing was spent and nothing was unpriced.</param>
public sealed record CostRow(
    string Group, string Currency, long Micros, long EstimatedMicros, long ResilienceMicros, long Attempts, long Unpriced,
    long InputTokens, long OutputTokens, ImmutableArray<double?> Series)
{
    /// <summary>Part of the spend that went into copies of calls, whose answers nobody got.</summary>
    public long ShadowMicros { get; init; }
}

/// <param name="Steps">Start of each step.</param>
public sealed record CostTable(ImmutableArray<DateTimeOffset> Steps, ImmutableArray<CostRow> Rows)
{
    public long Total(string currency) => Rows.Where(r => r.Currency == currency).Sum(r => r.Micros);
}

/// <summary>Spend by feature, model, provider, endpoint or cause, over time. Roll-ups only; probes and copies are causes of their own, and no part of a feature.</summary>
internal sealed class CostQueries(IDbContextFactory<ControlPlaneDb> contexts)
{
    /// <param name="feature">Only this feature; null = all, probes included.</param>
    public async Task<CostTable> ReadAsync(
        CostGroup group, DateTimeOffset from, DateTimeOffset to, TimeSpan step, string? feature, CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        IQueryable<AttemptRollup> query = RollupReader.Attempts(db, from, to);
        if (feature is not null) query = query.Where(r => r.Feature == feature);
        List<AttemptRollup> rows = await query.ToListAsync(cancellationToken);
        Func<AttemptRollup, string> key = await KeyAsync(db, group, cancellationToken);
        ImmutableArray<DateTimeOffset> steps = [.. Steps(from, to, step)];
        // An unpriced attempt has no currency; it stands with its group's money, counted and not summed.
        return new CostTable(steps,
        [
            .. rows.GroupBy(r => (Group: key(r), Currency: r.Currency.Length == 0 ? MostUsed(rows) : r.Currency))
                .Select(g => Row(g.Key.Group, g.Key.Currency, [.. g], steps, step)).OrderByDescending(r => r.Micros).ThenBy(r => r.Group, StringComparer.Ordinal),
        ]);
    }

    private static string MostUsed(List<AttemptRollup> rows) =>
        rows.Where(r => r.Currency.Length > 0).GroupBy(r => r.Currency, StringComparer.Ordinal).MaxBy(g => g.Sum(r => r.CostMicros))?.Key ?? "USD";

    private static CostRow Row(string group, string currency, IReadOnlyCollection<AttemptRollup> rows, ImmutableArray<DateTimeOffset> steps, TimeSpan step)
    {
        ILookup<DateTimeOffset, AttemptRollup> byStep = rows.ToLookup(r => Floor(r.Start, step));
        return new CostRow(
            group, currency, rows.Sum(r => r.CostMicros), rows.Sum(r => r.EstimatedCostMicros),
            rows.Where(r => r.Cause is AttemptCause.Retry or AttemptCause.Failover or AttemptCause.Hedge or AttemptCause.Continuation).Sum(r => r.CostMicros),
            rows.Sum(r => r.Attempts), rows.Sum(r => r.Unpriced), rows.Sum(r => r.InputTokens), rows.Sum(r => r.OutputTokens),
            [.. steps.Select(at => byStep[at].Any() ? (double?)byStep[at].Sum(r => r.CostMicros) : null)])
        {
            ShadowMicros = rows.Where(r => r.Cause == AttemptCause.Shadow).Sum(r => r.CostMicros),
        };
    }

    private static async Task<Func<AttemptRollup, string>> KeyAsync(ControlPlaneDb db, CostGroup group, CancellationToken cancellationToken)
    {
        if (group == CostGroup.Feature) return r => r.Cause == AttemptCause.Shadow ? "(shadow copies)" : r.Feature.Length == 0 ? "(probes)" : r.Feature;
        if (group == CostGroup.ModelEndpoint) return r => r.ModelEndpoint;
        if (group == CostGroup.Cause) return r => r.Cause.ToString();
        var endpoints = await db.ModelEndpoints.AsNoTracking().Select(e => new { e.Id, e.DisplayName, e.Model, e.Account }).ToListAsync(cancellationToken);
        Dictionary<string, string> providers = (await db.ProviderAccounts.AsNoTracking().Select(a => new { a.Id, a.Provider }).ToListAsync(cancellationToken))
            .ToDictionary(a => a.Id, a => ProviderWords.Of(a.Provider), StringComparer.Ordinal);
        Dictionary<string, string> names = endpoints.ToDictionary(
            e => e.Id,
            e => group == CostGroup.Model ? (e.DisplayName.Length > 0 ? e.DisplayName : e.Model) : providers.GetValueOrDefault(e.Account, "(unknown)"), StringComparer.Ordinal);
        return r => names.GetValueOrDefault(r.ModelEndpoint, $"{r.ModelEndpoint} (deleted)");
    }

    private static IEnumerable<DateTimeOffset> Steps(DateTimeOffset from, DateTimeOffset to, TimeSpan step)
    {
        for (DateTimeOffset at = Floor(from, step); at < to; at += step) yield return at;
    }

    private static DateTimeOffset Floor(DateTimeOffset at, TimeSpan step) => new(at.UtcTicks - at.UtcTicks % step.Ticks, TimeSpan.Zero);
}

/// <summary>A cost table as CSV: one line per group and step, amounts as exact decimals, safe to open in a spreadsheet.</summary>
internal static class CostCsv
{
    public static string Write(CostTable table, CostGroup group)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"start_utc,{group.ToString().ToLowerInvariant()},currency,amount\r\n");
        foreach (CostRow row in table.Rows)
        {
            for (int i = 0; i < table.Steps.Length; i++)
            {
                if (row.Series[i] is not { } micros) continue;
                text.Append(CultureInfo.InvariantCulture, $"{table.Steps[i]:yyyy-MM-dd'T'HH:mm:ss'Z'},{Cell(row.Group)},{Cell(row.Currency)},{Amount((long)micros)}\r\n");
            }
        }
        return text.ToString();
    }

    private static string Amount(long micros) => (micros / 1_000_000m).ToString("0.000000", CultureInfo.InvariantCulture);

    // A cell that begins like a formula is run as one by spreadsheets.
    private static string Cell(string value)
    {
        string safe = value.Length > 0 && "=+-@\t\r".Contains(value[0], StringComparison.Ordinal) ? "'" + value : value;
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : "\"" + safe.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
    }
}
