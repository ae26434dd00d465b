using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ControlPlane.Db.SqlServer
{
    /// <inheritdoc />
    public partial class BindingChoices : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "RequestsPerMinute",
                table: "ModelEndpoints",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Residency",
                table: "ModelEndpoints",
                type: "nvarchar(32)",
                maxLength: 32,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<int>(
                name: "TokensPerMinute",
                table: "ModelEndpoints",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Affinity",
                table: "Features",
                type: "nvarchar(32)",
                maxLength: 32,
                nullable: false,
                defaultValue: "None");

            migrationBuilder.AddColumn<bool>(
                name: "FailOverOnContentFilter",
                table: "Features",
                type: "bit",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<int>(
                name: "HedgePercent",
                table: "Features",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "IdleMs",
                table: "Features",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "MaxCostMicros",
                table: "Features",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "Residency",
                table: "Features",
                type: "nvarchar(600)",
                maxLength: 600,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "Selection",
                table: "Features",
                type: "nvarchar(32)",
                maxLength: 32,
                nullable: false,
                defaultValue: "Weighted");

            migrationBuilder.AddColumn<int>(
                name: "WarmPercent",
                table: "Features",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "FirstTokenBaselinePercent",
                table: "BreakerPolicies",
                type: "int",
                nullable: false,
                defaultValue: 0);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "RequestsPerMinute",
                table: "ModelEndpoints");

            migrationBuilder.DropColumn(
                name: "Residency",
                table: "ModelEndpoints");

            migrationBuilder.DropColumn(
                name: "TokensPerMinute",
                table: "ModelEndpoints");

            migrationBuilder.DropColumn(
                name: "Affinity",
                table: "Features");

            migrationBuilder.DropColumn(
                name: "FailOverOnContentFilter",
                table: "Features");

            migrationBuilder.DropColumn(
                name: "HedgePercent",
                table: "Features");

            migrationBuilder.DropColumn(
                name: "IdleMs",
                table: "Features");

            migrationBuilder.DropColumn(
                name: "MaxCostMicros",
                table: "Features");

            migrationBuilder.DropColumn(
                name: "Residency",
                table: "Features");

            migrationBuilder.DropColumn(
                name: "Selection",
                table: "Features");

            migrationBuilder.DropColumn(
                name: "WarmPercent",
                table: "Features");

            migrationBuilder.DropColumn(
                name: "FirstTokenBaselinePercent",
                table: "BreakerPolicies");
        }
    }
}
