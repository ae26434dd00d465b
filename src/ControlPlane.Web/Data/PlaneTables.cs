using ControlPlane.Web.Access;
using ControlPlane.Web.Audit;
using ControlPlane.Web.Edges;
using ControlPlane.Web.Jobs;
using ControlPlane.Web.Publishing;
using ControlPlane.Web.Secrets;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Web.Data;

/// <summary>Revisions, edges, secrets, people, audit, jobs.</summary>
internal static class PlaneTables
{
    public static void Map(ModelBuilder builder)
    {
        builder.Entity<Revision>(revision =>
        {
            revision.HasKey(r => r.Number);
            revision.Property(r => r.Number).ValueGeneratedNever();
        });
        builder.Entity<PlaneState>(state =>
        {
            state.HasKey(s => s.Id);
            state.Property(s => s.Id).ValueGeneratedNever();
        });
        builder.Entity<ManualIsolation>(isolation =>
        {
            isolation.ToTable("Isolations");
            isolation.HasKey(i => i.ModelEndpoint);
        });
        builder.Entity<StoredSecret>().ToTable("AccountSecrets").HasKey(s => new { s.Account, s.Version });
        builder.Entity<DataProtectionKey>().HasKey(k => k.FriendlyName);
        builder.Entity<EdgeNode>(edge =>
        {
            edge.ToTable("Edges");
            edge.HasKey(e => e.Id);
            edge.HasIndex(e => e.CredentialHash).IsUnique();
        });
        builder.Entity<EdgeReport>().HasKey(r => r.EdgeId);
        builder.Entity<EnrolmentToken>().HasKey(t => t.TokenHash);
        builder.Entity<EdgeOccurrence>(occurrence =>
        {
            occurrence.HasKey(o => o.Id);
            occurrence.Property(o => o.Id).ValueGeneratedNever();
            occurrence.HasIndex(o => o.At);
        });
        builder.Entity<AuditEntry>(entry =>
        {
            entry.ToTable("Audit");
            entry.HasKey(e => e.Sequence);
            entry.Property(e => e.Sequence).ValueGeneratedNever();
            entry.HasIndex(e => e.At);
            entry.HasIndex(e => new { e.ObjectKind, e.ObjectId });
        });
        builder.Entity<JobRun>().HasKey(r => r.Job);
        builder.Entity<SignUpLink>().HasKey(l => l.TokenHash);
        builder.Entity<Person>().ToTable("People");
    }
}
