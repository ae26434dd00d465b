using ControlPlane.Web.Access;
using ControlPlane.Web.Bindings;
using ControlPlane.Web.Data;
using ControlPlane.Web.ModelEndpoints;
using ControlPlane.Web.ProviderAccounts;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Providers;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Tests.Data;

/// <summary>
/// The control plane without its pages, on a database of its own: SQLite in a temporary file, or a fresh database on the SQL Server that
/// TEST_SQLSERVER points to. Time is moved by hand.
/// </summary>
internal sealed class Plane : IAsyncDisposable
{
    public static readonly Actor Admin = new("u1", "Ada Admin", Role.Admin);
    public static readonly Actor Operator = new("u2", "Otto Operator", Role.Operator);
    public static readonly Actor Viewer = new("u3", "Vera Viewer", Role.Viewer);

    private readonly ServiceProvider _services;
    private readonly Action _cleanUp;

    private Plane(ServiceProvider services, string folder, Action cleanUp)
    {
        _services = services;
        Folder = folder;
        _cleanUp = cleanUp;
    }

    public string Folder { get; }
    public ManualTime Time => (ManualTime)Get<TimeProvider>();

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public IServiceProvider Services => _services;

    public ControlPlaneDb Db() => Get<IDbContextFactory<ControlPlaneDb>>().CreateDbContext();

    public static async Task<Plane> StartAsync(string? folder = null, Action<Dictionary<string, string?>>? settings = null, Action<IServiceCollection>? services = null)
    {
        Action cleanUp = () => { };
        if (folder is null)
        {
            folder = Directory.CreateTempSubdirectory("plane-").FullName;
            cleanUp = () => Directory.Delete(folder, recursive: true);
        }
        var values = new Dictionary<string, string?> { ["ControlPlane:DataDirectory"] = folder, ["ControlPlane:AllowedAddresses:0"] = "127.0.0.1:5300" };
        if (Environment.GetEnvironmentVariable("TEST_SQLSERVER") is { Length: > 0 } server)
        {
            var connection = new SqlConnectionStringBuilder(server) { InitialCatalog = "plane_" + Path.GetFileName(folder).Replace('-', '_') };
            values["Database:Provider"] = "SqlServer";
            values["Database:ConnectionString"] = connection.ConnectionString;
        }
        settings?.Invoke(values);
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        var collection = new ServiceCollection();
        collection.AddSingleton(configuration);
        collection.AddSingleton<TimeProvider>(new ManualTime());
        collection.AddLogging();
        services?.Invoke(collection);
        collection.AddControlPlaneServices(configuration);
        var plane = new Plane(collection.BuildServiceProvider(), folder, cleanUp);
        await ActivatorUtilities.CreateInstance<PlaneStart>(plane._services).StartAsync(CancellationToken.None);
        return plane;
    }

    /// <summary>Two clouds and one feature that uses both, with credentials: a draft that can be published.</summary>
    public async Task SeedAsync()
    {
        await Saved(Get<ProviderAccountStore>().SaveAsync(Admin, new ProviderAccountForm { Id = "azure-main", Provider = ProviderKind.AzureOpenAI, Address = "https://contoso.openai.azure.com", CredentialKind = CredentialKind.ApiKey }, default));
        await Saved(Get<ProviderAccountStore>().SaveAsync(Admin, new ProviderAccountForm { Id = "bedrock-main", Provider = ProviderKind.Bedrock, CredentialKind = CredentialKind.AwsKeys }, default));
        await Saved(Get<ProviderAccountStore>().SetSecretAsync(Admin, "azure-main", new Dictionary<string, string> { ["key"] = Canary }, default));
        await Saved(Get<ProviderAccountStore>().SetSecretAsync(Admin, "bedrock-main", new Dictionary<string, string> { ["accessKeyId"] = "AKIAEXAMPLEEXAMPLE", ["secretAccessKey"] = Canary }, default));
        await Saved(Get<ModelEndpointStore>().SaveAsync(Admin, new ModelEndpointForm { Id = "azure-gpt", Account = "azure-main", Region = "eastus2", Model = "gpt-4.1" }, default));
        await Saved(Get<ModelEndpointStore>().SaveAsync(Admin, new ModelEndpointForm { Id = "bedrock-nova", Account = "bedrock-main", Region = "us-east-1", Model = "amazon.nova-lite-v1:0" }, default));
        await Saved(Get<BindingStore>().SaveAsync(Admin, Recap(), default));
    }

    /// <summary>A secret value no other text contains; tests look for it where it must not be.</summary>
    public const string Canary = "canary-7Kq2-Zx81-Vb55-secret-9LmN";

    public static BindingForm Recap(long version = 0, int firstTokenMs = 1500) => new()
    {
        Name = "channel-recap",
        FirstTokenMs = firstTokenMs,
        Candidates =
        [
            new() { ModelEndpoint = "bedrock-nova", Tier = 1, Weight = 100 },
            new() { ModelEndpoint = "azure-gpt", Tier = 2, Weight = 100, Role = CandidateRole.Backup },
        ],
        Version = version,
    };

    public static async Task<T> Saved<T>(Task<SaveResult<T>> saving) where T : class
    {
        SaveResult<T> result = await saving;
        Assert.True(result.Ok, $"{result.Status}: {string.Join("; ", result.Problems.Select(p => $"{p.Path} {p.Message}"))}");
        return Assert.IsType<T>(result.Value);
    }

    public async ValueTask DisposeAsync()
    {
        await using (ControlPlaneDb db = Db())
        {
            if (db is SqlServerControlPlaneDb) await db.Database.EnsureDeletedAsync();
        }
        await _services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _cleanUp();
    }
}
