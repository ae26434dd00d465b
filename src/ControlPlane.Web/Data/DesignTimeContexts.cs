using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace ControlPlane.Web.Data;

/// <summary>For <c>dotnet ef</c>, which makes migrations and scripts without starting the product.</summary>
internal sealed class DesignTimeSqlite : IDesignTimeDbContextFactory<SqliteControlPlaneDb>
{
    public SqliteControlPlaneDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteControlPlaneDb>().UseSqlite("Data Source=:memory:").Options);
}

internal sealed class DesignTimeSqlServer : IDesignTimeDbContextFactory<SqlServerControlPlaneDb>
{
    public SqlServerControlPlaneDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqlServerControlPlaneDb>().UseSqlServer("Server=design-time").Options);
}
