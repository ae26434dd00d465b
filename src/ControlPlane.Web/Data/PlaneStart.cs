using System.Security.Cryptography;
using ControlPlane.Web.Publishing;
using ControlPlane.Web.Secrets;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Web.Data;

/// <summary>Runs before the server listens: tables, the row of facts, the key-encryption key, the signing key.</summary>
internal sealed partial class PlaneStart(
    IDbContextFactory<ControlPlaneDb> contexts, Vault vault, KeyEncryptionKey kek, EnvelopeSigner signer, TimeProvider time, ILogger<PlaneStart> logger) : IHostedService
{
    private const int DatabaseNotOpen = 4060;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await MigrateAsync(cancellationToken);
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        PlaneState? state = await db.PlaneState.SingleOrDefaultAsync(cancellationToken);
        state ??= db.PlaneState.Add(new PlaneState { Epoch = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)) }).Entity;
        OpenVault(state);
        if (!vault.IsSealed) signer.EnsureKey(state);
        await db.SaveChangesAsync(cancellationToken);
        signer.Load(state);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void OpenVault(PlaneState state)
    {
        // Only an installation without secrets may make a key: a lost one must be noticed, not replaced.
        if (state.KekFingerprint.Length == 0) kek.CreateFileIfMissing();
        (byte[]? key, string problem) = kek.Read();
        if (key is not null && state.KekFingerprint.Length == 0) state.KekFingerprint = Vault.FingerprintOf(key);
        if (key is not null && state.KekFingerprint != Vault.FingerprintOf(key))
            (key, problem) = (null, "The key-encryption key is not the one this database was made with. Give the right one and restart.");
        if (key is null)
        {
            vault.Seal(problem);
            Sealed(problem);
            return;
        }
        vault.Open(key);
    }

    // A fresh SQL Server answers "cannot open database" for a while after it accepts connections.
    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset until = time.GetUtcNow() + LongestWait;
        while (true)
        {
            try
            {
                await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
                await db.Database.MigrateAsync(cancellationToken);
                return;
            }
            catch (SqlException e) when (e.Number == DatabaseNotOpen && time.GetUtcNow() < until)
            {
                NotOpenYet();
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Sealed: {Reason} Signing in works; no credential is read and no envelope is made.")]
    private partial void Sealed(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database cannot be opened yet; trying again.")]
    private partial void NotOpenYet();
}
