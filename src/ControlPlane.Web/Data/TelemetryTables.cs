using ControlPlane.Web.Budgets;
using ControlPlane.Web.Usage;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Web.Data;

internal static class TelemetryTables
{
    public static void Map(ModelBuilder builder)
    {
        builder.Entity<RequestRow>(request =>
        {
            request.ToTable("Requests");
            request.HasKey(r => r.Id);
            request.Property(r => r.Id).ValueGeneratedNever();
            request.HasIndex(r => r.Minute);

            // The list of requests, newest first. What went wrong is rare: its indexes hold only that, and cost an ordinary row nothing.
            request.HasIndex(r => new { r.At, r.Id });
            request.HasIndex(r => new { r.Feature, r.At });
            request.HasIndex(r => new { r.Caller, r.At });
            request.HasIndex(r => new { r.ServedBy, r.At });
            request.HasIndex(r => new { r.Outcome, r.At }).HasFilter("\"Outcome\" <> 'Answered'");
            request.HasIndex(r => new { r.Failure, r.At }).HasFilter("\"Failure\" IS NOT NULL");
            request.HasIndex(r => r.ShadowOf).HasFilter("\"ShadowOf\" IS NOT NULL");
        });
        builder.Entity<AttemptRow>(attempt =>
        {
            attempt.ToTable("Attempts");
            attempt.HasKey(a => new { a.RequestId, a.Number });
            attempt.HasIndex(a => a.Minute);
            attempt.HasIndex(a => new { a.ModelEndpoint, a.StartedAt }).HasFilter("\"Failure\" IS NOT NULL");
        });
        builder.Entity<QuarantinedEvent>(quarantined =>
        {
            quarantined.ToTable("Quarantine");
            quarantined.HasKey(q => q.Id);
            quarantined.Property(q => q.Id).ValueGeneratedNever();
            quarantined.HasIndex(q => q.ReceivedAt);
        });
        builder.Entity<DirtyMark>(mark =>
        {
            mark.HasKey(m => m.Id);
            mark.Property(m => m.Id).ValueGeneratedNever();
        });
        builder.Entity<AttemptRollup>(rollup =>
        {
            rollup.ToTable("AttemptRollups");
            rollup.HasKey(r => new { r.Step, r.Start, r.Feature, r.ModelEndpoint, r.Cause, r.Currency });
        });
        builder.Entity<RequestRollup>(rollup =>
        {
            rollup.ToTable("RequestRollups");
            rollup.HasKey(r => new { r.Step, r.Start, r.Feature, r.ServedBy });
        });
        builder.Entity<EdgeSpend>().HasKey(s => new { s.Month, s.Feature, s.Currency, s.EdgeId });
        builder.Entity<TransitionRow>(transition =>
        {
            transition.ToTable("Transitions");
            transition.HasKey(t => t.Id);
            transition.Property(t => t.Id).ValueGeneratedNever();
            transition.HasIndex(t => new { t.ModelEndpoint, t.At });
            transition.HasIndex(t => t.At);
        });
    }
}
