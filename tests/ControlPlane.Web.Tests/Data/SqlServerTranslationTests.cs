using System.Data;
using System.Data.Common;
using ControlPlane.Web.Access;
using ControlPlane.Web.Audit;
using ControlPlane.Web.Bindings;
using ControlPlane.Web.Breakers;
using ControlPlane.Web.Callers;
using ControlPlane.Web.Data;
using ControlPlane.Web.Edges;
using ControlPlane.Web.Insights;
using ControlPlane.Web.Jobs;
using ControlPlane.Web.ModelEndpoints;
using ControlPlane.Web.Prices;
using ControlPlane.Web.ProviderAccounts;
using ControlPlane.Web.Publishing;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ControlPlane.Web.Tests.Data;

/// <summary>
/// What pages read, in SQL Server's words, without a server: every command is made and none is sent, so that each query finds nothing.
/// Shows that it translates, not that a server likes it; that takes TEST_SQLSERVER.
/// </summary>
public sealed class SqlServerTranslationTests
{
    [Fact]
    public async Task Reads_OfEveryStore_Translate()
    {
        var commands = new Unsent();
        await using ServiceProvider services = Services(commands);
        (DateTimeOffset from, DateTimeOffset to) = (new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero), new(2026, 11, 24, 13, 0, 0, TimeSpan.Zero));
        Func<Task>[] reads =
        [
            () => Get<BindingStore>().ListAsync(default), () => Get<BindingStore>().FindAsync("f", default),
            () => Get<BreakerPolicyStore>().ListAsync(default), () => Get<BreakerPolicyStore>().FindAsync("b", default),
            () => Get<CallerStore>().ListAsync(default), () => Get<CallerStore>().FindAsync("c", default),
            () => Get<ModelEndpointStore>().ListAsync(default), () => Get<ModelEndpointStore>().FindAsync("e", default),
            () => Get<PriceStore>().ListAsync(default),
            () => Get<ProviderAccountStore>().ListAsync(default), () => Get<ProviderAccountStore>().FindAsync("a", default),
            () => Get<RevisionStore>().ListAsync(0, 20, default), () => Get<RevisionStore>().FindAsync(1, default), () => Get<RevisionStore>().DiffAsync(1, 2, default),
            () => Get<SnapshotPublisher>().StateAsync(default),
            () => Get<EdgeStore>().ListAsync(default), () => Get<EdgeBoard>().LiveAsync(default), () => Get<IsolationStore>().ListAsync(default),
            () => Get<PeopleStore>().ListAsync(Plane.Admin, default), () => Get<PeopleStore>().InvitationsAsync(Plane.Admin, default),
            () => Get<JobRunStore>().ListAsync(default), () => Get<AuditStore>().VerifyAsync(default),
            () => Get<AuditStore>().PageAsync(new AuditFilter("edge", "edge-a", "Ada"), 0, 20, default),
            () => Get<UsageQueries>().EndpointsAsync(from, to, default), () => Get<UsageQueries>().FeaturesAsync(from, to, default),
            () => Get<UsageQueries>().EndpointSeriesAsync("e", from, to, TimeSpan.FromMinutes(1), default),
            () => Get<UsageQueries>().TotalsAsync(from, to, default), () => Get<UsageQueries>().TransitionsAsync("e", from, to, default),
            () => Get<ChangeFeed>().LatestAsync(from, 20, default),
            .. Enum.GetValues<CostGroup>().Select<CostGroup, Func<Task>>(g => () => Get<CostQueries>().ReadAsync(g, from, to, TimeSpan.FromMinutes(5), null, default)),
        ];

        foreach (Func<Task> read in reads)
        {
            int before = commands.Made;
            Exception? thrown = await Record.ExceptionAsync(read);
            // A number over nothing has no row to be read from; everything else is a query that does not translate.
            Assert.True(thrown is null || thrown.Message.Contains("Sequence contains no elements", StringComparison.Ordinal), thrown?.ToString());
            Assert.True(commands.Made > before, "no command was made");
        }

        T Get<T>() where T : notnull => services.GetRequiredService<T>();
    }

    private static ServiceProvider Services(Unsent commands)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:Provider"] = "SqlServer", ["Database:ConnectionString"] = "Server=nowhere",
        }).Build();
        var services = new ServiceCollection();
        services.AddSingleton(configuration);
        services.AddSingleton<TimeProvider>(new ManualTime());
        services.AddLogging();
        services.AddControlPlaneServices(configuration);
        services.AddAccess(configuration);
        services.ConfigureDbContext<SqlServerControlPlaneDb>(options => options.AddInterceptors(commands));
        return services.BuildServiceProvider();
    }

    private sealed class Unsent : DbCommandInterceptor, IDbConnectionInterceptor
    {
        private const int Columns = 100; // Answers are buffered for repetition, which counts the columns: more than any query has.

        public int Made { get; private set; }

        public ValueTask<InterceptionResult> ConnectionOpeningAsync(
            DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
            new(InterceptionResult.Suppress());

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Made++;
            return new(InterceptionResult<DbDataReader>.SuppressWithResult(Nothing()));
        }

        private static DataTableReader Nothing()
        {
            var table = new DataTable();
            for (int i = 0; i < Columns; i++) table.Columns.Add();
            return table.CreateDataReader();
        }
    }
}
