using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ControlPlane.Db.SqlServer
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
                    EdgeId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    HeardAt = table.Column<long>(type: "bigint", nullable: false),
                    Endpoints = table.Column<string>(type: "nvarchar(max)", nullable: false)
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
