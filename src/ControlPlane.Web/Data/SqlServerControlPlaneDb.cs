using System.Data;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Web.Data;

internal sealed class SqlServerControlPlaneDb(DbContextOptions<SqlServerControlPlaneDb> options) : ControlPlaneDb(options)
{
    private const int DuplicateKeyRow = 2601;
    private const int UniqueViolation = 2627;

    public override async Task SerialiseAuditAsync(CancellationToken cancellationToken)
    {
        var result = new SqlParameter("@result", SqlDbType.Int) { Direction = ParameterDirection.Output };
        await Database.ExecuteSqlRawAsync(
            "EXEC @result = sp_getapplock @Resource = 'control-plane-audit', @LockMode = 'Exclusive', @LockOwner = 'Transaction', @LockTimeout = 15000",
            [result], cancellationToken);
        if ((int)result.Value < 0) throw new TimeoutException("Another change is still being written after 15 s. Nothing was changed; try again.");
    }

    public override bool IsDuplicateKey(DbUpdateException exception) =>
        exception.InnerException is SqlException { Number: DuplicateKeyRow or UniqueViolation };
}
