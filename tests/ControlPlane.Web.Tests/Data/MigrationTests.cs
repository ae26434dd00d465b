using System.Runtime.CompilerServices;
using ControlPlane.Web.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace ControlPlane.Web.Tests.Data;

/// <summary>Model, migrations and reviewed scripts say the same, for both engines. Needs no server.</summary>
public sealed class MigrationTests
{
    [Fact]
    public void Model_OfSqlite_HasItsMigration()
    {
        using SqliteControlPlaneDb db = new DesignTimeSqlite().CreateDbContext([]);
        Assert.False(db.Database.HasPendingModelChanges(), "Run eng/make-db-scripts.sh NameOfTheChange");
    }

    [Fact]
    public void Model_OfSqlServer_HasItsMigration()
    {
        using SqlServerControlPlaneDb db = new DesignTimeSqlServer().CreateDbContext([]);
        Assert.False(db.Database.HasPendingModelChanges(), "Run eng/make-db-scripts.sh NameOfTheChange");
    }

    [Fact]
    public void Script_OfSqlite_EqualsTheMigrations()
    {
        using SqliteControlPlaneDb db = new DesignTimeSqlite().CreateDbContext([]);
        AssertScript("Sqlite/create.sql", db.GetService<IMigrator>().GenerateScript());
    }

    [Fact]
    public void Script_OfSqlServer_EqualsTheMigrations()
    {
        using SqlServerControlPlaneDb db = new DesignTimeSqlServer().CreateDbContext([]);
        AssertScript("SqlServer/upgrade.sql", db.GetService<IMigrator>().GenerateScript(options: MigrationsSqlGenerationOptions.Idempotent));
    }

    [Fact]
    public async Task Migrate_SqliteTwice_ChangesNothing()
    {
        await using Plane plane = await Plane.StartAsync();
        await using ControlPlaneDb db = plane.Db();
        await db.Database.MigrateAsync();
        Assert.Empty(await db.Database.GetPendingMigrationsAsync());
    }

    private static void AssertScript(string file, string made)
    {
        string kept = File.ReadAllText(Path.Combine(Root(), "db", file));
        Assert.Equal(Plain(made), Plain(kept));
    }

    private static string Plain(string sql) => sql.Replace("\r", "", StringComparison.Ordinal).TrimStart('\uFEFF').Trim();

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../..")); // a file has a folder
}
