using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
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
using ControlPlane.Web.Requests;
using ControlPlane.Web.Secrets;
using ControlPlane.Web.Usage;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Snapshots;
using Routing.Core.Usage;

namespace ControlPlane.Web.Tests.Data;

/// <summary>
/// What pages read and stores write, in SQL Server's words, without a server: every command is made and none is sent, so that each query finds
/// nothing but the rows a test gives it.
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
            () => Get<EdgeStore>().ListAsync(default), () => Get<EdgeBoard>().LiveAsync(default), async () => await Get<EdgeBoard>().CountAsync(default), () => Get<IsolationStore>().ListAsync(default),
            () => Get<PeopleStore>().ListAsync(Plane.Admin, default), () => Get<PeopleStore>().InvitationsAsync(Plane.Admin, default),
            () => Get<JobRunStore>().ListAsync(default), () => Get<AuditStore>().VerifyAsync(default),
            () => Get<AuditStore>().PageAsync(new AuditFilter("edge", "edge-a", "Ada"), 0, 20, default),
            () => Get<UsageQueries>().EndpointsAsync(from, to, default), () => Get<UsageQueries>().FeaturesAsync(from, to, default),
            () => Get<UsageQueries>().EndpointSeriesAsync("e", from, to, TimeSpan.FromMinutes(1), default),
            () => Get<UsageQueries>().TotalsAsync(from, to, default), () => Get<UsageQueries>().TransitionsAsync("e", from, to, default),
            () => Get<ChangeFeed>().LatestAsync(from, 20, default),
            () => Get<RequestStore>().ListFacetsAsync(default), () => Get<RequestStore>().ListAsync(new RequestFilter { From = from, To = to }, null, 50, default),
            () => Get<RequestStore>().ListAsync(Narrow(from, to), null, 50, default),
            .. Enum.GetValues<CostGroup>().Select<CostGroup, Func<Task>>(g => () => Get<CostQueries>().ReadAsync(g, from, to, TimeSpan.FromMinutes(5), null, default)),
        ];

        await AssertAllTranslateAsync(commands, reads);

        T Get<T>() where T : notnull => services.GetRequiredService<T>();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Writes_OfEveryStore_Translate(bool exists)
    {
        var commands = new Unsent { Exists = exists };
        await using ServiceProvider services = Services(commands);
        DateTimeOffset now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var id = Guid.CreateVersion7(now);
        commands.Rows["DirtyMarks"] = Row(("Id", id), ("Start", 0L), ("Step", "Minute"));
        var edge = new EdgeIdentity("edge-a", "edge-a", []);
        var move = new BreakerTransition
        {
            Id = id, ModelEndpoint = "e", At = now, From = BreakerState.Closed, To = BreakerState.Open, SharePercent = 0, Cause = default, Sentence = "",
        };
        var call = new UsageEvent { Id = id, At = now, Attempts = [new AttemptRecord { Number = 1, ModelEndpoint = "e", StartedAt = now }] };
        const string Reason = "Back after the incident";
        Func<Task>[] writes =
        [
            () => Get<BindingStore>().SaveAsync(Plane.Admin, Plane.Recap(), default), () => Get<BindingStore>().DeleteAsync(Plane.Admin, "f", 1, default),
            () => Get<BreakerPolicyStore>().SaveAsync(Plane.Admin, new BreakerPolicyForm { Id = "b" }, default), () => Get<BreakerPolicyStore>().DeleteAsync(Plane.Admin, "b", 1, default),
            () => Get<CallerStore>().SaveAsync(Plane.Admin, new CallerForm { Id = "c", Features = ["*"] }, default), () => Get<CallerStore>().DeleteAsync(Plane.Admin, "c", 1, default),
            () => Get<CallerKeyStore>().CreateAsync(Plane.Admin, "c", default), () => Get<CallerKeyStore>().RotateAsync(Plane.Admin, id, TimeSpan.Zero, default),
            () => Get<CallerKeyStore>().RevokeAsync(Plane.Admin, id, "", default),
            () => Get<ModelEndpointStore>().SaveAsync(Plane.Admin, new ModelEndpointForm { Id = "e", Account = "a", Model = "m" }, default), () => Get<ModelEndpointStore>().DeleteAsync(Plane.Admin, "e", 1, default),
            () => Get<PriceStore>().AddAsync(Plane.Admin, new PriceForm { ModelEndpoint = "e", Currency = "USD" }, default), () => Get<PriceStore>().WithdrawAsync(Plane.Admin, id, default),
            () => Get<ProviderAccountStore>().SaveAsync(Plane.Admin, new ProviderAccountForm { Id = "a" }, default), () => Get<ProviderAccountStore>().DeleteAsync(Plane.Admin, "a", 1, default),
            () => Get<SecretStore>().SetAsync(Plane.Admin, "a", new Dictionary<string, string>(), default),
            () => Get<SnapshotPublisher>().PublishAsync(Plane.Admin, "", 0, default), () => Get<SnapshotPublisher>().RollBackAsync(Plane.Admin, 1, "", default),
            () => Get<SnapshotPublisher>().ConfirmLossesAsync(Plane.Admin, 1, "", default), () => Get<SnapshotPublisher>().ImportAsync(Plane.Admin, new RoutingSnapshot(), default),
            () => Get<EdgeStore>().RemoveAsync(Plane.Admin, "edge-a", "", default), () => Get<EdgeReports>().AppliedAsync(edge, new ApplyReport { Epoch = "", Revision = 1, Overlay = 1, At = now }, default),
            () => Get<EdgeReports>().HealthAsync(edge, new HealthReport { At = now, Transitions = [move] }, default),
            () => Get<IsolationStore>().IsolateAsync(Plane.Operator, "e", TimeSpan.FromMinutes(5), Reason, default),
            () => Get<IsolationStore>().ForceAsync(Plane.Operator, "e", 10, TimeSpan.FromMinutes(5), Reason, default), () => Get<IsolationStore>().ReleaseAsync(Plane.Operator, "e", "", default),
            () => Get<PeopleStore>().InviteAsync(Plane.Admin, "vera@example.com", Role.Viewer, default), () => Get<PeopleStore>().SetRoleAsync(Plane.Admin, "p", Role.Viewer, default),
            () => Get<SetupLink>().CreateIfNoUserAsync(default), () => Get<SignUp>().UseAsync("token", "ada", "a long enough password", default),
            () => Get<UsageIngest>().StoreAsync("edge-a", new UsageBatch([call]), default), () => Get<RollupJob>().RunAsync(default), () => Get<RetentionJob>().RunAsync(default),
        ];

        await AssertAllTranslateAsync(commands, writes);

        T Get<T>() where T : notnull => services.GetRequiredService<T>();
    }

    [Fact]
    public async Task FindAndPageOfRequests_RowIsThere_Translate()
    {
        var commands = new Unsent();
        var id = Guid.CreateVersion7(DateTimeOffset.UnixEpoch);
        commands.Rows["Requests"] = Row(
            ("Id", id), ("At", 0L), ("AttemptCount", 0), ("Caller", ""), ("Candidates", null), ("EdgeId", "edge-a"), ("FailedOver", false), ("Failure", null), ("Feature", "f"), ("FirstTokenMs", null),
            ("Minute", 0L), ("Outcome", "Answered"), ("Overlay", 0L), ("Probe", false), ("Revision", 1L), ("ServedBy", "e"), ("ShadowOf", null), ("Streamed", true), ("TotalMs", 0));
        await using ServiceProvider services = Services(commands);

        await services.GetRequiredService<RequestStore>().FindAsync(id, default);

        Assert.Equal(["Requests", "Attempts", "Revisions", "Transitions", "Edges", "Requests", "Attempts"], commands.Texts.Select(What)); // The last two are of its copies.
    }

    [Fact]
    public async Task EnrolAsync_GoodToken_IsReadAgainBehindTheLock()
    {
        var commands = new Unsent();
        commands.Rows["EnrolmentTokens"] = Row(
            ("TokenHash", EdgeTokens.Hash("t")), ("CreatedAt", 0L), ("CreatedBy", ""), ("EdgeId", ""), ("ExpiresAt", long.MaxValue / 4), ("Name", "edge-a"), ("UsedAt", null));
        await using ServiceProvider services = Services(commands);

        await Record.ExceptionAsync(() => services.GetRequiredService<EdgeStore>().EnrolAsync(new EnrolRequest("t", "x", [1]), default));

        Assert.Equal(["EnrolmentTokens", "lock", "EnrolmentTokens"], commands.Texts.Take(3).Select(What));
    }

    [Fact]
    public async Task UseAsync_GoodLink_IsReadAgainBehindTheLock()
    {
        var commands = new Unsent();
        commands.Rows["SignUpLinks"] = Row(
            ("TokenHash", "t"), ("CreatedAt", 0L), ("CreatedBy", ""), ("Email", ""), ("ExpiresAt", long.MaxValue / 4), ("Role", "Viewer"), ("UsedAt", null));
        await using ServiceProvider services = Services(commands);

        await Record.ExceptionAsync(() => services.GetRequiredService<SignUp>().UseAsync("t", "ada", "a long enough password", default));

        Assert.Equal(["SignUpLinks", "lock", "SignUpLinks"], commands.Texts.Take(3).Select(What));
    }

    private static string What(string command) =>
        command.Contains("sp_getapplock", StringComparison.Ordinal) ? "lock" : command[(command.IndexOf("FROM [", StringComparison.Ordinal) + 6)..].Split(']')[0];

    private static async Task AssertAllTranslateAsync(Unsent commands, IEnumerable<Func<Task>> uses)
    {
        foreach ((int index, Func<Task> use) in uses.Index())
        {
            int before = commands.Texts.Count;
            Exception? thrown = await Record.ExceptionAsync(use);
            // A number over nothing has no row to be read from, and a change of a row that is not there is lost; everything else does not translate.
            bool expected = thrown is null or DbUpdateConcurrencyException || thrown.Message.Contains("Sequence contains no elements", StringComparison.Ordinal);
            Assert.True(expected, $"{index}: {thrown}");
            Assert.True(commands.Texts.Count > before, $"{index}: no command was made");
        }
    }

    private static RequestFilter Narrow(DateTimeOffset from, DateTimeOffset to) => new()
    {
        From = from, To = to, Feature = "f", Caller = "c", ServedBy = "e", FailedOn = "e", Outcome = RequestOutcome.Failed, Failure = FailureKind.RateLimited,
        Id = RequestIdPrefix.Parse("0198f000"),
    };

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

    /// <summary>One row as a query of the whole entity reads it: by position.</summary>
    private static DataTable Row(params (string Name, object? Value)[] cells)
    {
        var table = new DataTable();
        foreach (var (name, value) in cells) table.Columns.Add(name, value?.GetType() ?? typeof(long));
        table.Rows.Add([.. cells.Select(c => c.Value)]);
        return table;
    }

    private sealed class Unsent : DbCommandInterceptor, IDbConnectionInterceptor, IDbTransactionInterceptor
    {
        private const int Columns = 100; // Answers are buffered for repetition, which counts the columns: more than any query has.

        /// <summary>What every question whether something exists is answered with.</summary>
        public bool Exists { get; init; }

        /// <summary>What a query of this table finds.</summary>
        public Dictionary<string, DataTable> Rows { get; } = new(StringComparer.Ordinal);

        public List<string> Texts { get; } = [];

        public ValueTask<InterceptionResult> ConnectionOpeningAsync(
            DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
            new(InterceptionResult.Suppress());

        public override InterceptionResult<DbCommand> CommandCreating(CommandCorrelatedEventData eventData, InterceptionResult<DbCommand> result) =>
            InterceptionResult<DbCommand>.SuppressWithResult(new Command());

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Texts.Add(command.CommandText);
            return new(InterceptionResult<DbDataReader>.SuppressWithResult(Answer(command.CommandText).CreateDataReader()));
        }

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            Texts.Add(command.CommandText);
            foreach (DbParameter output in command.Parameters.Cast<DbParameter>().Where(p => p.Direction == ParameterDirection.Output)) output.Value = 0;
            return new(InterceptionResult<int>.SuppressWithResult(1));
        }

        public ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
            DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result, CancellationToken cancellationToken = default) =>
            new(InterceptionResult<DbTransaction>.SuppressWithResult(new Transaction(connection)));

        public ValueTask<InterceptionResult> CreatingSavepointAsync(
            DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
            new(InterceptionResult.Suppress());

        public ValueTask<InterceptionResult> RollingBackToSavepointAsync(
            DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
            new(InterceptionResult.Suppress());

        private DataTable Answer(string command)
        {
            if (command.Contains("WHEN EXISTS", StringComparison.Ordinal) && !command.Contains("ORDER BY", StringComparison.Ordinal)) return Row(("", Exists));
            if (Rows.FirstOrDefault(r => command.Contains($"FROM [{r.Key}]", StringComparison.Ordinal)).Value is { } rows) return rows;
            var nothing = new DataTable();
            for (int i = 0; i < Columns; i++) nothing.Columns.Add();
            return nothing;
        }
    }

    /// <summary>Takes SQL Server's parameters and any transaction.</summary>
    private sealed class Command : DbCommand
    {
        private readonly SqlCommand _parameters = new();

        [AllowNull]
        public override string CommandText { get; set; } = "";
        public override int CommandTimeout { get; set; }
        public override CommandType CommandType { get; set; } = CommandType.Text;
        public override bool DesignTimeVisible { get; set; }
        public override UpdateRowSource UpdatedRowSource { get; set; }
        protected override DbConnection? DbConnection { get; set; }
        protected override DbParameterCollection DbParameterCollection => _parameters.Parameters;
        protected override DbTransaction? DbTransaction { get; set; }

        public override void Cancel() { }

        public override void Prepare() { }

        public override int ExecuteNonQuery() => throw Sent();

        public override object ExecuteScalar() => throw Sent();

        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => throw Sent();

        protected override DbParameter CreateDbParameter() => new SqlParameter();

        protected override void Dispose(bool disposing)
        {
            if (disposing) _parameters.Dispose();
            base.Dispose(disposing);
        }

        private static InvalidOperationException Sent() => new("A command would have been sent.");
    }

    private sealed class Transaction(DbConnection connection) : DbTransaction
    {
        public override IsolationLevel IsolationLevel => IsolationLevel.ReadCommitted;
        protected override DbConnection DbConnection => connection;

        public override void Commit() { }

        public override void Rollback() { }
    }
}
