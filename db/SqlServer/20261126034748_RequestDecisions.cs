using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ControlPlane.Db.SqlServer
{
    /// <inheritdoc />
    public partial class RequestDecisions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Candidates",
                table: "Requests",
                type: "nvarchar(max)",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_Requests_At_Id",
                table: "Requests",
                columns: new[] { "At", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Requests_Caller_At",
                table: "Requests",
                columns: new[] { "Caller", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_Requests_Failure_At",
                table: "Requests",
                columns: new[] { "Failure", "At" },
                filter: "\"Failure\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Requests_Feature_At",
                table: "Requests",
                columns: new[] { "Feature", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_Requests_Outcome_At",
                table: "Requests",
                columns: new[] { "Outcome", "At" },
                filter: "\"Outcome\" <> 'Answered'");

            migrationBuilder.CreateIndex(
                name: "IX_Requests_ServedBy_At",
                table: "Requests",
                columns: new[] { "ServedBy", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_Attempts_ModelEndpoint_StartedAt",
                table: "Attempts",
                columns: new[] { "ModelEndpoint", "StartedAt" },
                filter: "\"Failure\" IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Requests_At_Id",
                table: "Requests");

            migrationBuilder.DropIndex(
                name: "IX_Requests_Caller_At",
                table: "Requests");

            migrationBuilder.DropIndex(
                name: "IX_Requests_Failure_At",
                table: "Requests");

            migrationBuilder.DropIndex(
                name: "IX_Requests_Feature_At",
                table: "Requests");

            migrationBuilder.DropIndex(
                name: "IX_Requests_Outcome_At",
                table: "Requests");

            migrationBuilder.DropIndex(
                name: "IX_Requests_ServedBy_At",
                table: "Requests");

            migrationBuilder.DropIndex(
                name: "IX_Attempts_ModelEndpoint_StartedAt",
                table: "Attempts");

            migrationBuilder.DropColumn(
                name: "Candidates",
                table: "Requests");
        }
    }
}
