using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Web.Data;

internal static class DatabaseSetup
{
    private const int SqlServerRetries = 4;

    public static void AddDatabase(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DatabaseOptions>().Bind(configuration.GetSection(DatabaseOptions.Section));
        services.AddOptions<PlaneOptions>().Bind(configuration.GetSection(PlaneOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        DatabaseOptions database = configuration.GetSection(DatabaseOptions.Section).Get<DatabaseOptions>() ?? new();
        PlaneOptions plane = configuration.GetSection(PlaneOptions.Section).Get<PlaneOptions>() ?? new();
        if (database.Provider == DatabaseProvider.SqlServer) AddSqlServer(services, database);
        else AddSqlite(services, database, plane);

        // For what asks for a context by scope: the identity stores.
        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<ControlPlaneDb>>().CreateDbContext());
        services.AddSingleton<WriteTransactions>();
        services.AddHostedService<PlaneStart>();
    }

    public static DbContextOptionsBuilder UseControlPlaneSqlite(this DbContextOptionsBuilder options, string connectionString) =>
        options.UseSqlite(connectionString).AddInterceptors(new SqlitePragmas());

    private static void AddSqlite(IServiceCollection services, DatabaseOptions database, PlaneOptions plane)
    {
        string connection = database.ConnectionString;
        if (connection.Length == 0)
        {
            string folder = Path.GetFullPath(plane.DataDirectory);
            Directory.CreateDirectory(folder);
            connection = $"Data Source={Path.Combine(folder, "control-plane.db")}";
        }
        services.AddDbContextFactory<SqliteControlPlaneDb>(options => options.UseControlPlaneSqlite(connection));
        services.AddSingleton<IDbContextFactory<ControlPlaneDb>, DbFactory<SqliteControlPlaneDb>>();
    }

    private static void AddSqlServer(IServiceCollection services, DatabaseOptions database)
    {
        if (database.ConnectionString.Length == 0) throw new InvalidOperationException("Database:ConnectionString is empty; SQL Server needs one.");
        services.AddDbContextFactory<SqlServerControlPlaneDb>(options =>
            options.UseSqlServer(database.ConnectionString, sql => sql.EnableRetryOnFailure(SqlServerRetries)));
        services.AddSingleton<IDbContextFactory<ControlPlaneDb>, DbFactory<SqlServerControlPlaneDb>>();
    }
}
