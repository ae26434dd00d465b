using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ControlPlane.Db.Sqlite
{
    /// <inheritdoc />
    public partial class SharedEdgeHealth : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "EdgeReports",
                columns: table => new
                {
                    EdgeId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    HeardAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Endpoints = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_EdgeReports", x => x.EdgeId);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "EdgeReports");
        }
    }
}
