using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ControlPlane.Db.Sqlite
{
    /// <inheritdoc />
    public partial class MonthlyBudgets : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "BudgetAction",
                table: "Features",
                type: "TEXT",
                maxLength: 32,
                nullable: false,
                defaultValue: "Warn");

            migrationBuilder.AddColumn<string>(
                name: "BudgetCurrency",
                table: "Features",
                type: "TEXT",
                maxLength: 3,
                nullable: false,
                defaultValue: "USD");

            migrationBuilder.AddColumn<long>(
                name: "BudgetMicros",
                table: "Features",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateTable(
                name: "EdgeSpends",
                columns: table => new
                {
                    Month = table.Column<int>(type: "INTEGER", nullable: false),
                    Feature = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Currency = table.Column<string>(type: "TEXT", maxLength: 3, nullable: false),
                    EdgeId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Micros = table.Column<long>(type: "INTEGER", nullable: false),
                    EstimatedMicros = table.Column<long>(type: "INTEGER", nullable: false),
                    Unpriced = table.Column<long>(type: "INTEGER", nullable: false),
                    UpTo = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_EdgeSpends", x => new { x.Month, x.Feature, x.Currency, x.EdgeId });
                });

            // What the month has cost so far: a budget that begins amid it counts from its first day.
            migrationBuilder.Sql(
                """
                INSERT INTO "EdgeSpends" ("Month", "Feature", "Currency", "EdgeId", "Micros", "EstimatedMicros", "Unpriced", "UpTo")
                SELECT CAST(strftime('%Y%m', 'now') AS INTEGER), "Feature", "Currency", '', SUM("CostMicros"), SUM("EstimatedCostMicros"), SUM("Unpriced"), 0
                FROM "AttemptRollups"
                WHERE "Step" = 'Day' AND "Feature" <> '' AND "Start" >= (CAST(strftime('%s', 'now', 'start of month') AS INTEGER) + 62135596800) * 10000000
                GROUP BY "Feature", "Currency";
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "EdgeSpends");

            migrationBuilder.DropColumn(
                name: "BudgetAction",
                table: "Features");

            migrationBuilder.DropColumn(
                name: "BudgetCurrency",
                table: "Features");

            migrationBuilder.DropColumn(
                name: "BudgetMicros",
                table: "Features");
        }
    }
}
