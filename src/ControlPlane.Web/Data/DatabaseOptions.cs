namespace ControlPlane.Web.Data;

public enum DatabaseProvider { Sqlite, SqlServer }

public sealed class DatabaseOptions
{
    public const string Section = "Database";

    public DatabaseProvider Provider { get; set; }

    /// <summary>Empty with SQLite: <c>control-plane.db</c> in the data directory.</summary>
    public string ConnectionString { get; set; } = "";
}
