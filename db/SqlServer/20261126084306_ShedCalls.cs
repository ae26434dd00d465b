using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ControlPlane.Db.SqlServer
{
    /// <inheritdoc />
    public partial class ShedCalls : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "ShedBatch",
                table: "EdgeReports",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ShedInteractive",
                table: "EdgeReports",
                type: "bigint",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "ShedBatch",
                table: "EdgeReports");

            migrationBuilder.DropColumn(
                name: "ShedInteractive",
                table: "EdgeReports");
        }
    }
}
