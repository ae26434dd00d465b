using ControlPlane.Web.Access;
using ControlPlane.Web.Audit;
using ControlPlane.Web.Bindings;
using ControlPlane.Web.Breakers;
using ControlPlane.Web.Budgets;
using ControlPlane.Web.Callers;
using ControlPlane.Web.Edges;
using ControlPlane.Web.Jobs;
using ControlPlane.Web.ModelEndpoints;
using ControlPlane.Web.Prices;
using ControlPlane.Web.ProviderAccounts;
using ControlPlane.Web.Publishing;
using ControlPlane.Web.Secrets;
using ControlPlane.Web.Usage;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Web.Data;

/// <summary>The one model of both engines; each has a derived context and migrations of its own.</summary>
internal abstract class ControlPlaneDb(DbContextOptions options) : IdentityUserContext<Person>(options)
{
    // The draft: rows as people edit them.
    public DbSet<ProviderAccount> ProviderAccounts => Set<ProviderAccount>();
    public DbSet<ModelEndpoint> ModelEndpoints => Set<ModelEndpoint>();
    public DbSet<BreakerPolicy> BreakerPolicies => Set<BreakerPolicy>();
    public DbSet<Feature> Features => Set<Feature>();
    public DbSet<BindingCandidate> Candidates => Set<BindingCandidate>();
    public DbSet<Caller> Callers => Set<Caller>();
    public DbSet<CallerKey> CallerKeys => Set<CallerKey>();
    public DbSet<Price> Prices => Set<Price>();

    // What is published, and what acts without publishing.
    public DbSet<Revision> Revisions => Set<Revision>();
    public DbSet<PlaneState> PlaneState => Set<PlaneState>();
    public DbSet<RevokedKey> RevokedKeys => Set<RevokedKey>();
    public DbSet<ManualIsolation> Isolations => Set<ManualIsolation>();
    public DbSet<StoredSecret> Secrets => Set<StoredSecret>();
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    public DbSet<EdgeNode> Edges => Set<EdgeNode>();
    public DbSet<EdgeReport> EdgeReports => Set<EdgeReport>();
    public DbSet<EnrolmentToken> EnrolmentTokens => Set<EnrolmentToken>();
    public DbSet<EdgeOccurrence> EdgeOccurrences => Set<EdgeOccurrence>();
    public DbSet<TransitionRow> Transitions => Set<TransitionRow>();

    // Telemetry: raw rows, then what pages read.
    public DbSet<RequestRow> Requests => Set<RequestRow>();
    public DbSet<AttemptRow> Attempts => Set<AttemptRow>();
    public DbSet<QuarantinedEvent> Quarantine => Set<QuarantinedEvent>();
    public DbSet<DirtyMark> DirtyMarks => Set<DirtyMark>();
    public DbSet<AttemptRollup> AttemptRollups => Set<AttemptRollup>();
    public DbSet<RequestRollup> RequestRollups => Set<RequestRollup>();
    public DbSet<EdgeSpend> EdgeSpends => Set<EdgeSpend>();

    public DbSet<AuditEntry> Audit => Set<AuditEntry>();
    public DbSet<JobRun> JobRuns => Set<JobRun>();
    public DbSet<SignUpLink> SignUpLinks => Set<SignUpLink>();

    /// <summary>Makes this transaction wait for every other audited write: the audit chain has one last row.</summary>
    public abstract Task SerialiseAuditAsync(CancellationToken cancellationToken);

    /// <summary>Whether a failed save means that the key is already there.</summary>
    public abstract bool IsDuplicateKey(DbUpdateException exception);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicks>();
        configurationBuilder.Properties<Enum>().HaveConversion<string>().HaveMaxLength(32);
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        ConfigurationTables.Map(builder);
        TelemetryTables.Map(builder);
        PlaneTables.Map(builder);
    }
}
