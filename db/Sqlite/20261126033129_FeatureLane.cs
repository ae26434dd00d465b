using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ControlPlane.Db.Sqlite
{
    /// <inheritdoc />
    public partial class FeatureLane : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Lane",
                table: "Features",
                type: "TEXT",
                maxLength: 32,
                nullable: false,
                defaultValue: "Interactive");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Lane",
                table: "Features");
        }
    }
}
