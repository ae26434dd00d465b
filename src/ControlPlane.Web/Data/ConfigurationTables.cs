using ControlPlane.Web.Bindings;
using ControlPlane.Web.Breakers;
using ControlPlane.Web.Callers;
using ControlPlane.Web.ModelEndpoints;
using ControlPlane.Web.Prices;
using ControlPlane.Web.ProviderAccounts;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Web.Data;

/// <summary>
/// The draft. References between its rows are checked by the snapshot validator, which explains them, and not by foreign keys:
/// an import or a roll-back replaces rows in any order.
/// </summary>
internal static class ConfigurationTables
{
    public static void Map(ModelBuilder builder)
    {
        builder.Entity<ProviderAccount>().HasKey(a => a.Id);
        builder.Entity<ModelEndpoint>().HasKey(e => e.Id);
        builder.Entity<BreakerPolicy>().HasKey(p => p.Id);
        builder.Entity<Feature>(feature =>
        {
            feature.HasKey(f => f.Name);
            feature.HasMany(f => f.Candidates).WithOne().HasForeignKey(c => c.Feature).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<BindingCandidate>(candidate =>
        {
            candidate.ToTable("Candidates");
            candidate.HasKey(c => new { c.Feature, c.Position });
        });
        builder.Entity<Caller>(caller =>
        {
            caller.HasKey(c => c.Id);
            caller.HasMany(c => c.Keys).WithOne().HasForeignKey(k => k.Caller).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<CallerKey>(key =>
        {
            key.ToTable("CallerKeys");
            key.HasKey(k => k.Id);
            key.Property(k => k.Id).ValueGeneratedNever();
            key.HasIndex(k => k.Sha256).IsUnique();
        });
        builder.Entity<RevokedKey>().HasKey(r => r.Sha256);
        builder.Entity<Price>(price =>
        {
            price.HasKey(p => p.Id);
            price.Property(p => p.Id).ValueGeneratedNever();
            price.HasIndex(p => new { p.ModelEndpoint, p.From }).IsUnique();
        });
    }
}
