using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ControlPlane.Db.SqlServer
{
    /// <inheritdoc />
    public partial class BoundSecrets : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "AccountSecrets",
                columns: table => new
                {
                    Account = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    Version = table.Column<long>(type: "bigint", nullable: false),
                    Destination = table.Column<string>(type: "nvarchar(700)", maxLength: 700, nullable: false),
                    WrappedKey = table.Column<byte[]>(type: "varbinary(max)", nullable: false),
                    Box = table.Column<byte[]>(type: "varbinary(max)", nullable: false),
                    Fields = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    Hint = table.Column<string>(type: "nvarchar(20)", maxLength: 20, nullable: false),
                    Fingerprint = table.Column<string>(type: "nvarchar(20)", maxLength: 20, nullable: false),
                    SetAt = table.Column<long>(type: "bigint", nullable: false),
                    SetBy = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    VoidedBecause = table.Column<string>(type: "nvarchar(800)", maxLength: 800, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AccountSecrets", x => new { x.Account, x.Version });
                });

            migrationBuilder.CreateTable(
                name: "RevokedKeys",
                columns: table => new
                {
                    Sha256 = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    RevokedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RevokedKeys", x => x.Sha256);
                });

            // A secret of before belongs to where its account points now; one whose account is gone belongs nowhere, and the next publish erases it.
            migrationBuilder.Sql(@"
                INSERT INTO [AccountSecrets] ([Account], [Version], [Destination], [WrappedKey], [Box], [Fields], [Hint], [Fingerprint], [SetAt], [SetBy], [VoidedBecause])
                SELECT s.[Id], s.[Version],
                    COALESCE(a.[Provider] + '/' + a.[CredentialKind] + ' at ' + CASE WHEN a.[Address] = '' THEN 'the cloud''s own address' ELSE a.[Address] END, ''),
                    s.[WrappedKey], s.[Box], s.[Fields], s.[Hint], s.[Fingerprint], s.[SetAt], s.[SetBy], s.[VoidedBecause]
                FROM [Secrets] s LEFT JOIN [ProviderAccounts] a ON a.[Id] = s.[Id];");

            migrationBuilder.Sql(@"
                INSERT INTO [RevokedKeys] ([Sha256], [RevokedAt])
                SELECT [Sha256], [RevokedAt] FROM [CallerKeys] WHERE [RevokedAt] IS NOT NULL;");

            migrationBuilder.DropTable(
                name: "Secrets");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Secrets",
                columns: table => new
                {
                    Id = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    Version = table.Column<long>(type: "bigint", nullable: false),
                    WrappedKey = table.Column<byte[]>(type: "varbinary(max)", nullable: false),
                    Box = table.Column<byte[]>(type: "varbinary(max)", nullable: false),
                    Fields = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    Hint = table.Column<string>(type: "nvarchar(20)", maxLength: 20, nullable: false),
                    Fingerprint = table.Column<string>(type: "nvarchar(20)", maxLength: 20, nullable: false),
                    SetAt = table.Column<long>(type: "bigint", nullable: false),
                    SetBy = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    VoidedBecause = table.Column<string>(type: "nvarchar(300)", maxLength: 300, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Secrets", x => x.Id);
                });

            migrationBuilder.Sql(@"
                INSERT INTO [Secrets] ([Id], [Version], [WrappedKey], [Box], [Fields], [Hint], [Fingerprint], [SetAt], [SetBy], [VoidedBecause])
                SELECT s.[Account], s.[Version], s.[WrappedKey], s.[Box], s.[Fields], s.[Hint], s.[Fingerprint], s.[SetAt], s.[SetBy], SUBSTRING(s.[VoidedBecause], 1, 300)
                FROM [AccountSecrets] s
                WHERE s.[Version] = (SELECT MAX(o.[Version]) FROM [AccountSecrets] o WHERE o.[Account] = s.[Account]);");

            migrationBuilder.DropTable(
                name: "AccountSecrets");

            migrationBuilder.DropTable(
                name: "RevokedKeys");
        }
    }
}
