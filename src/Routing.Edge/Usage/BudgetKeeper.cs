using System.Collections.Immutable;
using System.Text.Json;
using Routing.Core.Budgets;
using Routing.Core.Snapshots;
using Routing.Core.Tables;
using Routing.Edge.Snapshots;

namespace Routing.Edge.Usage;

/// <summary>
/// What this edge has spent of its features' budgets and how far it may go, between the accounts of the table in use, the control plane and a file: an
/// edge that starts again without its control plane must neither begin the month anew nor refuse. Killed, it forgets what it spent since the last beat,
/// until the control plane has that from the spool.
/// </summary>
internal sealed partial class BudgetKeeper(CurrentTable current, EdgeOptions options, TimeProvider time, ILogger<BudgetKeeper> log, LeaseSource? source = null) : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);

    private readonly string _path = Path.Combine(options.DataDirectory, "budgets");
    private BudgetLease[]? _unplaced;
    private ImmutableArray<BudgetLease> _written = [];

    /// <summary>Of this month, one for each feature whose calls are refused beyond its budget.</summary>
    public ImmutableArray<BudgetLease> Read()
    {
        if (current.Value is not { } table) return [];
        var month = BudgetMonth.Of(time.GetUtcNow());
        return
        [
            .. table.Features.Values.Where(f => f.MonthlyBudget is not null).Select(f => (f.Name, f.MonthlyBudget!.Spend)) // Filtered on it.
                .Select(f => new BudgetLease(f.Name, f.Spend.Currency, month, f.Spend.Spent(month), f.Spend.UpTo(month), f.Spend.IsWholeSpent(month))),
        ];
    }

    /// <summary>The control plane's word. Whatever is not about an account in use is passed over.</summary>
    public void Hear(IEnumerable<BudgetLease> leases)
    {
        source?.Heard();
        Place(leases);
    }

    private void Place(IEnumerable<BudgetLease> leases)
    {
        if (current.Value is not { } table) return;
        foreach (var lease in leases)
        {
            if (table.Features.GetValueOrDefault(lease.Feature)?.MonthlyBudget is not { } budget) continue;
            if (budget.Currency != lease.Currency || !BudgetMonth.IsValid(lease.Month) || lease.UpTo < 0) continue;
            budget.Spend.Hear(lease.Month, lease.Spent, lease.UpTo, lease.IsSpent);
        }
    }

    /// <summary>From the file, once there are accounts to place it in: before the first call, where the edge starts with a table.</summary>
    public void Restore()
    {
        _unplaced ??= Kept();
        if (_unplaced.Length == 0 || current.Value is null) return;
        Place(_unplaced);
        _unplaced = [];
    }

    /// <summary>What one beat does.</summary>
    internal void Keep()
    {
        Restore();
        var now = Read();
        if (current.Value is null || now.SequenceEqual(_written)) return;
        try
        {
            SafeFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes([.. now], SnapshotJson.Default.BudgetLeaseArray));
            _written = now;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            NotKept(log, e.Message);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var beat = new PeriodicTimer(Beat, time);
        try
        {
            while (await beat.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false)) Keep();
        }
        catch (OperationCanceledException)
        {
            Keep(); // Calls under way may still cost something; the control plane learns of it from the spool.
        }
    }

    private BudgetLease[] Kept()
    {
        try
        {
            return File.Exists(_path) ? DocumentJson.Read<BudgetLease[]>(File.ReadAllBytes(_path)) ?? [] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            Unreadable(log, e.Message);
            return [];
        }
    }

    [LoggerMessage(LogLevel.Warning, "What was spent of the features' budgets could not be written down ({Reason}); it is unknown after a restart without the control plane.")]
    private static partial void NotKept(ILogger log, string reason);

    [LoggerMessage(LogLevel.Warning, "What was spent of the features' budgets before the restart cannot be read ({Reason}); the control plane tells it again.")]
    private static partial void Unreadable(ILogger log, string reason);
}
