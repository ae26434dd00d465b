using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Web.Data;

internal sealed class SqliteControlPlaneDb(DbContextOptions<SqliteControlPlaneDb> options) : ControlPlaneDb(options)
{
    private const int UniqueViolation = 2067;
    private const int PrimaryKeyViolation = 1555;

    // Every write transaction begins IMMEDIATE, so it already waits for all others.
    public override Task SerialiseAuditAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override bool IsDuplicateKey(DbUpdateException exception) =>
        exception.InnerException is SqliteException { SqliteExtendedErrorCode: UniqueViolation or PrimaryKeyViolation };
}
