using System.Text;
using System.Text.RegularExpressions;
using ControlPlane.Web.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace ControlPlane.Web.Tests.Data;

/// <summary>
/// Makes db/Sqlite/create.sql. SQLite has no conditional statements, and its ALTER knows no IF NOT EXISTS, so a script of migration steps could never
/// run twice. This one makes the newest tables where they are missing and books all migrations as done; on a database of an older version it
/// stops at its first insert: that one is migrated by starting the product.
/// </summary>
internal static partial class SqliteCreateScript
{
    public static string Make(SqliteControlPlaneDb db)
    {
        string[] migrations = [.. db.Database.GetMigrations()];
        string done = string.Join(", ", migrations.Select(m => $"'{m}'"));
        var script = new StringBuilder();
        script.AppendLine("-- For an empty database, and harmless on one of this version. Run it so that it stops at the first error (sqlite3 -bail).");
        script.AppendLine("BEGIN TRANSACTION;").AppendLine();
        script.AppendLine(db.GetService<IHistoryRepository>().GetCreateIfNotExistsScript().Trim()).AppendLine();
        script.AppendLine("CREATE TEMP TABLE \"ScriptFits\" (\"Fits\" INTEGER NOT NULL, CONSTRAINT \"older database: start the product, which migrates it\" CHECK (\"Fits\"));");
        script.AppendLine("INSERT INTO \"ScriptFits\" SELECT NOT EXISTS (SELECT 1 FROM \"__EFMigrationsHistory\")");
        script.AppendLine($"    OR (SELECT COUNT(*) FROM \"__EFMigrationsHistory\" WHERE \"MigrationId\" IN ({done})) = {migrations.Length};").AppendLine();
        script.AppendLine(Creates().Replace(db.Database.GenerateCreateScript().Trim(), "CREATE ${kind} IF NOT EXISTS ")).AppendLine();
        foreach (string migration in migrations)
            script.AppendLine($"INSERT OR IGNORE INTO \"__EFMigrationsHistory\" (\"MigrationId\", \"ProductVersion\") SELECT '{migration}', '{db.Model.GetProductVersion()}' FROM \"ScriptFits\";");
        script.AppendLine().AppendLine("DROP TABLE temp.\"ScriptFits\";").AppendLine("COMMIT;");
        return script.ToString();
    }

    [GeneratedRegex("^CREATE (?<kind>TABLE|INDEX|UNIQUE INDEX) ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Creates();
}
