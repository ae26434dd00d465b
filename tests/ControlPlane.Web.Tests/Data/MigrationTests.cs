using System.Data.Common;
using System.Runtime.CompilerServices;
using ControlPlane.Web.Bindings;
using ControlPlane.Web.Budgets;
using ControlPlane.Web.Data;
using ControlPlane.Web.ModelEndpoints;
using ControlPlane.Web.Secrets;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Routing.Core.Budgets;
using Routing.Core.Providers;
using Routing.Core.Snapshots;

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
        AssertScript("Sqlite/create.sql", SqliteCreateScript.Make(db));
    }

    [Fact]
    public async Task Script_OfSqlite_RunTwice_MakesTheTablesOfTheMigrationsAndKeepsWhatIsInThem()
    {
        await using Plane migrated = await Plane.StartAsync(settings: Sqlite);
        await using SqliteControlPlaneDb byScript = Empty();
        string script = await File.ReadAllTextAsync(PathOf("Sqlite/create.sql"));

        await ExecuteAsync(byScript, script);
        await ExecuteAsync(byScript, "INSERT INTO \"SignUpLinks\" (\"TokenHash\", \"Role\", \"Email\", \"CreatedAt\", \"ExpiresAt\", \"CreatedBy\") VALUES ('kept', 'Viewer', '', 1, 1, '')");
        await ExecuteAsync(byScript, script);

        await using (ControlPlaneDb db = migrated.Db()) Assert.Equal(await SchemaAsync(db), await SchemaAsync(byScript));
        Assert.Empty(await byScript.Database.GetPendingMigrationsAsync());
        await byScript.Database.MigrateAsync();
        Assert.Equal("kept", (await byScript.SignUpLinks.SingleAsync()).TokenHash);
    }

    [Fact]
    public async Task Script_OfSqlite_OnAnOlderDatabase_IsRefusedAndTheProductMigratesIt()
    {
        await using SqliteControlPlaneDb older = Empty();
        await older.GetService<IMigrator>().MigrateAsync(older.Database.GetMigrations().First());
        string before = await SchemaAsync(older);

        SqliteException refused = await Assert.ThrowsAsync<SqliteException>(async () => await ExecuteAsync(older, await File.ReadAllTextAsync(PathOf("Sqlite/create.sql"))));
        await ExecuteAsync(older, "ROLLBACK");

        Assert.Contains("start the product", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, await SchemaAsync(older));
        await older.Database.MigrateAsync();
        Assert.Empty(await older.Database.GetPendingMigrationsAsync());
    }

    [Fact]
    public void Script_OfSqlServer_EqualsTheMigrations()
    {
        using SqlServerControlPlaneDb db = new DesignTimeSqlServer().CreateDbContext([]);
        AssertScript("SqlServer/upgrade.sql", db.GetService<IMigrator>().GenerateScript(options: MigrationsSqlGenerationOptions.Idempotent));
    }

    [Fact]
    public async Task Migrate_EndpointOfAnOlderDatabase_GoesByItsNameAndHasNoQuirks()
    {
        await using SqliteControlPlaneDb db = Empty();
        await db.GetService<IMigrator>().MigrateAsync(db.Database.GetMigrations().First());
        await ExecuteAsync(db, "INSERT INTO \"ModelEndpoints\" VALUES ('e', '', 'a', '', 'm', 'OnDemand', '', 0, 1, '', 1, 1, 0, '')");
        await db.Database.MigrateAsync();

        ModelEndpoint endpoint = await db.ModelEndpoints.SingleAsync();
        Assert.Equal((ModelFamily.Auto, ""), (endpoint.Family, endpoint.Quirks));
    }

    [Fact]
    public async Task Migrate_FeatureOfAnOlderDatabase_IsDeliveredAsBefore()
    {
        await using SqliteControlPlaneDb db = Empty();
        await db.GetService<IMigrator>().MigrateAsync(db.Database.GetMigrations().First());
        await ExecuteAsync(db, """
            INSERT INTO "Features" ("Name", "Owner", "Description", "FirstTokenMs", "TotalMs", "MaxAttempts", "SloFirstTokenMs", "Version", "UpdatedAt", "UpdatedBy")
            VALUES ('f', '', '', 1000, 2000, 3, 0, 1, 0, '')
            """);
        await db.Database.MigrateAsync();

        Feature feature = await db.Features.SingleAsync();
        Assert.Equal((DeliveryMode.Immediate, RequestLane.Interactive), (feature.Delivery, feature.Lane));
        Assert.Equal((SelectionStrategy.Weighted, AffinityMode.None, ""), (feature.Selection, feature.Affinity, feature.Residency));
        Assert.Equal((0, "USD", BudgetAction.Warn), (feature.BudgetMicros, feature.BudgetCurrency, feature.BudgetAction));
    }

    [Fact]
    public async Task Migrate_FeatureThatHasSpentThisMonth_HasNoBudgetAndItsSpendingIsKnown()
    {
        await using SqliteControlPlaneDb db = Empty();
        await db.GetService<IMigrator>().MigrateAsync(db.Database.GetMigrations().Last(m => m.EndsWith("_ShedCalls", StringComparison.Ordinal)));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        DateTimeOffset month = BudgetMonth.Start(BudgetMonth.Of(now));
        foreach ((string step, DateTimeOffset start, string feature, int micros) in new[] { ("Day", month, "f", 40), ("Day", month, "g", 8), ("Hour", month, "f", 40), ("Day", month.AddDays(-1), "f", 1000), ("Day", month, "", 500) })
        {
            await ExecuteAsync(db, $"""
                INSERT INTO "AttemptRollups" ("Step", "Start", "Feature", "ModelEndpoint", "Cause", "Currency", "Attempts", "Answered", "Failed", "Interrupted", "Cancelled", "Failures",
                    "InputTokens", "CacheReadTokens", "CacheWriteTokens", "OutputTokens", "ReasoningTokens", "CostMicros", "EstimatedCostMicros", "Unpriced", "FirstToken", "Duration")
                VALUES ('{step}', {start.UtcTicks}, '{feature}', 'e', 'Primary', 'USD', 1, 1, 0, 0, 0, '', 1, 0, 0, 1, 0, {micros}, 3, 2, x'', x'')
                """);
        }

        await db.Database.MigrateAsync();

        List<EdgeSpend> spends = await db.EdgeSpends.OrderBy(s => s.Feature).ToListAsync();
        Assert.Equal([("f", 40, 3, 2), ("g", 8, 3, 2)], spends.Select(s => (s.Feature, s.Micros, s.EstimatedMicros, s.Unpriced)));
        Assert.All(spends, s => Assert.Equal((BudgetMonth.Of(now), "USD", "", 0), (s.Month, s.Currency, s.EdgeId, s.UpTo)));
    }

    [Fact]
    public async Task Migrate_RequestOfAnOlderDatabase_HasNoDecisionKept()
    {
        await using SqliteControlPlaneDb db = Empty();
        await db.GetService<IMigrator>().MigrateAsync(db.Database.GetMigrations().First());
        await ExecuteAsync(db, """
            INSERT INTO "Requests" ("Id", "At", "Minute", "EdgeId", "Caller", "Feature", "Revision", "Overlay", "Streamed", "Probe", "Outcome", "ServedBy", "TotalMs", "AttemptCount")
            VALUES ('0198F000-0000-7000-8000-000000000001', 0, 0, 'edge', 'c', 'f', 1, 0, 1, 0, 'Answered', 'e', 5, 1)
            """);
        await db.Database.MigrateAsync();

        Assert.Null((await db.Requests.SingleAsync()).Candidates);
    }

    [Fact]
    public async Task Migrate_SecretsAndRevokedKeysOfAnOlderDatabase_KeepWhatTheyAreFor()
    {
        await using SqliteControlPlaneDb db = Empty();
        await db.GetService<IMigrator>().MigrateAsync(db.Database.GetMigrations().Last(m => m.EndsWith("_EndpointQuirks", StringComparison.Ordinal)));
        await ExecuteAsync(db, """
            INSERT INTO "ProviderAccounts" ("Id", "Name", "Provider", "Address", "Project", "ApiVersion", "CredentialKind", "References", "Federation", "Version", "UpdatedAt", "UpdatedBy")
            VALUES ('azure', '', 'AzureOpenAI', 'https://a.example', '', '', 'ApiKey', '', '', 1, 0, ''), ('aws', '', 'Bedrock', '', '', '', 'AwsKeys', '', '', 1, 0, '');
            INSERT INTO "Secrets" VALUES ('azure', 3, x'01', x'02', 'key', '', '', 0, '', ''), ('aws', 1, x'01', x'02', 'key', '', '', 0, '', ''), ('gone', 1, x'01', x'02', 'key', '', '', 0, '', '');
            INSERT INTO "Callers" ("Id", "Name", "Features", "Version", "UpdatedAt", "UpdatedBy") VALUES ('c', '', '[]', 1, 0, '');
            INSERT INTO "CallerKeys" ("Id", "Caller", "Prefix", "Sha256", "CreatedAt", "CreatedBy", "ExpiresAt", "RevokedAt", "RevokedBy")
            VALUES ('1', 'c', '', 'bad', 0, '', NULL, 5, ''), ('2', 'c', '', 'good', 0, '', NULL, NULL, '');
            """);
        await db.Database.MigrateAsync();

        Dictionary<string, string> destinations = await db.Secrets.ToDictionaryAsync(s => s.Account, s => s.Destination);
        Assert.Equal(SecretDestination.Of(await db.ProviderAccounts.SingleAsync(a => a.Id == "azure")), destinations["azure"]);
        Assert.Equal(SecretDestination.Of(await db.ProviderAccounts.SingleAsync(a => a.Id == "aws")), destinations["aws"]);
        Assert.Equal("", destinations["gone"]);
        Assert.Equal("bad", (await db.RevokedKeys.SingleAsync()).Sha256);
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
        if (Environment.GetEnvironmentVariable("WRITE_DB_SCRIPTS") == "1") File.WriteAllText(PathOf(file), Plain(made) + "\n");
        string kept = File.ReadAllText(PathOf(file));
        Assert.Equal(Plain(made), Plain(kept));
    }

    private static void Sqlite(Dictionary<string, string?> settings) => (settings["Database:Provider"], settings["Database:ConnectionString"]) = ("Sqlite", "");

    /// <summary>In memory, for as long as its connection is open.</summary>
    private static SqliteControlPlaneDb Empty()
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        return new SqliteControlPlaneDb(new DbContextOptionsBuilder<SqliteControlPlaneDb>().UseSqlite(connection, contextOwnsConnection: true).Options);
    }

    private static async Task ExecuteAsync(ControlPlaneDb db, string sql)
    {
        await using DbCommand command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Every column and index, without the order of columns: a later migration adds at the end.</summary>
    private static async Task<string> SchemaAsync(ControlPlaneDb db)
    {
        List<string> lines = await db.Database.SqlQueryRaw<string>("""
            SELECT m.name || '.' || c.name || ' ' || c.type || ' ' || c."notnull" || ' ' || c.pk AS Value
            FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE '%Lock'
            UNION ALL
            SELECT m.tbl_name || ' index ' || m.name || ' ' || i.seqno || ' ' || i.name AS Value
            FROM sqlite_master m JOIN pragma_index_info(m.name) i WHERE m.type = 'index'
            """).ToListAsync();
        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }

    private static string PathOf(string file) => Path.Combine(Root(), "db", file);

    private static string Plain(string sql) => sql.Replace("\r", "", StringComparison.Ordinal).TrimStart('\uFEFF').Trim();

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../..")); // a file has a folder
}
