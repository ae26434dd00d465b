using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ControlPlane.Db.Sqlite
{
    /// <inheritdoc />
    public partial class FeatureDelivery : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Delivery",
                table: "Features",
                type: "TEXT",
                maxLength: 32,
                nullable: false,
                defaultValue: "Immediate");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Delivery",
                table: "Features");
        }
    }
}
