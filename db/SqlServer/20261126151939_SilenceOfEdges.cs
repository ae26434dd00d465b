using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ControlPlane.Db.SqlServer
{
    /// <inheritdoc />
    public partial class SilenceOfEdges : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "GoneBefore",
                table: "PlaneState",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "HearingSince",
                table: "PlaneState",
                type: "bigint",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "GoneBefore",
                table: "PlaneState");

            migrationBuilder.DropColumn(
                name: "HearingSince",
                table: "PlaneState");
        }
    }
}
