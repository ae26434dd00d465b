using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ControlPlane.Db.SqlServer
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
                type: "nvarchar(32)",
                maxLength: 32,
                nullable: false,
                defaultValue: "Warn");

            migrationBuilder.AddColumn<string>(
                name: "BudgetCurrency",
                table: "Features",
                type: "nvarchar(3)",
                maxLength: 3,
                nullable: false,
                defaultValue: "USD");

            migrationBuilder.AddColumn<long>(
                name: "BudgetMicros",
                table: "Features",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateTable(
                name: "EdgeSpends",
                columns: table => new
                {
                    Month = table.Column<int>(type: "int", nullable: false),
                    Feature = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    Currency = table.Column<string>(type: "nvarchar(3)", maxLength: 3, nullable: false),
                    EdgeId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    Micros = table.Column<long>(type: "bigint", nullable: false),
                    EstimatedMicros = table.Column<long>(type: "bigint", nullable: false),
                    Unpriced = table.Column<long>(type: "bigint", nullable: false),
                    UpTo = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_EdgeSpends", x => new { x.Month, x.Feature, x.Currency, x.EdgeId });
                });

            // What the month has cost so far: a budget that begins amid it counts from its first day.
            migrationBuilder.Sql(
                """
                INSERT INTO [EdgeSpends] ([Month], [Feature], [Currency], [EdgeId], [Micros], [EstimatedMicros], [Unpriced], [UpTo])
                SELECT YEAR(SYSUTCDATETIME()) * 100 + MONTH(SYSUTCDATETIME()), [Feature], [Currency], N'', SUM([CostMicros]), SUM([EstimatedCostMicros]), SUM([Unpriced]), 0
                FROM [AttemptRollups]
                WHERE [Step] = N'Day' AND [Feature] <> N'' AND [Start] >= DATEDIFF_BIG(second, CAST('0001-01-01' AS datetime2), CAST(DATEFROMPARTS(YEAR(SYSUTCDATETIME()), MONTH(SYSUTCDATETIME()), 1) AS datetime2)) * CAST(10000000 AS bigint)
                GROUP BY [Feature], [Currency];
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
