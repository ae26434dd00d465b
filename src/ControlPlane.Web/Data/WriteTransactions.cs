using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace ControlPlane.Web.Data;

/// <summary>
/// Every change of several rows goes through here: one fresh context, one transaction, run again whole if the engine asks for it or another writer was faster.
/// SQLite has one writer; queueing for it here, in order, is fairer than its busy loop.
/// </summary>
internal sealed class WriteTransactions(IDbContextFactory<ControlPlaneDb> contexts) : IDisposable
{
    private const int MostLost = 2;

    private readonly SemaphoreSlim _sqliteWriter = new(1, 1);

    /// <param name="work">Saves nothing itself unless it needs generated values; may run more than once.</param>
    public Task<T> RunAsync<T>(Func<ControlPlaneDb, Task<T>> work, CancellationToken cancellationToken) =>
        RunAsync(work, static _ => true, cancellationToken);

    /// <summary>Commits only when the change was accepted; a refusal leaves nothing behind.</summary>
    public Task<SaveResult<T>> SaveAsync<T>(Func<ControlPlaneDb, Task<SaveResult<T>>> work, CancellationToken cancellationToken) where T : class =>
        RunAsync(work, static result => result.Ok, cancellationToken);

    public Task RunAsync(Func<ControlPlaneDb, Task> work, CancellationToken cancellationToken) =>
        RunAsync(async db => { await work(db); return true; }, cancellationToken);

    public void Dispose() => _sqliteWriter.Dispose();

    private async Task<T> RunAsync<T>(Func<ControlPlaneDb, Task<T>> work, Func<T, bool> commits, CancellationToken cancellationToken)
    {
        await using ControlPlaneDb probe = await contexts.CreateDbContextAsync(cancellationToken);
        bool sqlite = probe is SqliteControlPlaneDb;
        if (sqlite) await _sqliteWriter.WaitAsync(cancellationToken);
        try
        {
            for (int lost = 0; ; lost++)
            {
                try
                {
                    return await probe.Database.CreateExecutionStrategy().ExecuteAsync(
                        (work, commits), (state, ct) => OnceAsync(state.work, state.commits, ct), cancellationToken);
                }
                catch (DbUpdateException e) when (lost < MostLost && (e is DbUpdateConcurrencyException || probe.IsDuplicateKey(e)))
                {
                    // Somebody else was faster. Run again, the work sees what they wrote, and says so in its own words.
                }
            }
        }
        finally
        {
            if (sqlite) _sqliteWriter.Release();
        }
    }

    private async Task<T> OnceAsync<T>(Func<ControlPlaneDb, Task<T>> work, Func<T, bool> commits, CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        T result = await work(db);
        if (!commits(result)) return result;

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return result;
    }
}
